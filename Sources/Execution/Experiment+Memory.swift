import Training

/// What a run takes of memory, counted before it begins.
extension Experiment {
    /// Bytes that a run takes at most beside what it holds once its data is loaded: parameters now, at
    /// the start and scratch, those of the optimizer, a batch, activations; and before the first step, where the
    /// learning rate is found, what Lanczos needs.
    package func memoryBytes() throws -> Double {
        let form = configuration.training.form
        let vectors = 3 + configuration.training.optimizer.vectorCount + (form.isLinearized ? 1 : 0)
        let parameters = Double(model.layout.count)
        func workspace(_ rows: Int) -> Double { Double(rows) * Double(model.workspaceCount(rows: 1)) }
        let batch = sampler.isFullBatch ? 0 : sampler.batch * (model.inputCount + model.outputCount)
        let training =
            Double(vectors) * parameters + Double(batch) + eliminationCount
            + workspace(workspaceRows) * (form.isLinearized ? 2 : 1)
        let krylov = Double(lanczosSteps + 3) * Double(train.count * model.outputCount)
        let lanczos = 2 * parameters + 2 * workspace(lanczosRows) + krylov
        let isAuto = configuration.training.learningRate == nil
        let each = Double(MemoryLayout<S>.stride)
        // The norms at the start are measured beside the training workspace, when what Lanczos needed is gone.
        let most = max(training * each + initializationBytes, isAuto ? lanczos * each : 0)
        return try trackingBytes() + most + Double(model.scratchBytes(S.self)) + Self.machineryBytes
    }

    /// Numbers of what is trained beside the network, with what the optimizer keeps of it, and arrays of its passes.
    private var eliminationCount: Double {
        guard let elimination = configuration.training.elimination, let added = addedLayout else { return 0 }
        let vectors = 1 + configuration.training.optimizer.vectorCount
        let buffers = Eliminator<S>.bufferCount(elimination, rows: workspaceRows, outputs: model.outputCount)
        return Double(vectors) * Double(added.count) + Double(buffers)
    }

    /// Bytes of what probes keep, of landscapes and of the outputs at the end.
    private func trackingBytes() throws -> Double {
        let cost = ProbeCost(
            model, samples: train.count, testSamples: test?.count ?? 0, batch: sampler.batch, rows: workspaceRows,
            S.precision, probeSelection)
        return try ProbeKinds.all.reduce(landscapeBytes + outputBytes) { try $0 + $1.bytes(cost) }
    }

    /// Workspace with tangents and samples in float64, and vectors of parameters.
    private var landscapeBytes: Double {
        let tracking = configuration.tracking
        guard tracking.landscape.isMeasured else { return 0 }
        let samples = Double(train.count * (model.inputCount + model.outputCount))
        let vectors = Double(LandscapeProbe<S>.vectorCount(tracking.landscape) * model.layout.count)
        return 8 * (samples + vectors + 2 * Double(evaluationRows) * Double(model.workspaceCount(rows: 1)))
    }

    /// The outputs at the end.
    private var outputBytes: Double {
        Double((train.count + (test?.count ?? 0)) * model.outputCount * MemoryLayout<S>.stride)
    }

    /// Directions of the widest layer in float64 with their Gram matrix and pairs; when those are gone, the reverse
    /// passes.
    private var initializationBytes: Double {
        let samples = Double(min(configuration.tracking.initializationSamples, train.count, workspaceRows))
        let widest = Double((0...model.stages.count).map(model.size).max() ?? 0)
        return samples > 0 ? max(Double(InitializationNorms.backwardBytes), 8 * samples * (widest + 3 * samples)) : 0
    }

    /// What libhdf5, OpenBLAS's packing buffers and the writing of records take, measured.
    private static var machineryBytes: Double { 8e6 }

    /// The run's peak, as the process stands with its data loaded.
    func peakBytes() throws -> Double {
        max(Double(ProcessMemory.now) + (try memoryBytes()), Double(ProcessMemory.peak))
    }
}
