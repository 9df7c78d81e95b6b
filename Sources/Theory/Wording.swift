import Measurements

extension RunEvidence {
    /// The line that records the run more often, or for longer where each of its steps is recorded.
    var moreRows: String {
        let steps = (series.steps.last ?? 0) - (series.steps.first ?? 0) + 1
        return series.steps.count < steps
            ? "more measurements: tracking.every, a fiftieth of the steps or less" : longerRun
    }

    /// The line that goes on where a loss grew.
    var pastDivergence: String { "steps beyond that: a larger training.divergence_ratio" }

    /// The line that trains on, at a rate that moves something.
    var longerRun: String {
        let rates = series.known("learning_rate").map(\.value)
        let isSpent = rates.last ?? 1 < 1e-6 * (rates.first ?? 1)
        return isSpent ? "a learning rate that falls less: training.schedule" : "a longer run: training.stop"
    }

    /// The line of configuration that records the kernel whose eigenvalues bound the descent.
    package var wholeKernelLine: String {
        let samples = setting.samples < Int.max ? "\(setting.samples)" : "(all)"
        return "the kernel of all training samples and outputs: tracking.kernel: {samples: \(samples), outputs: full}"
    }

    /// What would resolve a smallest eigenvalue that its error hides; nil where all is done that configurations can do.
    var smallerErrorLine: String? {
        setting.kernelIsDouble ? nil : "smaller errors of eigenvalues: tracking.kernel.precision: float64"
    }
}
