import LinearAlgebra
import RealModule

/// A residual network of L blocks of width m, fully connected or convolutional.
public struct ResNet: NetworkShorthand {
    /// What a block is.
    public var block: Block
    /// m, neurons or channels of the first stage.
    public var width: Int
    /// Blocks of each stage (several for pre-activation blocks only); from one stage to the next the
    /// channels or neurons are doubled, and images halved.
    public var stages: [Int]
    /// Nil for a fully connected network.
    public var kernel: WindowShape.Sides?
    /// The branch's factor, τ or c or as it is; nil for its default.
    public var tau: Double?
    /// What stands before the output layer of a convolutional network.
    public var head: Head

    /// The three kinds of blocks.
    public enum Block: String, CaseIterable, Sendable {
        /// h ← φ(h + τ W h), τ = 1/(L ln m) by default, for m ≥ 2 (Allen-Zhu, Li, Song 2019, appendix on residual
        /// networks: τ = 1/Ω(L log m)).
        case paper
        /// h ← h + (c/(L √m)) φ(W h) with W ~ N(0, 1), 0 < c < 1, by default ½ (Du, Lee, Li, Wang, Zhai
        /// 2019, section 6; the same √m for convolutions, whose patches hold more than m numbers).
        case du
        /// h ← h + τ conv(φ(conv(φ(h)))) (He, Zhang, Ren, Sun 2016, figure 4e, without normalization),
        /// τ = 1/√L by default, with which He's initialization multiplies E‖h‖² by at most e.
        case preActivation = "pre-activation"
    }

    /// A network of `stages` of blocks.
    public init(
        block: Block, width: Int, stages: [Int], kernel: WindowShape.Sides? = WindowShape.Sides(3, 3),
        tau: Double? = nil, head: Head = .globalAverage
    ) {
        self.block = block
        self.width = width
        self.stages = stages
        self.kernel = kernel
        self.tau = tau
        self.head = head
    }

    /// L.
    public var depth: Int { stages.reduce(0, +) }

    /// The factor of each branch.
    public var branchScale: Double {
        let m = Double(width)
        let blocks = Double(max(depth, 1))
        switch block {
        case .paper: return tau ?? 1 / (blocks * Double.log(max(m, 2)))
        case .du: return (tau ?? 0.5) / (blocks * Double.sqrt(m))
        case .preActivation: return tau ?? 1 / Double.sqrt(blocks)
        }
    }

    public func layers(_ builder: ModelBuilder) -> [any LayerDescription] {
        let phi = ActivationDescription(builder.activation)
        let isDense = kernel == nil
        let start: [any LayerDescription] = (isDense ? [FlattenDescription()] : []) + [weights(width)]
        let end: [any LayerDescription] = (isDense ? [] : [head.layer]) + [DenseDescription()]
        switch block {
        case .paper:
            let step: [any LayerDescription] = [ResidualDescription(scale: branchScale, branch: [weights(width)]), phi]
            return start + [phi] + (0..<depth).flatMap { _ in step } + end
        case .du:
            // The scale holds 1/√m already, so W is N(0, 1) and not scaled again.
            let plain = WeightOptions(deviation: 1, scale: 1)
            let step = ResidualDescription(scale: branchScale, branch: [weights(width, plain), phi])
            return start + [phi] + (0..<depth).map { _ in step } + end
        case .preActivation:
            return start + preActivationBlocks(phi) + [phi] + end
        }
    }

    private func preActivationBlocks(_ phi: ActivationDescription) -> [any LayerDescription] {
        var blocks: [any LayerDescription] = []
        for (stage, count) in stages.enumerated() {
            let channels = width << stage
            for i in 0..<count {
                let changes = stage > 0 && i == 0
                let stride = changes && kernel != nil ? 2 : 1
                let one = kernel.map { _ in WindowShape.Sides(1, 1) }
                blocks.append(
                    ResidualDescription(
                        scale: branchScale,
                        branch: [phi, weights(channels, stride: stride), phi, weights(channels)],
                        shortcut: changes ? [weights(channels, kernel: one, stride: stride)] : []))
            }
        }
        return blocks
    }

    private func weights(_ count: Int, _ options: WeightOptions = WeightOptions(), stride: Int = 1)
        -> any LayerDescription
    {
        weights(count, options, kernel: kernel, stride: stride)
    }

    private func weights(
        _ count: Int, _ options: WeightOptions = WeightOptions(), kernel: WindowShape.Sides?, stride: Int
    ) -> any LayerDescription {
        guard let kernel else { return DenseDescription(units: count, weight: options) }
        return ConvolutionDescription(
            channels: count, kernel: kernel, stride: WindowShape.Sides(stride, stride), weight: options)
    }
}
