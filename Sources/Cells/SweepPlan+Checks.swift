import Configurations
import ScalingLaws
import Training

extension SweepPlan {
    /// What is asked of a sweep has to be recorded by its cells, and nothing else may end them.
    /// - Throws: `ConfigError` with everything that is missing.
    package func check() throws {
        let problems = fitProblems + stopProblems + criticalProblems + weightProblems
        if !problems.isEmpty { throw ConfigError(file: source.name, problems: problems) }
    }

    private func problem(_ key: String, _ text: String) -> ConfigProblem {
        ConfigProblem(line: nil, key: "sweep.\(key)", text)
    }

    /// A key that is needed and not given, unless an axis gives it.
    private func need(_ what: String, _ isGiven: Bool, _ key: String) -> [ConfigProblem] {
        isGiven || sweep.axes.contains { key.hasPrefix($0.key) } ? [] : [problem(what, "needs \(key)")]
    }

    /// Weights that are given have one width.
    private var weightProblems: [ConfigProblem] {
        let isGiven = base.model.start != nil || sweep.axes.contains { $0.key.hasPrefix(StartingWeights.key) }
        guard isGiven else { return [] }
        let text = "cannot go with model.initialize_from, whose weights have one width"
        return sweep.axes.filter { $0.key == SweepAxis.width }.map { problem("axes.\($0.key)", text) }
            + (sweep.criticalWidth == nil ? [] : [problem("critical_width", text)])
    }

    private var fitProblems: [ConfigProblem] {
        guard !sweep.fits.isEmpty else { return [] }
        let isStopped = sweep.stop != SweepConfiguration.Stop(lossRatio: nil, steps: nil)
        return need("fit", sweep.axes.contains { $0.key == SweepAxis.width }, "the axis model.width")
            + need("fit", isStopped, "sweep.stop_at.loss_ratio, since exponents are compared at one loss")
            + sweep.fits.flatMap(recordingProblems)
    }

    /// What has to be recorded for an observable, and is not.
    private func recordingProblems(_ name: String) -> [ConfigProblem] {
        let (probes, what) = (base.tracking.probes, "fit: \(name)")
        if name == ScalingObservable.forwardNormError.rawValue {
            return need(what, probes.initializationSamples > 0, "tracking.initialization: n")
        }
        let metric = ScalingObservable(rawValue: name)?.family?.name ?? name
        guard let kind = ProbeKinds.kind(of: metric) else { return [] }
        let isMeasuredInTime =
            sweep.stop.lossRatio == nil || kind.part != .kernel || probes.kernel.steps == base.tracking.steps
        // λ_min(Θ₀) is that of the start, wherever a cell stops.
        let needsSteps = name != ScalingObservable.kernelLambdaMin.rawValue
        return need(what, probes.records(metric), kind.remedy(metric))
            + need(what, !kind.needsMiniBatches || base.training.batch != nil, "training.batch: b, mini-batches")
            + need(
                what, isMeasuredInTime || !needsSteps,
                "tracking.kernel.every and per_decade as in tracking, so that the kernel is known where a cell stops")
    }

    /// Cells stop where the sweep says, or after their steps, and nowhere else.
    private var stopProblems: [ConfigProblem] {
        let axes = sweep.axes.filter { $0.key.hasPrefix("training.stop") }
        let isDecided = sweep.stop != SweepConfiguration.Stop(lossRatio: nil, steps: nil) || sweep.criticalWidth != nil
        guard isDecided else { return [] }
        let stop = base.training.stop
        let others = [
            ("loss", stop.loss > 0), ("gradient_norm", stop.gradientNorm > 0), ("accuracy", stop.accuracy != nil),
            ("minutes", stop.minutes != nil),
        ]
        return axes.map {
            problem("axes.\($0.key)", "cannot be an axis: sweep.stop_at or critical_width says where cells stop")
        }
            + others.filter(\.1).map {
                problem("stop_at", "training.stop.\($0.0) would end cells elsewhere: leave it out")
            }
    }

    /// K, the most that a cell has, where the configuration tells it.
    private var outputs: Int? {
        let isOpen = sweep.axes.contains { ["data.source", "data.answers", "data.encoding"].contains($0.key) }
        guard !isOpen else { return nil }
        switch (base.values["data.source"], base.values["data.answers"]) {
        case ("sphere", "classes"):
            let classes = largest("data.class_count")
            return classes == 2 && base.values["data.encoding"] == "sign" ? 1 : classes
        case ("sphere", _): return 1
        case ("gaussian", _): return largest("data.teacher.outputs")
        default: return nil
        }
    }

    /// The largest whole number that a key has in a cell.
    private func largest(_ key: String) -> Int? {
        let axis = sweep.axes.first { $0.key == key }?.values.compactMap(\.number).max()
        return axis.flatMap { Int(exactly: $0) } ?? base.values[key].flatMap { Int($0) }
    }

    private var criticalProblems: [ConfigProblem] {
        guard let target = sweep.criticalWidth else { return [] }
        let what = "critical_width"
        let samples = sweep.axes.first { $0.key == "data.samples" }?.values.compactMap(\.number).max()
        let most = samples.flatMap { Int(exactly: $0) } ?? base.data.preprocessing.trainCount ?? 1
        let isDouble = base.kernelPrecision == .float64
        // What `auto` comes to; where nothing tells how many outputs there are, at most what it would be with one.
        let kernel = base.resolved(samples: most, outputs: outputs ?? 1).tracking.probes.kernel
        let isWhole = kernel.extent(outputs: outputs ?? 1).isWhole(of: most)
        return need(
            what, isWhole, "tracking.kernel: {samples: \(most), outputs: full}, the whole kernel")
            + need(
                what, isDouble,
                "tracking.kernel.precision: float64, which tells whether the kernel is positive definite")
            + need(what, base.tracking.probes.gradientNorm, "tracking.gradient_norm: true")
            + need(what, base.loss == .squared, "loss.kind: squared, of which the kernel bounds the gradient")
            + target.over.compactMap { key in sweep.axes.first { $0.key == key } }.filter {
                !$0.isNumeric || [SweepAxis.width, SweepAxis.seed].contains($0.key)
            }.map { problem("critical_width.over", "\($0.key) is no size of the problem: expected axes of numbers") }
    }
}
