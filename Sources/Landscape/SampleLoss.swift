import LinearAlgebra
import Networks

/// The loss of a set of samples at one point, in float64.
package struct LossValue: Sendable, Equatable {
    /// F.
    package let loss: Double
    /// By how much rounding moves it, about.
    package let error: Double
    /// Share of samples that are given their class; nil for real targets.
    package let accuracy: Double?
}

/// F as a function of the weights over fixed samples, with what rounding does to it.
package final class SampleLoss {
    private let function: TrainedFunction<Double>
    private let objective: Objective
    private let x: MatrixBuffer<Double>
    private let y: MatrixBuffer<Double>
    private let labels: [Int]?
    private let slopes: MatrixBuffer<Double>

    /// - Parameters:
    ///   - x: inputs [n, d], y: targets [n, K].
    ///   - labels: class of each sample; nil for real targets.
    package init(
        _ function: TrainedFunction<Double>, _ objective: Objective, _ x: MatrixBuffer<Double>,
        _ y: MatrixBuffer<Double>, labels: [Int]?
    ) {
        (self.function, self.objective, self.x, self.y, self.labels) = (function, objective, x, y, labels)
        slopes = MatrixBuffer(function.workspace.capacity, y.columns)
    }

    /// F(w), with its error ε Σ|∂F/∂f| + ½ ε² n K c + 4 √(nK) u F, for outputs that are off by ε = 4 √k u max|f|.
    ///
    /// k counts the roundings on the longest chain, the fan-ins of all layers; they add up like a random walk, and 4 is a
    /// margin. c is the weight of one sample. An estimate, not a bound. Cost: a forward pass over the samples.
    package func value(at w: ParameterVector<Double>) -> LossValue {
        let weight = objective.weight(samples: x.rows)
        var (correct, slope, largest) = (0, 0.0, 0.0)
        let loss = function.loss(objective, w, x, y) { first, rows in
            let outputs = y.columns
            objective.gradient(
                function.outputs, y.base + first * outputs, rows: rows, outputs: outputs, scale: weight,
                into: slopes.base)
            for k in 0..<(rows * outputs) {
                slope += abs(slopes.base[k])
                largest = max(largest, abs(function.outputs[k]))
            }
            if let labels {
                for r in 0..<rows where function.predictedClass(row: r) == labels[first + r] { correct += 1 }
            }
        }
        // An output that is no number leaves no trace in a maximum.
        if !slope.isFinite { largest = .infinity }
        let off = 4 * roundings.squareRoot() * Double.ulpOfOne * largest
        let count = Double(y.count)
        let error =
            off * slope + 0.5 * off * off * count * weight + 4 * count.squareRoot() * Double.ulpOfOne * abs(loss)
        return LossValue(
            loss: loss, error: error, accuracy: labels.map { Double(correct) / Double(max($0.count, 1)) })
    }

    private var roundings: Double {
        function.workspace.model.layout.entries.reduce(0) {
            $0 + ($1.tensor.role == "weight" ? Double($1.tensor.matrixShape.columns) : 1)
        }
    }
}
