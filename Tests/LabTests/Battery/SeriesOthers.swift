import Foundation
import Measurements
import Statistics

/// An exponential down to a floor above what was asked for: F* isn't known, a flat end tells nothing.
func plateau(_ index: Int) -> BatteryCase {
    var draw = Draw("plateau", index)
    let floor = draw.spread(1e-6, 0.5)
    let r = draw.pick([5.0, 30, 200]) / 3000
    var formula = Formula(loss: { floor + (1 - floor) * exp(-r * $0) })
    formula.steps = 3000
    formula.asked = floor / draw.spread(5, 1000)
    formula.record(&draw, noises: [0, 1e-4, 1e-2])
    return formula.asCase("series, plateaus", "#\(index) floor \(brief(floor)) rT \(brief(3000 * r))", &draw) {
        run, facts in
        let seen = Recorded(run)
        // Before the floor shows it is an exponential that was cut short.
        facts.law = .free
        facts.least = nil
        if seen.last < 1.2 * floor {
            facts.law = .rests
        }
    }
}

/// Sums of exponentials of many rates, as of linear models; with the kernel they are linear, without it they may be
/// taken for other laws.
func modes(_ index: Int) -> BatteryCase {
    var draw = Draw("modes", index)
    let count = draw.integer(2, 40)
    let condition = draw.spread(2, 1e6)
    let slope = draw.uniform(0, 3)
    let places = (0..<count).map { Double($0) / Double(count - 1) }
    let eigenvalues = places.map { pow(condition, -$0) }
    let squares = places.map { pow(condition, -$0 * slope / 2) * draw.uniform(0.5, 1.5) }
    let all = squares.reduce(0, +)
    let eta = draw.pick([0.1, 0.5, 1])
    let reach = draw.pick([0.05, 1, 5, 20])
    let steps = Int(min(reach * condition / (2 * eta), 1e6)) + 30
    func sum(_ t: Double, _ weight: (Double) -> Double) -> Double {
        zip(eigenvalues, squares).reduce(0) { $0 + weight($1.0) * $1.1 / all * pow(1 - eta * $1.0, 2 * t) }
    }
    var formula = Formula(loss: { sum($0) { _ in 1 } })
    formula.steps = steps
    formula.eta = eta
    formula.record(&draw, noises: [0])
    formula.asked = draw.pick([1e-2, 1e-4, 1e-12])
    let times = formula.evidence(&draw)
    let hasKernel = index % 3 != 2
    var run = times
    var columns = run.series.columns
    let steps0 = run.series.steps
    columns["gradient_norm"] = steps0.map { (2 * sum(Double($0)) { $0 }).squareRoot() }
    if hasKernel {
        columns["kernel_lambda_min"] = steps0.map { _ in eigenvalues[count - 1] }
        columns["kernel_lambda_max"] = steps0.map { _ in eigenvalues[0] }
        columns["kernel_lambda_error"] = steps0.map { _ in 1e-14 }
        columns["kernel_drift"] = steps0.map { _ in 0 }
        let drifts = steps0.map { t in
            zip(eigenvalues, squares).reduce(0) { sum, mode in
                let share = 1 - pow(1 - eta * mode.0, Double(t))
                return sum + 2 * mode.1 / all * share * share / mode.0
            }.squareRoot()
        }
        columns["weight_drift"] = drifts
        columns["weight_drift_relative"] = drifts.map { $0 / (100 * (drifts.last ?? 1)) }
        run.setting.samples = count
        run.setting.kernel.samples = count
        run.setting.kernel.hasAllOutputs = true
    }
    run.series = MetricSeries(steps: steps0, columns: columns)
    let asked = formula.asked
    return BatteryCase(
        family: "series, modes",
        parameters:
            "#\(index) \(count) modes κ \(brief(condition)) slope \(brief(slope)) rows \(steps0.count) steps \(steps) "
            + "asked \(asked) \(hasKernel ? "kernel" : "no kernel")",
        source: .series(run)
    ) { _ in
        var facts = Facts()
        facts.asked = asked
        if !hasKernel { facts.law = .free }
        return facts
    }
}

/// A plateau, then an exponential: cut on the plateau, on the way, or at the end.
func lateDescent(_ index: Int) -> BatteryCase {
    var draw = Draw("late", index)
    let (wait, fall) = (draw.uniform(300, 2000), draw.spread(0.005, 0.1))
    var formula = Formula(loss: { 1 / (1 + exp(fall * min($0 - wait, 6000))) + 1e-300 })
    formula.rate = { fall / (1 + exp(-fall * min($0 - wait, 6000))) }
    formula.hasKernel = draw.chance(0.5)
    formula.steps = Int(wait * draw.pick([0.5, 0.9, 1.5, 4])) + 40
    formula.record(&draw, noises: [0])
    formula.asked = draw.pick([1e-3, 1e-10])
    let isEarly = Double(formula.steps) < wait
    return formula.asCase("series, late descent", "#\(index) at \(brief(wait)) rate \(brief(fall))", &draw) {
        run, facts in
        // Falls from the plateau on at a rate that grows and is kept: linear, once it is down.
        facts.law = isEarly ? .rests : .linear
        facts.isLawTold = false
        if isEarly { facts.isCritical = nil }
    }
}

/// What has no law: a loss of 0, one that does not change, one that grows, one that swings on its way down.
func others(_ index: Int) -> BatteryCase {
    var draw = Draw("others", index)
    let rate = draw.uniform(0.002, 0.02)
    let rows = draw.integer(2, 60)
    var formula = Formula(loss: { _ in 1 })
    formula.steps = 2000
    formula.record(&draw, noises: [0])
    formula.rows = index % 2 == 0 ? formula.rows : rows
    switch index % 5 {
    case 0:
        return Formula(loss: { _ in 0 }, steps: 100, rows: rows)
            .asCase("series, others", "#\(index) F = 0", &draw) { _, facts in facts.scale = 1 }
    case 1:
        formula.rate = { _ in 0 }
        return formula.asCase("series, others", "#\(index) constant, ∇F = 0", &draw) { _, facts in
            facts.law = .rests
            facts.isCritical = true
            facts.least = nil
        }
    case 2:
        return Formula(loss: { exp(rate * $0) }, eta: 0.01, steps: 2000, rows: 60)
            .asCase("series, others", "#\(index) grows", &draw) { _, facts in facts.law = .grows }
    case 3:
        let swing = draw.uniform(0.05, 0.4)
        return Formula(
            loss: { exp(-rate * $0) * (1 + swing * cos(2.4 * $0)) }, steps: 2000, rows: 200, asked: 1e-8
        ).asCase("series, others", "#\(index) swings by \(brief(swing)) rT \(brief(2000 * rate))", &draw) { _, facts in
            facts.isLawTold = false
        }
    default:
        // Two rows or three: nothing can be told without a kernel.
        return Formula(loss: { exp(-rate * $0) }, steps: 2000, rows: 2, asked: 1e-30)
            .asCase("series, others", "#\(index) two rows", &draw) { _, facts in
                facts.law = .rests
                facts.isCritical = nil
            }
    }
}
