import Foundation

/// Losses given by a formula, with noise, recorded by steps or by decades; some with the gradient and the kernel that
/// go with them.
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
    return formula.asCase("series, power laws", "#\(index) p \(brief(p)) T/t0 \(reach)", &draw) { _, facts in
        // Told by no referee: power laws are sums of exponentials (Bernstein's theorem), so that many modes of a
        // constant kernel make them; and where the kernel vanishes with them, a small target or layers that are not
        // quite balanced make an exponential of them later.
        facts.law = .slower
        facts.isCritical = true
        facts.isLawTold = false
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
    return formula.asCase("series, stretched", "#\(index) β \(brief(beta)) decades \(decades)", &draw) { _, facts in
        // Close to 1 the rate falls by less than half, which noise can hide.
        facts.law = beta > 0.85 && noise > 1e-3 ? .free : .slower
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
