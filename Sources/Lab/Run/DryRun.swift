import Datasets
import HDF5
import LinearAlgebra
import Networks
import TangentKernels

/// What a run would be: parameters, memory, flops.
public enum DryRun {
    public static func describe(_ configuration: Configuration) throws -> String {
        switch configuration.precision {
        case .float32: try describe(Experiment<Float>(configuration))
        case .float64: try describe(Experiment<Double>(configuration))
        }
    }

    private static func describe<S: Scalar & HDF5Element>(_ experiment: Experiment<S>) throws -> String {
        try experiment.checkSize()
        var start: [String] = []
        if experiment.configuration.model.start != nil {
            _ = try experiment.initialParameters { start.append($0) }
        }
        let layout = experiment.model.layout
        let batch = experiment.sampler.batch
        let steps = experiment.configuration.training.stop.steps
        let flops = experiment.model.stepFlops(rows: batch)
        var lines = layout.entries.map { entry in
            let state = entry.tensor.isTrained ? "trained" : "frozen"
            return "tensor      \(entry.tensor.path)  \(entry.tensor.shape)  \(state)"
        }
        lines += [
            "parameters  \(layout.count), \(layout.trainedCount) trained",
            "samples     \(experiment.train.count) train, \(experiment.test?.count ?? 0) test, batch \(batch)",
            "separation  \(experiment.train.separation.map { "\($0)" } ?? "-")",
            "memory      \(Int(experiment.peakBytes / 1e6)) MB at its peak, \(ProcessMemory.now / 1_000_000) MB with the data loaded",
            "flops       \(engineering(flops)) a step, \(engineering(flops * Double(steps))) for \(steps) steps",
        ]
        return (experiment.remarks.map(\.line) + start + lines + kernelLines(experiment) + experiment.foresight).joined(
            separator: "\n")
    }

    /// The kernel that is followed, and what one measurement of it costs.
    private static func kernelLines<S: Scalar & HDF5Element>(_ experiment: Experiment<S>) -> [String] {
        let selection = experiment.configuration.tracking.probes.kernel
        guard selection.samples > 0 else { return [] }
        let samples = min(selection.samples, experiment.train.count)
        let plan = KernelPlan(experiment.model, selection.outputs, samples: samples)
        let precision = selection.precision ?? S.precision
        return plan.lines(rows: samples, columns: samples, isSymmetric: true, precision)
            + ["kernel      \(engineering(plan.flops(samples: samples)))flop a measurement of \(samples) samples"]
    }
}

/// 26900000000 as `26.9 G`.
func engineering(_ value: Double) -> String {
    var scaled = value
    var units = ["", "k", "M", "G", "T", "P", "E"][...]
    while scaled >= 1000, units.count > 1 {
        scaled /= 1000
        units = units.dropFirst()
    }
    return "\((scaled * 10).rounded() / 10) \(units.first ?? "")"
}

extension Remark {
    /// As it is printed.
    var line: String { (isWarning ? "warning   " : "data      ") + text }
}
