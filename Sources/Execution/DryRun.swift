import Configurations
import Console
import Datasets
import HDF5
import LinearAlgebra
import Networks
import TangentKernels

/// What a run would be: parameters, memory, flops.
package struct DryRun: Encodable, Sendable {
    package struct Tensor: Encodable, Sendable {
        package let tensor: String
        package let shape: [Int]
        package let isTrained: Bool
    }

    package struct Kernel: Encodable, Sendable {
        package let samples: Int
        /// Of one measurement.
        package let flops: Double
        package let layers: [LayerCost]
    }

    /// What there is to say of the data.
    package let remarks: [String]
    /// What is scaled, what is frozen and what no verdict will be able to tell.
    let foresight: [String]
    package let tensors: [Tensor]
    package let parameters: Int
    package let trainedParameters: Int
    package let trainSamples: Int
    package let testSamples: Int
    package let batch: Int
    /// Least distance of two training samples; nil where it is not known.
    package let separation: Double?
    let peakBytes: Double
    /// With the data loaded.
    let bytesNow: Int
    let flopsEachStep: Double
    package let steps: Int
    /// The kernel that is followed; nil for none.
    package let kernel: Kernel?

    /// - Throws: what is wrong with data, network or sizes.
    package init(_ configuration: Configuration) throws {
        self = try Self.made(configuration, configuration.precision.storedScalar)
    }

    private static func made<S: Scalar & HDF5Element>(_ configuration: Configuration, _ type: S.Type) throws -> DryRun {
        try DryRun(Experiment<S>(configuration))
    }

    private init<S: Scalar & HDF5Element>(_ experiment: Experiment<S>) throws {
        try experiment.checkSize()
        var start: [String] = []
        if experiment.configuration.model.start != nil {
            _ = try experiment.initialParameters { start.append($0) }
        }
        let layout = experiment.model.layout
        remarks = experiment.remarks.map(\.line) + start
        foresight = experiment.foresight
        tensors = layout.entries.map {
            Tensor(tensor: $0.tensor.path, shape: $0.tensor.shape, isTrained: $0.tensor.isTrained)
        }
        (parameters, trainedParameters) = (layout.count, layout.trainedCount)
        (trainSamples, testSamples) = (experiment.train.count, experiment.test?.count ?? 0)
        batch = experiment.sampler.batch
        separation = experiment.train.separation
        (peakBytes, bytesNow) = (try experiment.peakBytes(), ProcessMemory.now)
        flopsEachStep = experiment.model.stepFlops(rows: experiment.sampler.batch)
        steps = experiment.configuration.training.stop.steps
        kernel = try Self.kernel(experiment)
    }

    /// What one measurement of the kernel that is followed costs.
    private static func kernel<S: Scalar & HDF5Element>(_ experiment: Experiment<S>) throws -> Kernel? {
        let selection = experiment.configuration.tracking.probes.kernel
        guard selection.samples > 0 else { return nil }
        let samples = min(selection.samples, experiment.train.count)
        let plan = try KernelPlan(experiment.model, selection.outputs, samples: samples)
        let costs = plan.costs(
            rows: samples, columns: samples, isSymmetric: true, selection.precision ?? S.precision)
        return Kernel(samples: samples, flops: plan.flops(samples: samples), layers: costs)
    }

    /// For a terminal.
    package func lines(columns: Int) -> [String] {
        let rows = tensors.map { ["tensor    ", $0.tensor, "\($0.shape)", $0.isTrained ? "trained" : "frozen"] }
        let table = TextTable([.text(""), .text(""), .text(""), .text("")], rows)
        let facts = [
            "parameters  \(parameters), \(trainedParameters) trained",
            "samples     \(trainSamples) train, \(testSamples) test, batch \(batch)",
            "separation  \(separation.map { "\($0)" } ?? "-")",
            "memory      \(Int(peakBytes / 1e6)) MB at its peak, \(bytesNow / 1_000_000) MB with the data loaded",
            "flops       \(engineering(flopsEachStep)) a step, \(engineering(flopsEachStep * Double(steps))) for \(steps) steps",
        ]
        let measured = kernel.map { kernel in
            LayerCost.lines(kernel.layers, columns: columns)
                + ["kernel      \(engineering(kernel.flops))flop a measurement of \(kernel.samples) samples"]
        }
        return remarks.flatMap { wrapped($0, columns: columns, indent: 10) } + table.lines(width: columns)
            + facts.flatMap { wrapped($0, columns: columns, indent: 12) } + (measured ?? [])
            + foresight.flatMap { wrapped($0, columns: columns, indent: 10) }
    }
}

/// 26900000000 as `26.9 G`.
package func engineering(_ value: Double) -> String {
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
    package var line: String { (isWarning ? "warning   " : "data      ") + text }
}
