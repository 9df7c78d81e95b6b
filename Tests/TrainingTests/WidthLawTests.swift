import Datasets
import Layers
import LinearAlgebra
import Networks
import RealModule
import Sampling
import TangentKernels
import Testing
import Training

private func rootMeanSquare(_ values: [Double]) -> Double {
    (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
}

private func geometricMean(_ values: [Double]) -> Double {
    Double.exp(values.reduce(0) { $0 + Double.log($1) } / Double(values.count))
}

/// Slope of ln mean(y) against ln x by least squares, y of many seeds at each x, with its standard error from
/// resampled seeds.
private func slope(
    _ groups: [(x: Double, values: [Double])], _ mean: ([Double]) -> Double
) -> (value: Double, error: Double) {
    func fit(_ pick: (Int, [Double]) -> [Double]) -> Double {
        let logs = groups.enumerated().map { index, group in
            (x: Double.log(group.x), y: Double.log(mean(pick(index, group.values))))
        }
        let n = Double(logs.count)
        let center = (logs.reduce(0) { $0 + $1.x } / n, logs.reduce(0) { $0 + $1.y } / n)
        let sxx = logs.reduce(0) { $0 + ($1.x - center.0) * ($1.x - center.0) }
        return logs.reduce(0) { $0 + ($1.x - center.0) * ($1.y - center.1) } / sxx
    }
    let resampled = (0..<400).map { round in
        fit { index, values in
            let stream = RandomStream(seed: UInt64(round), "bootstrap/\(index)")
            return values.indices.map { values[Int(stream.uniform($0) * Double(values.count))] }
        }
    }
    let middle = resampled.reduce(0, +) / 400
    let variance = resampled.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / 399
    return (fit { $1 }, variance.squareRoot())
}

/// n points on the unit sphere.
private func spherePoints(_ n: Int, _ d: Int) -> MatrixBuffer<Double> {
    let x = MatrixBuffer<Double>(n, d)
    RandomStream(seed: 2, "points").fillNormal(x.base, count: x.count, standardDeviation: 1)
    for i in 0..<n {
        let row = x.base + i * d
        Double.scale(d, 1 / Double.dot(d, row, row).squareRoot(), row)
    }
    return x
}

/// The limit of Θ/m for the paper's parametrization with one output: ½ Σ_l S_{l−1} Π_{k=l}^L κ₀(S_{k−1}).
private func limit(_ x: MatrixBuffer<Double>, depth: Int) -> MatrixBuffer<Double> {
    let n = x.rows
    let result = MatrixBuffer<Double>(n, n)
    for i in 0..<n {
        for j in 0..<n {
            let r = i == j ? 1 : Double.dot(x.columns, x.base + i * x.columns, x.base + j * x.columns)
            func angle(_ s: Double) -> Double { Double.acos(min(s, 1)) }
            func k0(_ s: Double) -> Double { (.pi - angle(s)) / .pi }
            func k1(_ s: Double) -> Double { (s * (.pi - angle(s)) + (1 - min(s * s, 1)).squareRoot()) / .pi }
            var s = [k1(r)]
            for _ in 0..<depth { s.append(k1(s[s.count - 1])) }
            result[i, j] =
                (1...depth).reduce(0) { sum, l in
                    sum + s[l - 1] * (l...depth).reduce(1) { $0 * k0(s[$1 - 1]) }
                } / 2
        }
    }
    return result
}

/// The founding paper's network comes to the closed form of its kernel like m^(−1/2).
@Test(arguments: [1, 3]) func theKernelComesToItsLimitWithWidth(depth: Int) throws {
    let x = spherePoints(32, 16)
    let expected = limit(x, depth: depth)
    var points: [(x: Double, values: [Double])] = []
    for width in [128, 256, 512, 1024] {
        let builder = ModelBuilder(parametrization: .paper)
        let model = try MLP(width: width, depth: depth).model(inputShape: [16], outputs: 1, builder)
        let plan = try KernelPlan(model, .full, samples: 32)
        let kernel = EmpiricalKernel<Double>(model, plan, samples: 32)
        let errors = (0..<24).map { seed in
            let theta = kernel.kernel(ParameterVector(model.layout, initializedFrom: UInt64(seed)), x)
            Double.scale(theta.count, 1 / Double(width), theta.base)
            return KernelComparison.drift(theta, from: expected)
        }
        points.append((Double(width), errors))
    }
    let law = slope(points, rootMeanSquare)
    #expect(law.error < 0.06)
    #expect(abs(law.value + 0.5) < 2 * law.error, "slope \(law.value) ± \(2 * law.error) in the width")
}

/// A family of networks of growing width.
private enum Family: CaseIterable {
    case mlp, cnn, resNet

    func model(_ width: Int) throws -> Model {
        let builder = ModelBuilder(parametrization: .paper)
        switch self {
        case .mlp: return try MLP(width: width, depth: 2).model(inputShape: [24], outputs: 1, builder)
        case .cnn:
            return try CNN(width: width, depth: 2, head: .flatten).model(inputShape: [4, 4, 3], outputs: 1, builder)
        case .resNet:
            // The paper's own τ falls like 1/ln m, which shows in a slope over few octaves.
            return try ResNet(block: .paper, width: width, stages: [3], kernel: nil, tau: 0.3)
                .model(inputShape: [24], outputs: 1, builder)
        }
    }

    var inputs: Int { self == .cnn ? 48 : 24 }
    var widths: [Int] { self == .cnn ? [16, 32, 64, 128] : [128, 256, 512, 1024] }
}

/// What is predicted of the residual and what is measured come together like m^(−1/2).
@Test(arguments: Family.allCases) private func thePredictionGapFallsWithWidth(family: Family) throws {
    let n = 16
    let x = spherePoints(n, family.inputs)
    let y = MatrixBuffer<Double>(n, 1)
    RandomStream(seed: 3, "targets").fillNormal(y.base, count: y.count, standardDeviation: 0.5)
    let samples = Samples(inputs: x, targets: y, labels: nil, shape: [family.inputs])
    var points: [(x: Double, values: [Double])] = []
    for width in family.widths {
        let model = try family.model(width)
        let gaps = try (0..<6).map { seed in
            let start = ParameterVector<Double>(model.layout, initializedFrom: UInt64(seed))
            let workspace = Workspace<Double>(model, rows: n)
            let ends = extremeEigenvalues(
                of: TangentKernelOperator(workspace, start, inputs: x),
                start: (0..<n).map { RandomStream(seed: 4, "start").normal($0) }, maximumSteps: n
            ) { $0.largest.residual <= 1e-6 * $0.largest.value }
            let rate = 1 / ends.largest.value
            let w = ParameterVector<Double>(model.layout)
            w.assign(start)
            // Centered: the residual at the start is the same for all.
            let function = TrainedFunction(workspace, FunctionForm(lazyScale: 1), start: start)
            let objective = Objective(.squared, .sum)
            let probe = try #require(
                try PredictionProbe(function, objective, train: samples, test: nil, start: start, rate: { _ in rate }))
            let descent = Descent(function, w, objective)
            // The largest gap over time (Lee et al. 2019, theorem 2.1).
            var largest = 0.0
            for step in 1...40 {
                _ = descent.step(x.base, y.base, rows: n, learningRate: rate, scale: 1)
                let gap = probe.measure(w, step: step).first { $0.name == "prediction_gap" }
                largest = max(largest, gap?.value ?? .nan)
            }
            return largest
        }
        points.append((Double(width), gaps))
    }
    let law = slope(points, geometricMean)
    #expect(law.error < 0.1)
    #expect(abs(law.value + 0.5) < 0.15, "slope \(law.value) ± \(2 * law.error) in the width")
}
