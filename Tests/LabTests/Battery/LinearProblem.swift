import Foundation

/// Least squares with a chosen spectrum: f = W x, inputs Σ σ_m u_m v_mᵀ, the residual at the start Σ r_m u_m and a part
/// outside of what the inputs reach.
///
/// Each mode falls by 1 − ηcσ_m² a step: F is known at every step, and F* = c/2 times the square of what is outside.
struct LinearProblem: Sendable {
    let inputs: [[Double]]
    let targets: [[Double]]
    let values: [Double]
    /// Residuals of the first output at the start, mode by mode.
    let residual: [Double]
    /// F* with c = 1.
    let least: Double
    /// F_0 with c = 1, and the loss of the best constant output.
    let start: Double
    let scale: Double

    /// - Parameters:
    ///   - deviation: of the weights at the start, drawn as the network draws them.
    ///   - isFar: whether the targets are where `residual` says, far from where such weights start.
    init(
        _ draw: inout Draw, samples n: Int, dimension d: Int, values: [Double], residual: [Double], outside: Double = 0,
        outputs: Int = 1, deviation: Double = 0, isFar: Bool = false, seed: Int = 0
    ) {
        let left = draw.frame(values.count + (outside == 0 ? 0 : 1), in: n)
        let right = draw.frame(values.count, in: d)
        self.values = values
        self.residual = residual
        inputs = (0..<n).map { i in
            (0..<d).map { j in values.indices.reduce(0) { $0 + values[$1] * left[$1][i] * right[$1][j] } }
        }
        var targets = [[Double]](repeating: [], count: n)
        var start = 0.0
        for k in 0..<outputs {
            let modes = k == 0 ? residual : residual.map { $0 * draw.sign() }
            let weights = (0..<d).map { deviation * drawnWeight("output", seed: seed, k * d + $0) }
            for i in 0..<n {
                let own = modes.indices.reduce(0) { $0 + modes[$1] * left[$1][i] }
                let far = outside == 0 ? 0 : outside * left[values.count][i]
                let output = dot(inputs[i], weights)
                targets[i].append((isFar ? 0 : output) + own + far)
                let miss = own + far - (isFar ? output : 0)
                start += miss * miss / 2
            }
        }
        self.targets = targets
        self.start = start
        least = Double(outputs) * outside * outside / 2
        scale = squaredScale(targets, start: start)
    }

    var rows: [[Double]] { zip(inputs, targets).map { $0 + $1 } }
    var top: Double { (values.max() ?? 0) * (values.max() ?? 0) }
    var bottom: Double { (values.min() ?? 0) * (values.min() ?? 0) }
}

/// min(F_0, loss of the best constant output, or of the output 0 where that is 0), for the sum of squares.
func squaredScale(_ targets: [[Double]], start: Double) -> Double {
    guard let outputs = targets.first?.count else { return 0 }
    let means = (0..<outputs).map { k in targets.reduce(0) { $0 + $1[k] } / Double(targets.count) }
    let spread = targets.reduce(0) { sum, y in sum + zip(y, means).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 2
    }
    let whole = targets.reduce(0) { $0 + dot($1, $1) / 2 }
    return min(start, spread > 1e-20 * whole ? spread : whole)
}

/// What is recorded of a run.
struct Tracking: Sendable {
    var every: String
    var perDecade = 6
    var kernelSamples = 0
    var kernelPrecision = "float64"
    var kernelPerDecade = 3
    var hasPrediction = false
    var hasLandscape = false
    var more: [String] = []

    var lines: [String] {
        var lines =
            ["every: \(every)", "initialization: 0", "pattern_samples: 0"].filter { line in
                !more.contains { $0.hasPrefix(line.prefix(10)) }
            } + more
        if every == "log" { lines.append("per_decade: \(perDecade)") }
        if kernelSamples > 0 {
            lines.append(
                "kernel: {samples: \(kernelSamples), outputs: full, precision: \(kernelPrecision), "
                    + "per_decade: \(kernelPerDecade)}")
        }
        if hasPrediction { lines.append("prediction: true") }
        if hasLandscape { lines.append("landscape: {directions: 2, per_decade: 2, slice: 0}") }
        return lines
    }

    /// Dense or sparse, by steps or by decades.
    static func drawn(_ draw: inout Draw, steps: Int) -> Tracking {
        draw.chance(0.5)
            ? Tracking(every: "log", perDecade: draw.pick([2, 6, 12, 24]))
            : Tracking(every: "\(max(steps / draw.pick([8, 20, 60, 200]), 1))")
    }
}
