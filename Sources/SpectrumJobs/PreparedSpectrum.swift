import Configurations
import Execution
import Files
import HDF5
import Landscape
import LinearAlgebra
import Networks
import RunFolders
import Runs

/// A request with its network, data and weights: a run in precision `S`, Lanczos in precision `P`.
struct PreparedSpectrum<S: Scalar & HDF5Element, P: Scalar & HDF5Element>: PreparedSpectrumJob {
    let request: SpectrumRequest
    let configuration: Configuration
    let experiment: Experiment<S>
    let step: Int
    let samples: Int
    /// η of the step −ηg that comes next; 0 where steps are others.
    let learningRate: Double
    let w: ParameterVector<S>
    /// Where the form that is trained began; nil for the network itself.
    let start: ParameterVector<S>?

    init(_ request: SpectrumRequest, _ configuration: Configuration) throws {
        self.request = request
        self.configuration = configuration
        experiment = try Experiment<S>(configuration)
        let record = try RunRecord(reading: request.run)
        try experiment.refuseOtherData(than: record, of: request.run)
        step = try RunWeights<S>.step(request.step, of: request.run, keepsNone: configuration.checkpoints.keep == 0)
        let training = configuration.training
        learningRate = training.descendsGradient ? record.learningRate * training.schedule.factor(at: step) : 0
        if let wanted = request.samples, wanted > experiment.train.count {
            throw LabError("--samples: expected 1 to \(experiment.train.count), the run's, found \(wanted)")
        }
        samples = request.samples ?? experiment.train.count
        guard experiment.model.layout.trainedCount > 0 else {
            throw LabError("\(request.run): nothing is trained: its loss has no curvature")
        }
        let weights = RunWeights(run: request.run, experiment: experiment)
        w = try weights.parameters(at: step)
        start = configuration.training.form.isNetwork ? nil : try weights.start()
    }

    var model: Model { experiment.model }
    /// Number of trained weights.
    var dimension: Int { model.layout.trainedCount }
    var outputs: Int { experiment.train.targets.columns }

    var out: String {
        let part = samples == experiment.train.count ? "" : "-\(samples)"
        let name = "\(request.kind.rawValue)-step-\(step)\(part)-\(P.precision.rawValue).h5"
        return request.out ?? "\(RunFile.spectra.path(of: request.run))/\(name)"
    }

    /// What decides the bits of the results.
    ///
    /// - Throws: as `rows`.
    func identity() throws -> JobIdentity {
        JobIdentity([
            ("--of", request.kind.rawValue), ("step", "\(step)"), ("samples", "\(samples)"),
            ("--top", "\(request.top)"), ("--bottom", "\(request.bottom)"), ("--density", "\(request.hasDensity)"),
            ("--trace", "\(request.hasTrace)"), ("--probes", "\(request.probes)"),
            ("--lanczos-steps", "\(request.lanczosSteps)"), ("--precision", P.precision.rawValue),
            ("rows of a pass (--memory)", "\(try rows(P.self))"), ("data", experiment.dataDigest),
            ("weights", w.digest), ("start", start?.digest ?? ""), ("configuration", configuration.resolvedText),
            ("program and machine", RunRecord.Environment().summary),
        ])
    }

    /// F around the weights in some precision, over the samples.
    func surface<T: Scalar>(_ type: T.Type) throws -> LossSurface<T> {
        let surface = LossSurface<T>(
            model, configuration.training.form, experiment.objective, experiment.train.inputs,
            experiment.train.targets, samples: samples, start: start, rows: try rows(type))
        surface.move(to: w)
        return surface
    }

    /// Rows of a pass in the memory that vectors and data leave; all samples where that is enough.
    func rows<T: Scalar>(_ type: T.Type) throws -> Int {
        // Those of Lanczos and those of the measuring are there together.
        let row = LossSurface<T>.count(model) * (MemoryLayout<P>.stride + MemoryLayout<Double>.stride)
        let left = request.memory - fixedBytes
        guard left >= row else {
            let what = isDense ? "the matrix" : "vectors"
            let advice = isDense ? "" : "; fewer --lanczos-steps or --probes take less"
            throw LabError(
                "--memory: expected at least \((fixedBytes + row + (1 << 20) - 1) >> 20)MiB for \(what) of "
                    + "\(dimension) weights and one sample, found \(request.memory) bytes\(advice)")
        }
        return min(samples, left / row)
    }

    /// The process, and the run's data and weights in its precision.
    var processBytes: Int {
        let data = experiment.train.inputs.count + experiment.train.targets.count
        return ProcessMemory.own + (data + 2 * model.layout.count) * MemoryLayout<S>.stride
    }

    /// That, data and weights in both precisions, and the vectors of Lanczos or of the trace, or the matrix.
    private var fixedBytes: Int {
        let copies = (samples * (model.inputCount + outputs) + 6 * model.layout.count) * (8 + MemoryLayout<P>.stride)
        let steps = min(request.lanczosSteps, dimension)
        let vectors = max(steps + 2, request.hasTrace ? 3 * request.probes : 0)
        let krylov = isDense ? 24 * dimension * dimension : vectors * dimension * MemoryLayout<P>.stride
        // Vectors that are measured: as they were found, in float64, and in order.
        let pairs = (request.top + request.bottom) * dimension * (16 + MemoryLayout<P>.stride)
        return processBytes + copies + krylov + pairs
    }

    /// Whether the matrix is written down.
    var isDense: Bool { dimension <= CurvatureSpectrum.denseLimit }
}
