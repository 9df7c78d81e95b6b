import Foundation

/// Linear least squares of every conditioning that a linear model can fit, cut short or not, with the kernel.
let linearFamily = Battery.Family(name: "linear", count: 140, sample: 7) { index in
    LinearRun.drawn("linear", index, hasKernel: true).made()
}

/// The same with the loss and the gradient alone.
let linearPlainFamily = Battery.Family(name: "linear, no kernel", count: 60, sample: 4) { index in
    LinearRun.drawn("linear, no kernel", index, hasKernel: false).made()
}

/// Linear least squares with F* > 0: noise on more samples than inputs.
let unrealizableFamily = Battery.Family(name: "linear, F* > 0", count: 70, sample: 5) { index in
    LinearRun.drawn("linear, F* > 0", index, hasKernel: index % 4 != 3, isRealizable: false).made()
}

/// A start far from the targets: F falls by orders of magnitude before it is anywhere near its scale.
let farFamily = Battery.Family(name: "linear, large f_0", count: 40, sample: 3) { index in
    var run = LinearRun.drawn("linear, large f_0", index, hasKernel: index % 3 != 2, isRealizable: index % 2 == 0)
    run.deviation = run.draw.spread(10, 1e4)
    run.isFar = true
    return run.made()
}

extension LinearRun {
    static func drawn(_ family: String, _ index: Int, hasKernel: Bool, isRealizable: Bool = true) -> LinearRun {
        var run = LinearRun(family, index)
        if run.draw.chance(0.25) { run.setup.precision = "float32" }
        let n = run.draw.integer(isRealizable ? 2 : 6, 12)
        // Fewer modes than samples: a kernel with eigenvalues of 0.
        let isDeficient = !isRealizable || run.draw.chance(0.2) && n > 3
        run.size(
            n, modes: isDeficient ? run.draw.integer(1, n - 2) : nil, wider: run.draw.integer(0, isDeficient ? 0 : 3))
        run.condition =
            index % 6 == 0
            ? 1 : index % 2 == 0 ? run.draw.spread(1, 200) : run.draw.spread(1, run.isSingle ? 1e5 : 1e14)
        run.isTopHeavy = run.draw.chance(0.15)
        run.setup.targets = run.draw.chance(0.2) ? 2 : 1
        run.deviation = run.draw.pick([0, 0, 0.5, 3, 30])
        run.outside = isRealizable ? 0 : run.draw.spread(0.03, 10)
        run.setup.reduction = run.draw.pick(["sum", "sum", "mean"])
        run.factor = run.draw.pick([0.1, 0.5, 0.5, 1, 1.7])
        run.last(run.draw.spread(0.01, 80), most: run.draw.pick([300, 1000, 6000]))
        run.asked = run.draw.pick([0, 1e-2, 1e-3, 1e-6, run.isSingle ? 1e-9 : 1e-12])
        run.isWhole = hasKernel
        run.hasPrediction = run.draw.chance(0.7)
        run.hasLandscape = hasKernel && run.draw.chance(0.4)
        return run
    }
}
