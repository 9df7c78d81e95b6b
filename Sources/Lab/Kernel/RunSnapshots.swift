import Foundation
import HDF5
import LinearAlgebra
import Networks
import TangentKernels
import Training

/// The files of a run that hold more than numbers: kernels and predictions, one a measurement.
final class RunSnapshots<S: Scalar & HDF5Element> {
    private let directory: RunDirectory
    private let header: FileHeader
    private let probes: Probes<S>
    private let tracking: TrackingConfiguration
    private let parametrization: String
    private let classes: Int

    init(
        _ experiment: Experiment<S>, _ directory: RunDirectory, _ header: FileHeader, _ probes: Probes<S>
    ) throws {
        self.directory = directory
        self.header = header
        self.probes = probes
        tracking = experiment.configuration.tracking
        parametrization = experiment.configuration.model.parametrization.rawValue
        classes = experiment.model.outputCount
        if probes.kernel != nil { try RunDirectory.makeFolder("kernels", of: directory.path) }
        if probes.prediction != nil { try RunDirectory.makeFolder("predictions", of: directory.path) }
    }

    /// Writes what was measured at this step.
    func write(_ metrics: [Metric], at step: Int) throws {
        if let kernel = probes.kernel, let snapshot = kernel.snapshot, snapshot.step == step {
            try snapshot.write(
                to: directory.kernel(at: step), description(kernel, step),
                metrics.filter { $0.name.hasPrefix("kernel_") }, header)
        }
        if let snapshot = probes.prediction?.snapshot, snapshot.step == step {
            try snapshot.write(to: directory.prediction(at: step), header)
        }
    }

    private func description(_ kernel: KernelProbe<S>, _ step: Int) -> KernelDescription {
        KernelDescription(
            step: step, outputs: kernel.selection.outputs, precision: kernel.precision,
            parametrization: parametrization, classes: classes, rows: ("train", kernel.samples),
            columns: ("train", kernel.samples))
    }

    /// What only the end of an earlier part of the run asked for goes with its row.
    private func removeSnapshots(notIn steps: Set<Int>) {
        for folder in ["kernels", "predictions"] {
            var names: [String] = []
            do { names = try FileManager.default.contentsOfDirectory(atPath: "\(directory.path)/\(folder)") } catch {}
            for name in names where name.hasPrefix("step-") && name.hasSuffix(".h5") {
                guard let step = Int(name.dropFirst(5).dropLast(3)), !steps.contains(step) else { continue }
                unlink("\(directory.path)/\(folder)/\(name)")
            }
        }
    }

    /// Gives the kernel probe the last kernel before a checkpoint, from which the next velocity counts. A missing or
    /// damaged file leaves that one velocity unknown.
    func resume(_ history: MetricHistory, from step: Int) throws {
        removeSnapshots(notIn: Set(history.steps))
        guard let kernel = probes.kernel,
            let last = history.steps.last(where: { $0 <= step && tracking.hasKernel(at: $0) })
        else { return }
        let path = directory.kernel(at: last)
        let limit = KernelSpectrum.fullLimit * KernelSpectrum.fullLimit
        do {
            guard try FileDigest.verify(path) == .sound else { return }
            let (values, shape) = try HDF5File(reading: path).read("/kernel", as: Double.self, limit: limit)
            guard shape.count == 2 else { return }
            kernel.resume(after: last, kernel: Matrix(shape[0], shape[1], values))
        } catch is HDF5Error {
            return
        }
    }
}
