import Console
import Files
import Layers
import LinearAlgebra
import Networks
import Statistics

/// `model`: the network, up to the shapes that the data decides.
package struct ModelConfiguration: Sendable {
    package enum Network: String, CaseIterable { case mlp, cnn, resnet, layers }

    private let builder: ModelBuilder
    package var parametrization: Parametrization { builder.parametrization }
    /// The list of layers, written out by its author or by a shorthand.
    private let layers: [any LayerDescription]
    /// Where the weights at step 0 come from; nil where they are drawn from the seed.
    package let start: StartingWeights?

    init(_ section: ConfigSection) {
        let isListed = section.node?.mapping?["layers"] != nil
        let network = section.choice(
            "network", default: isListed ? Network.layers : .mlp,
            "kind of network: a shorthand for a list of layers, or that list")
        builder = Self.builder(section)
        start = StartingWeights(section, "initialize_from")
        var expansions: [Network: [any LayerDescription]] = [:]
        for kind in section.reader.isListing ? Network.allCases : [network] {
            section.condition = "network: \(kind.rawValue)"
            expansions[kind] = Self.layers(kind, section, builder)
        }
        section.condition = ""
        layers = expansions[network] ?? []
        if network == .layers {
            if layers.isEmpty, !section.reader.isListing {
                section.reader.report(section.fullPath("layers"), section.node, "is missing or empty")
            }
        } else {
            section.comment("layers:")
            for layer in layers { section.comment("  - " + layer.yaml) }
        }
    }

    private static func builder(_ section: ConfigSection) -> ModelBuilder {
        let function = section.choice("activation", default: Activation.Function.relu, "φ")
        let slope = section.number(
            "negative_slope", default: 0.01, in: 0...1, "slope for x ≤ 0, for activation: leaky-relu")
        let parametrization = section.choice(
            "parametrization", default: Parametrization.paper,
            "paper (A, W ~ N(0, 2/m), B ~ N(0, 1/K), only W trained), standard (He) or ntk (N(0, 1), scaled forward)")
        let bias = section.flag("bias", default: false, "whether layers add a bias")
        let biasScale = section.number(
            "bias_scale", default: 0.1, in: 0...1e6, "β, factor of N(0, 1) biases in the ntk parametrization")
        let signs = section.flag(
            "output_signs", default: false, "draw a dense output layer's weights as ± their deviation, not normal")
        let frozen = section.words("frozen", "tensors that stay at their start, such as [output, W1.bias]")
        let trained = section.words("trained", "tensors that train against the parametrization's rule, such as [A, B]")
        if let both = trained.first(where: frozen.contains) {
            section.problem("trained", "\(both) is in frozen too")
        }
        return ModelBuilder(
            parametrization: parametrization, activation: Activation(function, negativeSlope: slope), hasBias: bias,
            biasScale: biasScale, hasSignedOutput: signs, frozen: Set(frozen), trained: Set(trained))
    }

    private static func layers(
        _ network: Network, _ section: ConfigSection, _ builder: ModelBuilder
    ) -> [any LayerDescription] {
        switch network {
        case .layers: return section.layers("layers", "the network, layer after layer")
        case .mlp:
            let width = section.integer("width", default: 1024, in: 1...(1 << 20), "m, neurons of a hidden layer")
            let depth = depth(section)
            let isActivated = section.flag(
                "output_activation", default: false,
                "whether φ stands after the output layer too (Zhou, Feng 2018, section 2, have it after every layer)")
            let sparsity = section.number(
                "sparsity", default: 0, in: DenseDescription.sparsities, DenseDescription.sparsityMeaning)
            return MLP(width: width, depth: depth, hasOutputActivation: isActivated, sparsity: sparsity).layers(builder)
        case .cnn:
            let width = section.integer("width", default: 64, in: 1...(1 << 16), "m, channels of a hidden layer")
            let (depth, kernel, head) = (depth(section), kernel(section), head(section))
            return CNN(width: width, depth: depth, kernel: kernel, head: head).layers(builder)
        case .resnet: return resNet(section).layers(builder)
        }
    }

    private static func resNet(_ section: ConfigSection) -> ResNet {
        let width = section.integer("width", default: 64, in: 1...(1 << 16), "m, channels or neurons")
        let block = section.choice(
            "block", default: ResNet.Block.paper,
            "paper (φ(h + τWh)), du (h + (c/(L√m)) φ(Wh), W ~ N(0, 1)) or pre-activation (h + τ conv(φ(conv(φ(h)))))")
        let stages = section.integers(
            "stages",
            "blocks of each stage, such as [3, 3, 3]; each after the first halves the images and doubles the channels")
        var depth = stages.isEmpty || section.reader.isListing ? [depth(section)] : stages
        if stages.contains(where: { !(1...512).contains($0) }) || stages.count > 8 {
            section.reader.report(
                section.fullPath("stages"), section.node?["stages"],
                "expected up to 8 numbers from 1 to 512, found \(stages)")
            depth = [1]
        }
        if stages.count > 1, block != .preActivation {
            section.reader.report(
                section.fullPath("stages"), section.node, "only pre-activation blocks change shapes; set model.depth")
        }
        let isConvolutional = section.flag("convolutional", default: true, "convolutions, or dense layers")
        let kernel = kernel(section)
        let tau = section.wordOrNumber(
            "tau", default: .word("auto"), words: ["auto"], in: -1e6...1e6, isInteger: false,
            "factor of a branch: paper: τ, auto is 1/(L ln m); du: c, auto is 0.5; pre-activation: auto is 1/√L")
        let head = head(section)
        return ResNet(
            block: block, width: width, stages: depth, kernel: isConvolutional ? kernel : nil, tau: tau.number,
            head: head
        )
    }

    private static func depth(_ section: ConfigSection) -> Int {
        section.integer(
            "depth", default: 3, in: 0...4096,
            "L, hidden layers W1 … WL (blocks of a resnet); in the paper's parametrization between the frozen A and B")
    }

    private static func kernel(_ section: ConfigSection) -> WindowShape.Sides {
        let three = WindowShape.Sides(3, 3)
        return section.sides("kernel", default: three, "sides of the kernels") ?? three
    }

    private static func head(_ section: ConfigSection) -> Head {
        section.choice("head", default: Head.globalAverage, "from the last images to the output layer")
    }

    /// The network for samples of a shape and K outputs.
    package func model(inputShape: [Int], outputs: Int) throws -> Model {
        do {
            return try builder.model(layers, inputShape: inputShape, outputs: outputs)
        } catch let error as ModelError {
            throw LabError("model: \(error)")
        }
    }
}
