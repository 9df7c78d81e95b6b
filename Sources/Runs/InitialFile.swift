import Configurations
import HDF5
import LinearAlgebra
import Networks

/// `initial.h5`: the network, its weights before the first step, and what is done to them.
package struct InitialFile<S: Scalar & HDF5Element> {
    package let configuration: Configuration
    package let model: Model
    package let parameters: ParameterVector<S>
    /// η before its schedule.
    package let learningRate: Double
    package let samples: Int
    /// What is trained beside the network; nil for nothing.
    package let added: ParameterVector<S>?

    package init(
        configuration: Configuration, model: Model, parameters: ParameterVector<S>, learningRate: Double, samples: Int,
        added: ParameterVector<S>?
    ) {
        self.configuration = configuration
        self.model = model
        self.parameters = parameters
        self.learningRate = learningRate
        self.samples = samples
        self.added = added
    }

    package static var format: String { "ntklab-initial" }

    package func write(to path: String, _ header: FileHeader) throws {
        try HDF5Writer.write(to: path) { file in
            try header.write(to: file, format: Self.format)
            try file.attribute("step", 0)
            try writeObjective(to: file)
            try writeDescent(to: file)
            try file.strings("/network", model.stageDescriptions)
            try file.attribute(
                "long_name", of: "/network",
                "stages as JSON; stage s makes value s + 1 of value `source`, value 0 is the batch")
            try parameters.write("/parameters", to: file, header)
            try added?.write("/elimination", to: file, header.ofDrawn)
        }
    }

    /// F = objective_scale · Σ ℓ(f, y), over n for the mean; f = g, or made from g and w₀.
    private func writeObjective(to file: HDF5Writer) throws {
        let form = configuration.training.form
        try file.attribute("loss", configuration.loss.rawValue)
        try file.attribute("reduction", configuration.reduction.rawValue)
        try file.attribute("objective_scale", configuration.objective.scale)
        if let scale = form.lazyScale { try file.attribute("lazy_scale", scale) }
        try file.attribute("linearized", form.isLinearized ? "yes" : "no")
    }

    private func writeDescent(to file: HDF5Writer) throws {
        let training = configuration.training
        let sampler = configuration.sampler(samples: samples)
        try file.attribute("learning_rate", learningRate)
        try file.attribute("schedule", "\(training.schedule)")
        switch training.optimizer {
        case .sgd(let momentum):
            try file.attribute("optimizer", "sgd")
            try file.attribute("momentum", momentum.factor)
            try file.attribute("nesterov", momentum.isNesterov ? "yes" : "no")
        case .adam(let adam):
            try file.attribute("optimizer", "adam")
            try file.attribute("beta1", adam.beta1)
            try file.attribute("beta2", adam.beta2)
            try file.attribute("epsilon", adam.epsilon)
            try file.attribute("weight_decay", adam.weightDecay)
            try file.attribute("decoupled_weight_decay", adam.decoupledWeightDecay)
        }
        if let elimination = training.elimination {
            try file.attribute("elimination", elimination.kind.rawValue)
            try file.attribute("elimination_weight", elimination.weight)
        }
        try file.attribute("batch", sampler.batch)
        try file.attribute("sampling", sampler.isFullBatch ? "full" : sampler.order.rawValue)
    }
}

extension ParameterVector where S: HDF5Element {
    /// Writes weights, a dataset a tensor, with all that decided how each starts and how it enters the forward pass.
    package func write(_ group: String, to file: HDF5Writer, _ header: FileHeader) throws {
        for entry in layout.entries {
            let tensor = entry.tensor
            let name = "\(group)/\(tensor.path)"
            let drawn = tensor.standardDeviation == 0 ? "zero" : tensor.isSigned ? "signs" : "normal"
            try file.dataset(
                name, UnsafePointer(base + entry.offset), shape: tensor.shape,
                attributes: [
                    "layout": tensor.axes, "trained": tensor.isTrained ? "yes" : "no", "units": "1",
                    "initial_distribution": header.hasGivenStart ? "given" : drawn,
                ])
            try file.attribute("forward_scale", of: name, tensor.forwardScale)
            if !header.hasGivenStart { try file.attribute("initial_deviation", of: name, tensor.standardDeviation) }
            if !tensor.zeros.isEmpty { try file.attribute("held_at_zero", of: name, tensor.zeros.count) }
            if let gain = tensor.gain { try file.attribute("gain", of: name, gain) }
        }
    }
}
