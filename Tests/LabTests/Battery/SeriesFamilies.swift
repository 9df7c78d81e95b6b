import Foundation
import Theory

/// Losses given by a formula, with noise, recorded by steps or by decades; some with the gradient and the kernel that go
/// with them.
let seriesFamilies = [
    Battery.Family(name: "series, power laws", count: 130, sample: 5, make: powerLaw),
    Battery.Family(name: "series, stretched", count: 70, sample: 4, make: stretched),
    Battery.Family(name: "series, logarithmic", count: 20, sample: 1, make: logarithmic),
    Battery.Family(name: "series, exponentials", count: 90, sample: 5, make: exponential),
    Battery.Family(name: "series, plateaus", count: 60, sample: 3, make: plateau),
    Battery.Family(name: "series, modes", count: 80, sample: 4, make: modes),
    Battery.Family(name: "series, late descent", count: 40, sample: 2, make: lateDescent),
    Battery.Family(name: "series, others", count: 40, sample: 4, make: others),
]

/// A series by its formula.
struct Formula {
    let loss: (Double) -> Double
    /// −d ln F/dt; where it is given, ‖∇F‖² = rate F/η, and the kernel of one sample is rate/(2η).
    var rate: ((Double) -> Double)?
    var eta = 0.01
    var steps = 2000
    var noise = 0.0
    var hasKernel = false
    var isLogarithmic = false
    var rows = 200
    var asked = 1e-14

    func evidence(_ draw: inout Draw) -> RunEvidence {
        var times: [Int] = []
        if isLogarithmic {
            times = Set((0...rows).map { Int(pow(Double(steps + 1), Double($0) / Double(rows))) - 1 }).sorted()
        } else {
            times = Array(stride(from: 0, through: steps, by: max(steps / rows, 1)))
        }
        var losses = times.map { loss(Double($0)) * exp(noise * draw.normal()) }
        // A run ends where it reaches what was asked for.
        if let end = losses.firstIndex(where: { $0 <= asked * losses[0] }) {
            times = Array(times[...end])
            losses = Array(losses[...end])
        }
        var columns = ["train_loss": losses, "learning_rate": times.map { _ in eta }]
        if let rate {
            let rates = times.map { rate(Double($0)) }
            columns["gradient_norm"] = zip(rates, losses).map { max($0 * $1 / eta, 0).squareRoot() }
            if hasKernel {
                for name in ["kernel_lambda_min", "kernel_lambda_max", "kernel_trace"] {
                    columns[name] = rates.map { $0 / (2 * eta) }
                }
                columns["kernel_lambda_error"] = rates.map { 1e-14 * $0 / eta }
                columns["kernel_drift"] = rates.map { abs($0 - rates[0]) / rates[0] }
            }
        }
        var run = RunEvidence(series: MetricSeries(steps: times, columns: columns))
        run.setting.lossRatio = asked
        run.setting.roundoff = Double.ulpOfOne / 2
        run.setting.samples = 1
        run.setting.kernelSamples = hasKernel ? 1 : 0
        run.setting.kernelIsFull = hasKernel
        run.setting.kernelIsDouble = true
        return run
    }

    /// Density of rows and noise.
    mutating func record(_ draw: inout Draw, noises: [Double]) {
        noise = draw.pick(noises)
        isLogarithmic = draw.chance(0.5)
        rows = draw.pick([24, 80, 300])
    }

    func asCase(
        _ family: String, _ text: String, _ draw: inout Draw,
        _ facts: @escaping @Sendable (RunEvidence, inout Facts) -> Void
    ) -> BatteryCase {
        let asked = asked
        let run = evidence(&draw)
        return BatteryCase(
            family: family,
            parameters:
                "\(text) noise \(noise) rows \(run.series.steps.count) \(isLogarithmic ? "by decades" : "by steps") "
                + "steps \(steps) asked \(asked)\(hasKernel ? ", kernel" : rate == nil ? "" : ", gradient")",
            source: .series(run)
        ) { run in
            var result = Facts()
            result.asked = asked
            facts(run, &result)
            return result
        }
    }
}

