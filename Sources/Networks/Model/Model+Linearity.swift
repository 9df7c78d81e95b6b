extension Model {
    /// Whether the outputs are an affine function of the trained weights: one trained layer, with nothing but frozen
    /// and linear layers (and biases) after it. A convex loss is then convex in the weights.
    public var isAffineInTrainedWeights: Bool {
        var degrees: [Degree] = [.constant]
        for stage in stages {
            switch stage.operation {
            case .layer(let layer): degrees.append(Self.degree(of: layer, on: degrees[stage.source]))
            case .sum(let skip, _): degrees.append(max(degrees[skip], degrees[stage.source]))
            }
        }
        return degrees[stages.count] <= .affine
    }

    /// How a value depends on the trained weights.
    private enum Degree: Int, Comparable {
        case constant, affine, other
        static func < (a: Degree, b: Degree) -> Bool { a.rawValue < b.rawValue }
    }

    private static func degree(of layer: any Layer, on input: Degree) -> Degree {
        let hasTrained = layer.tensors.contains(where: \.isTrained)
        let hasTrainedWeight = layer.tensors.contains { $0.isTrained && $0.role == "weight" }
        if input == .constant { return hasTrained ? .affine : .constant }
        if hasTrainedWeight { return .other }
        return layer.isAffine ? input : .other
    }
}
