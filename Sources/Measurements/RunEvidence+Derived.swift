/// What follows from the evidence.
extension RunEvidence {
    /// Whether the kernel is that of all training samples with all outputs, whose eigenvalues bound the descent.
    package var kernelIsWhole: Bool { setting.kernel.isWhole(of: setting.samples) }

    /// ∫η dt at each row, in units of a step at the first learning rate: the steps themselves where η is constant. NaN
    /// where η is not known.
    package var clock: [Double] {
        let rates = series[.learningRate]
        guard let first = rates.first(where: { $0.isFinite && $0 > 0 }) else { return series.steps.map(Double.init) }
        if let times, times.count == series.steps.count { return times.map { $0 / first } }
        var time = Double(series.steps.first ?? 0)
        return series.steps.indices.map { row in
            if row > 0 { time += rates[row - 1] / first * Double(series.steps[row] - series.steps[row - 1]) }
            return time
        }
    }

    /// ‖W_0‖_F of all trained weights; 0 where it is not known.
    package var initialNorm: Double {
        zip(series[.weightDrift], series[.weightDriftRelative]).first { $0.0 > 0 && $0.1 > 0 }.map { $0.0 / $0.1 }
            ?? 0
    }
}
