import Console
import Foundation
import TestSupport
import Testing

/// Sweeps of linear networks, whose exponents are known at first order in 1/m by hand.
///
/// f = W_(L+1) … W_1 x with everything trained (standard, ntk), or f = B W_L … W_1 A x with W trained (paper). At a
/// fixed loss ratio f moves by O(1), by ΔW_l = η T ∂f/∂W_l with η T ~ 1/λ(Θ) and ‖∂f/∂W_l‖² = Θ_l.
private struct LinearSweep {
    let parametrization: String
    let depth: Int
    let samples: Int
    let dimension: Int
    let seeds: Int
    let ratio: Double
    let widths: [Int]

    /// The sweep of a number: parametrizations and depths in turn, with sizes, seeds and losses of its own.
    init(_ number: Int) {
        parametrization = ["standard", "ntk", "paper"][number % 3]
        depth = 1 + number / 3 % 3
        let variant = number / 9
        samples = [6, 4, 8, 5, 3, 6][variant]
        dimension = [12, 16, 24, 10, 8, 32][variant]
        seeds = [6, 5, 4, 8, 5, 3][variant]
        ratio = [1e-2, 1e-3, 0.1, 1e-4, 1e-2, 1e-3][variant]
        widths = [[32, 64, 128, 256, 512], [16, 32, 64, 128, 256], [32, 64, 128, 256, 512, 1024]][variant % 3]
    }

    var observables: [String] {
        let layers =
            parametrization == "paper" ? ["W1"] : ["W1", "output"] + (depth > 1 ? ["W2"] : [])
        return [
            "weight_drift", "weight_drift_relative", "row_drift", "kernel_drift", "linearization_gap",
            "kernel_lambda_min_start", "gradient_ratio", "steps",
        ] + layers.map { "weight_drift.\($0)" } + layers.map { "weight_drift_relative.\($0)" }
    }

    var configuration: String {
        """
        name: linear
        precision: float64
        data: {source: sphere, samples: \(samples), test_samples: 6, dimension: \(dimension), answers: gaussian}
        model: {network: mlp, depth: \(depth), parametrization: \(parametrization), activation: linear}
        training: {learning_rate: auto, stop: {steps: 20000}}
        tracking: {per_decade: 3, prediction: true, pattern_samples: 0, initialization: 0,
          kernel: {samples: \(samples), outputs: full, per_decade: 3}}
        checkpoints: {keep: 0}
        sweep:
          axes: {model.width: \(widths), seed: 0..\(seeds - 1)}
          stop_at: {loss_ratio: \(ratio)}
          fit: \(observables)
        """
    }

    /// The exponents, or what a mixture of two lies between; nil for what is exactly 0.
    func truth(_ name: String) -> ClosedRange<Double>? {
        func at(_ value: Double) -> ClosedRange<Double> { value...value }
        let (isNTK, isStandard) = (parametrization == "ntk", parametrization == "standard")
        switch name {
        // ‖∂f/∂W_l‖ ~ √m and η T ~ 1/m; of W_1 in the standard parametrization ‖∂f/∂W_1‖ ~ 1; in ntk all of order 1.
        case "weight_drift", "weight_drift.output", "weight_drift.W2": return at(isNTK ? 0 : -0.5)
        case "weight_drift.W1": return at(isNTK ? 0 : isStandard ? -1 : -0.5)
        // ‖W_0‖: √m but for ntk's W_2 … W_L, which are ~ m, and the standard output layer, which is ~ 1.
        case "weight_drift_relative":
            return isNTK ? depth > 1 ? -1...(-0.5) : at(-0.5) : at(-1)
        case "weight_drift_relative.output": return at(-0.5)
        case "weight_drift_relative.W1": return at(isNTK ? -0.5 : isStandard ? -1.5 : -1)
        case "weight_drift_relative.W2": return at(-1)
        // The output's one row has all of its drift; m rows share theirs, the largest having up to √(2 ln m) more.
        case "row_drift": return isNTK ? at(0) : isStandard ? at(-0.5) : -1...(-0.85)
        // Θ' ~ f/m of Θ; where f = B W A x nothing; where W_1 hardly moves as little again.
        case "kernel_drift", "linearization_gap":
            return depth > 1 || isNTK ? at(-1) : isStandard ? at(-2) : nil
        case "kernel_lambda_min_start", "gradient_ratio": return at(isNTK ? 0 : 1)
        case "steps": return at(0)
        default: return nil
        }
    }
}