private func powerLaw(_ index: Int) -> BatteryCase {
    var draw = Draw("power law", index)
    let p = draw.uniform(0.5, 6)
    let reach = draw.pick([3.0, 10, 100, 1e4])
    let t0 = 3000 / reach
    var formula = Formula(loss: { pow(1 + $0 / t0, -p) })
    formula.steps = 3000
    formula.record(&draw, noises: [0, 1e-3, 0.02, 0.1])
    formula.asked = draw.pick([1e-14, 1e-14, 1e-6, 1e-2])
    // A kernel of one sample goes with the law where its rate is followed without noise.
    if draw.chance(0.5) {
        formula.rate = { p / (t0 + $0) }
        formula.hasKernel = draw.chance(0.6)
        if formula.hasKernel { formula.noise = 0 }
    }
    let noise = formula.noise
    return formula.asCase("series, power laws", "#\(index) p \(brief(p)) T/t0 \(reach)", &draw) { run, facts in
        facts.law = .slower
        facts.isCritical = true
        let seen = Recorded(run)
        let fall = 1 + Double(run.series.steps.last ?? 0) / t0
        facts.isLawTold =
            fall >= 50 && seen.last < 1e-2 * seen.first && noise <= 0.02 && run.series.steps.count >= 40
            && run.series.steps.filter { Double($0) > t0 && Double($0) < 3000 }.count >= 12
    }
}

private func stretched(_ index: Int) -> BatteryCase {
    var draw = Draw("stretched", index)
    let beta = draw.uniform(0.15, 0.95)
    let decades = draw.pick([0.5, 3, 8, 13])
    let t0 = 3000 / pow(decades * log(10), 1 / beta)
    var formula = Formula(loss: { exp(-pow($0 / t0, beta)) })
    formula.steps = 3000
    formula.record(&draw, noises: [0, 1e-3, 0.02])
    let noise = formula.noise
    return formula.asCase("series, stretched", "#\(index) β \(brief(beta)) decades \(decades)", &draw) { run, facts in
        facts.law = .slower
        facts.isLawTold = beta <= 0.6 && decades >= 3 && noise <= 0.001 && run.series.steps.count >= 60
    }
}

private func logarithmic(_ index: Int) -> BatteryCase {
    var draw = Draw("logarithmic", index)
    let (a, t0) = (draw.spread(0.1, 10), draw.spread(1, 300))
    var formula = Formula(loss: { 1 / (1 + a * log(1 + $0 / t0)) })
    formula.steps = draw.pick([500, 5000])
    formula.record(&draw, noises: [0, 1e-3, 0.02])
    return formula.asCase("series, logarithmic", "#\(index) a \(brief(a)) t0 \(brief(t0))", &draw) { _, facts in
        facts.law = .slower
    }
}

private func exponential(_ index: Int) -> BatteryCase {
    var draw = Draw("exponential", index)
    let reach = draw.pick([0.01, 0.3, 3, 8, 20, 30])
    let r = reach / 3000
    var formula = Formula(loss: { exp(-r * $0) })
    formula.steps = 3000
    formula.record(&draw, noises: [0, 1e-3, 0.02, 0.2])
    formula.asked = draw.pick([1e-14, 1e-8, 1e-3])
    if draw.chance(0.5) {
        formula.rate = { _ in r }
        formula.hasKernel = draw.chance(0.6)
        if formula.hasKernel { formula.noise = 0 }
    }
    let (noise, hasKernel) = (formula.noise, formula.hasKernel)
    return formula.asCase("series, exponentials", "#\(index) rT \(reach)", &draw) { run, facts in
        let seen = Recorded(run)
        let isDown = seen.last <= facts.asked * seen.first
        facts.isLawTold =
            isDown && run.series.steps.count >= (hasKernel ? 6 : 24) && noise <= 0.02
            && (hasKernel || seen.last < 1e-3 * seen.first)
    }
}
