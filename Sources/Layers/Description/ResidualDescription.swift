import LinearAlgebra
import Networks

/// A residual block: shortcut(x) + scale · branch(x).
public struct ResidualDescription: LayerDescription {
    public static let type = "residual"
    /// Factor of the branch.
    public let scale: Double
    /// Layers of the branch, not empty.
    public let branch: [any LayerDescription]
    /// Layers around it; empty for the identity.
    public let shortcut: [any LayerDescription]

    /// A block that ends in one shape both ways.
    public init(scale: Double, branch: [any LayerDescription], shortcut: [any LayerDescription] = []) {
        self.scale = scale
        self.branch = branch
        self.shortcut = shortcut
    }

    public init(_ options: some OptionReader) {
        scale = options.number("scale", default: 1, in: -1e6...1e6, "factor of the branch")
        branch = options.layers("layers", "the branch")
        shortcut = options.layers("shortcut", "layers on the way around the branch; default: none, the identity")
    }

    public var options: [(key: String, value: String)] {
        func list(_ layers: [any LayerDescription]) -> String { "[" + layers.map(\.yaml).joined(separator: ", ") + "]" }
        return [("scale", "\(scale)"), ("layers", list(branch))]
            + (shortcut.isEmpty ? [] : [("shortcut", list(shortcut))])
    }

    public var weightCount: Int { (branch + shortcut).reduce(0) { $0 + $1.weightCount } }

    public func parts(_ builder: inout ModelBuilder) throws -> [NetworkPart] {
        let branch = try builder.branch(branch)
        let shortcut = try builder.branch(shortcut)
        builder.move(to: branch.shape)
        return [.residual(NetworkPart.Residual(scale: scale, branch: branch.parts, shortcut: shortcut.parts))]
    }
}