private struct Fits: Decodable {
    struct Fit: Decodable {
        let observable: String
        let exponent: Double?
        let low: Double?
        let high: Double?
        let theorem: Double?
        let typical: [Double]?
        let refusal: String?
        let verdict: String?
    }
    let fits: [Fit]
}

/// What is wrong with a fit beside its known exponent.
private func problems(_ fit: Fits.Fit, _ sweep: LinearSweep) -> [String] {
    let name =
        "\(sweep.parametrization) L=\(sweep.depth) \(fit.observable) \(fit.exponent ?? .nan) \(fit.verdict ?? "-")"
    guard let truth = sweep.truth(fit.observable) else {
        return fit.refusal?.contains("at the floor of the arithmetic") == true ? [] : ["\(name): is 0 but for rounding"]
    }
    var problems: [String] = []
    if fit.typical != [truth.lowerBound, truth.upperBound] {
        problems.append("\(name): \(fit.typical ?? []) is expected")
    }
    // Where a few steps are all, whole steps are too coarse.
    if fit.observable == "steps", fit.refusal?.contains("whole steps") == true { return problems }
    guard let verdict = fit.verdict, let low = fit.low, let high = fit.high else {
        return problems + ["\(name): \(fit.refusal ?? "no verdict")"]
    }
    for words in ["slower than", "short of", "not the typical"] where verdict.contains(words) {
        problems.append("\(name): fails")
    }
    if verdict.contains("at least as fast"), truth.upperBound > fit.theorem ?? .infinity {
        problems.append("\(name): holds beyond the theorem \(fit.theorem ?? .nan)")
    }
    if verdict.contains("consistent"), !(low...high).overlaps(truth) { problems.append("\(name): [\(low), \(high)]") }
    // Another exponent than the derived one would be a half or more away; narrow networks are that far from the limit,
    // and the interval then says so.
    if !((low - 0.35)...(high + 0.35)).overlaps(truth) { problems.append("\(name): [\(low), \(high)], \(truth)") }
    return problems
}

/// No verdict on a linear network is wrong: all 50 sweeps in the long run, six otherwise.
@Test func exponentsOfLinearNetworksAreNeverMisjudged() throws {
    let numbers = isLong ? Array(0..<50) : [0, 1, 2, 13, 21, 32]
    var wrong: [String] = []
    var (verdicts, held) = (0, 0)
    for number in numbers {
        let sweep = LinearSweep(number)
        let lab = Lab(sweep.configuration)
        let output = try lab.sweep()
        #expect(output.code == 0, "\(number): \(output.err)")
        let json = try lab.call(["sweep", "fit", "sweeps/linear", "--json"])
        let fits = try JSONDecoder().decode(Fits.self, from: Data(json.out.utf8)).fits
        #expect(fits.map(\.observable) == sweep.observables)
        wrong += fits.flatMap { problems($0, sweep) }.map { "\(number): \($0)" }
        verdicts += fits.compactMap(\.verdict).count
        held += fits.compactMap(\.verdict).filter { $0.contains("consistent") || $0.contains("at least") }.count
    }
    print("linear networks: \(numbers.count) sweeps, \(verdicts) verdicts, \(held) hold, \(wrong.count) wrong")
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
    #expect(5 * held > verdicts, "\(held) of \(verdicts) hold")
}
