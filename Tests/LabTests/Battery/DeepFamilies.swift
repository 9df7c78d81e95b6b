import Foundation
import Measurements

/// f = w_D … w_1 x of one sample x = 1: descent on ½(w_D … w_1 − y)², simulated here.
struct Chain: Sendable {
    var weights: [Double]
    let target: Double
    var rate: Double

    var product: Double { weights.reduce(1, *) }
    var loss: Double { (product - target) * (product - target) / 2 }
    /// ∂f/∂w_j.
    var slopes: [Double] {
        weights.indices.map { j in weights.indices.reduce(1) { $1 == j ? $0 : $0 * weights[$1] } }
    }
    var kernel: Double { dot(slopes, slopes) }

    mutating func step() {
        let (error, slopes) = (product - target, slopes)
        for j in weights.indices { weights[j] -= rate * error * slopes[j] }
    }

    /// The smallest kernel on the way of some steps, and the end.
    func course(_ steps: Int, until loss: Double) -> (least: Double, end: Chain) {
        var (now, least) = (self, kernel)
        for _ in 0..<steps where now.loss > loss {
            now.step()
            least = min(least, now.kernel)
        }
        return (least, now)
    }

    /// Layers whose weights start at these, whatever sign the seed gives them; it is given back.
    static func layers(_ sizes: [Double], seed: Int) -> (text: String, weights: [Double]) {
        let names = (1..<sizes.count).map { "W\($0)" } + ["output"]
        let drawn = names.map { drawnWeight($0, seed: seed) }
        let text = zip(names, zip(sizes, drawn)).map { name, pair in
            "{type: dense, name: \(name), \(name == "output" ? "" : "units: 1, ")deviation: \(pair.0 / abs(pair.1))}"
        }.joined(separator: ", ")
        return (
            "{network: layers, parametrization: standard, activation: linear, layers: [\(text)]}",
            zip(sizes, drawn).map { $1 < 0 ? -$0 : $0 }
        )
    }
}

/// Targets of 0: balanced weights give power laws F ~ t^(−D/(D−1)), one smallest weight an exponential in the end.
let deepZeroFamily = Battery.Family(name: "deep, targets 0", count: 80, sample: 6) { index in
    var draw = Draw("deep zero", index)
    let depth = 2 + index % 5
    let size = draw.spread(0.4, 1.6)
    // Equal, two equal smallest, or one smallest.
    let kind = draw.integer(0, 3)
    var sizes = [Double](repeating: size, count: depth)
    if kind == 1, depth > 2 { for j in 2..<depth { sizes[j] *= draw.uniform(1.3, 3) } }
    if kind >= 2 { for j in 1..<depth { sizes[j] *= draw.pick([1.05, 1.3, 2, 4]) } }
    let isPowerLaw = kind < 2
    return chainCase(
        "deep, targets 0", index, &draw, sizes: sizes, target: { _, _ in 0 },
        steps: draw.pick([300, 3000, 30000]), isPowerLaw: isPowerLaw)
}

/// Targets that are reached: near the start, far below it (a power law first), far above (a plateau first), or across
/// 0.
let deepTargetFamily = Battery.Family(name: "deep, targets", count: 90, sample: 6) { index in
    var draw = Draw("deep target", index)
    let depth = 2 + index % 5
    let kind = draw.integer(0, 4)
    let size = kind == 2 ? draw.spread(0.1, 0.5) : draw.spread(0.6, 1.5)
    let isBalanced = draw.chance(0.5)
    let sizes = (0..<depth).map { _ in isBalanced ? size : size * draw.uniform(0.7, 1.5) }
    let factor = kind == 0 ? draw.uniform(0.6, 1.8) : kind == 1 ? draw.spread(1e-5, 0.1) : draw.spread(2, 50)
    return chainCase(
        "deep, targets", index, &draw, sizes: sizes,
        target: { product, draw in
            switch kind {
            case 2: (product < 0 ? -1 : 1) * draw.uniform(0.5, 2)
            case 4: -product * draw.uniform(0.3, 1)
            default: product * factor
            }
        }, steps: draw.pick([300, 3000, 20000]), isPowerLaw: false)
}

private func chainCase(
    _ family: String, _ index: Int, _ draw: inout Draw, sizes: [Double], target: (Double, inout Draw) -> Double,
    steps: Int,
    isPowerLaw: Bool
) -> BatteryCase {
    var setup = RunSetup()
    setup.seed = index
    let (model, weights) = Chain.layers(sizes, seed: index)
    let wanted = target(weights.reduce(1, *), &draw)
    var chain = Chain(weights: weights, target: wanted, rate: 0)
    // Stable at the start and at the end.
    let end = Double(sizes.count) * pow(abs(wanted), 2 - 2 / Double(sizes.count))
    let widest = pow(sizes.max() ?? 1, 2) * Double(sizes.count)
    chain = Chain(
        weights: weights, target: wanted,
        rate: draw.pick([0.05, 0.2, 0.4]) / max(chain.kernel, 2 * end, abs(wanted) * widest))
    let asked = draw.pick([0, 1e-2, 1e-4, 1e-8, 1e-14])
    setup.rows = [[1, wanted]]
    setup.model = model
    setup.training = [
        "learning_rate: \(chain.rate)", "stop: {steps: \(steps)\(asked > 0 ? ", loss_ratio: \(asked)" : "")}",
    ]
    var tracking = Tracking.drawn(&draw, steps: steps)
    if draw.chance(0.75) {
        tracking.kernelSamples = 1
        tracking.kernelPerDecade = draw.pick([1, 3, 12])
        tracking.hasPrediction = draw.chance(0.7)
        tracking.hasLandscape = draw.chance(0.25)
    }
    setup.tracking = tracking.lines
    let start = chain
    let facts: @Sendable (RunEvidence) -> Facts = { run in
        var facts = Facts()
        facts.asked = asked > 0 ? asked : 1e-3
        facts.scale = wanted == 0 ? 0 : min(start.loss, wanted * wanted / 2)
        let seen = Recorded(run)
        let (least, last) = start.course(run.series.steps.last ?? 0, until: seen.floor * start.loss)
        // From beyond 0 rounding decides how long it stays at the saddle.
        if wanted * start.product >= 0 { facts.end = last.loss }
        if isPowerLaw {
            facts.law = .slower
            facts.isCritical = true
            // A chain that is not quite balanced looks the same until the rate has settled.
            facts.isLawTold = false
        } else if last.loss > wanted * wanted / 8, last.product * wanted <= 1e-3 * wanted * wanted, wanted != 0,
            last.kernel < 1e-3 * start.kernel
        {
            // At the saddle at 0, which only rounding lets it leave.
            facts.law = .rests
            facts.isCritical = true
        } else {
            facts.law = least >= 0.55 * start.kernel ? .linear : .settles
        }
        return facts
    }
    return BatteryCase(
        family: family,
        parameters:
            "#\(index) |w| \(sizes.map(brief).joined(separator: " ")) f_0 \(brief(chain.product)) y \(brief(wanted)) "
            + "ηΘ_0 \(brief(chain.rate * chain.kernel)) steps \(steps) asked \(asked)",
        source: .run(setup), facts: facts)
}
