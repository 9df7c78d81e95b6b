import Configurations
import Files
import Foundation
import HDF5
import LinearAlgebra
import Measurements
import Networks
import RunFolders
import Runs
import TangentKernels
import Training

/// The files of a run that hold more than numbers: its initialization, and kernels, predictions, landscapes and Hessians, one
/// a measurement.
final class SnapshotWriter<S: Scalar & HDF5Element> {
    private let directory: RunDirectory
    private let header: FileHeader
    private let probes: Probes<S>
    private let landscape: LandscapeProbe<S>?
    private let tracking: TrackingConfiguration
    private let parametrization: String
    private let classes: Int
    /// Whether the files of kernels hold the matrix.
    private let keepsMatrix: Bool

    /// - Parameters:
    ///   - start: the weights at initialization.
    ///   - rate: η of each step.
    init(
        _ experiment: Experiment<S>, _ directory: RunDirectory, _ header: FileHeader, _ probes: Probes<S>,
        _ workspace: Workspace<S>, _ start: ParameterVector<S>, rate: @escaping (Int) -> Double
    ) throws {
        self.directory = directory
        self.header = header
        self.probes = probes
        tracking = experiment.configuration.tracking
        parametrization = experiment.configuration.model.parametrization.rawValue
        classes = experiment.model.outputCount
        keepsMatrix = tracking.keepsMatrix(
            rows: (probes.kernel?.samples ?? 0) * tracking.probes.kernel.outputs.rows(experiment.model.outputCount))
        landscape =
            tracking.landscape.isMeasured
            ? LandscapeProbe(
                experiment.model, experiment.objective, experiment.train, start: start, rate: rate,
                seed: experiment.configuration.seed, rows: experiment.evaluationRows, tracking.landscape) : nil
        for (folder, isWanted) in [
            (RunFile.kernels, probes.kernel != nil), (.predictions, probes.prediction != nil),
            (.landscape, landscape != nil), (.hessians, probes.hessian != nil),
        ] where isWanted { try RunDirectory.makeFolder(folder.rawValue, of: directory.path) }
        try writeInitialization(experiment, workspace, start)
    }

    /// The norms at the start, if no earlier part of the run wrote them.
    private func writeInitialization(
        _ experiment: Experiment<S>, _ workspace: Workspace<S>, _ start: ParameterVector<S>
    ) throws {
        let path = RunFile.initialization.path(of: directory.path)
        guard tracking.initializationSamples > 0, !Disk.exists(path) else { return }
        let norms = InitializationNorms(
            workspace, start, experiment.train, limit: tracking.initializationSamples,
            preserving: experiment.configuration.model.parametrization == .paper ? .ofPlaces : .ofEntries)
        if !norms.layers.isEmpty { try norms.write(to: path, header) }
    }

    /// Looks at the loss around w, the weights after `step` steps.
    func writeLandscape(_ w: ParameterVector<S>, at step: Int) throws {
        guard let landscape, landscape.snapshot?.step != step else { return }
        landscape.measure(w, step: step)
        guard let (measured, rate, surface) = landscape.snapshot, measured == step else { return }
        try surface.write(to: directory.landscape(at: step), step: step, learningRate: rate, header)
    }

    /// Writes what was measured at this step.
    func write(_ metrics: [Metric], at step: Int) throws {
        if let kernel = probes.kernel, let snapshot = kernel.snapshot, snapshot.step == step {
            let (description, numbers) = (
                description(kernel, step), metrics.filter { ProbeKinds.kind(of: $0.name)?.part == .kernel }
            )
            // First what a run needs that goes on from here.
            if !keepsMatrix, tracking.hasKernel(at: step) {
                try snapshot.write(to: directory.matrix(at: step), description, numbers, header, hasMatrix: true)
            }
            try snapshot.write(to: directory.kernel(at: step), description, numbers, header, hasMatrix: keepsMatrix)
        }
        if let snapshot = probes.prediction?.snapshot, snapshot.step == step {
            try snapshot.write(to: directory.prediction(at: step), header)
        }
        if let snapshot = probes.hessian?.snapshot, snapshot.step == step {
            try StoredSpectrum(snapshot).write(to: RunFile.hessians.path(of: directory.path, at: step), header)
        }
    }

    private func description(_ kernel: KernelProbe<S>, _ step: Int) -> KernelDescription {
        KernelDescription(
            step: step, outputs: kernel.selection.outputs, precision: kernel.precision,
            parametrization: parametrization, classes: classes, rows: ("train", kernel.samples),
            columns: ("train", kernel.samples))
    }

    /// Deletes matrices that stood beside spectra: the newest checkpoints need the last one before them, for the next
    /// velocity, and those behind the newest are still to have a checkpoint.
    /// - Throws: `FileError`.
    func removeMatrices(checkpoints: [Int]) throws {
        guard !keepsMatrix, probes.kernel != nil else { return }
        let steps = try RunFile.kernels.steps(of: directory.path, prefix: RunFile.matrixPrefix)
        let newest = checkpoints.max()
        let needed = Set(checkpoints.sorted().suffix(3).compactMap { checkpoint in steps.last { $0 <= checkpoint } })
        for step in steps where !needed.contains(step) && newest.map({ step <= $0 }) ?? true {
            try WholeFile.remove(directory.matrix(at: step))
        }
    }

    /// Deletes what is not of a run that ended at `end` with rows at `steps`: what only the end of an earlier part asked
    /// for. Not before that end, so that what a resumed run makes again is there until it is replaced.
    /// - Throws: `FileError`.
    func removeOthers(rows steps: Set<Int>, end: Int) throws {
        for folder in RunFile.snapshots {
            var found: [Int] = []
            do { found = try folder.steps(of: directory.path) } catch {}
            for step in found where !steps.contains(step) || step != end && !isAskedFor(folder, at: step) {
                try WholeFile.remove(folder.path(of: directory.path, at: step))
            }
        }
    }

    private func isAskedFor(_ folder: RunFile, at step: Int) -> Bool {
        switch folder {
        case .landscape: tracking.hasLandscape(at: step)
        case .kernels: tracking.hasKernel(at: step)
        case .hessians: tracking.hasHessian(at: step)
        default: tracking.steps.contains(step)
        }
    }

    /// Gives the kernel probe the last kernel before a checkpoint, from which the next velocity counts. A missing or
    /// damaged file leaves that one velocity unknown, and is named.
    func resume(_ history: MetricHistory, from step: Int, say: (String) -> Void) throws {
        guard let kernel = probes.kernel,
            let last = history.steps.last(where: { $0 <= step && tracking.hasKernel(at: $0) })
        else { return }
        let path = keepsMatrix ? directory.kernel(at: last) : directory.matrix(at: last)
        let limit = KernelSpectrum.fullLimit * KernelSpectrum.fullLimit
        do {
            guard try FileDigest.verify(path) == .sound else { throw HDF5Error(file: path, "is damaged") }
            let file = try HDF5File(reading: path)
            let found = try file.integer("step", of: "/")
            guard found == last else {
                throw HDF5Error(
                    file: path, "step: expected \(last) as in its name, found \(found.map(String.init) ?? "none")")
            }
            let (values, shape) = try StoredKernel(file).matrix(limit: limit)
            guard shape.count == 2 else { throw HDF5Error(file: path, object: KernelPath.matrix, "is no matrix") }
            kernel.resume(after: last, kernel: MatrixBuffer(shape[0], shape[1], values))
        } catch let error as HDF5Error {
            say("warning   \(error): the next kernel_velocity will be unknown")
        }
    }
}
