/// A network as it is written down: layers one after another, some of them residual blocks.
public indirect enum NetworkPart: Sendable {
    case layer(any Layer)
    case residual(Residual)

    /// y = shortcut(x) + scale · branch(x).
    public struct Residual: Sendable {
        /// Factor of the branch.
        public let scale: Double
        /// At least one part.
        public let branch: [NetworkPart]
        /// Empty for the identity.
        public let shortcut: [NetworkPart]

        /// A block; its two ways have to end in one shape.
        public init(scale: Double, branch: [NetworkPart], shortcut: [NetworkPart] = []) {
            self.scale = scale
            self.branch = branch
            self.shortcut = shortcut
        }
    }
}

/// A network as it runs: stages in an order in which each finds its inputs ready.
///
/// Value 0 is the batch; stage s makes value s + 1.
public struct Stage: Sendable {
    /// What it computes.
    public let operation: Operation
    /// The value it reads.
    public let source: Int

    /// A map of one value, or a sum of two.
    public enum Operation: Sendable {
        case layer(any Layer)
        /// value(skip) + scale · value(source), where a residual block ends.
        case sum(skip: Int, scale: Double)
    }

    var layer: (any Layer)? { if case .layer(let layer) = operation { layer } else { nil } }
    var skip: Int? { if case .sum(let skip, _) = operation { skip } else { nil } }
    var worksInPlace: Bool { layer?.worksInPlace ?? true }
    var reads: Reads { layer?.reads ?? [] }
    var isTrained: Bool { layer?.tensors.contains(where: \.isTrained) ?? false }
}

/// Puts parts into stages.
struct StageList {
    private(set) var stages: [Stage] = []

    /// Appends parts that begin at a value, and returns the value at their end.
    @discardableResult
    mutating func append(_ parts: [NetworkPart], from start: Int) throws -> Int {
        var value = start
        for part in parts {
            switch part {
            case .layer(let layer): value = append(.layer(layer), source: value)
            case .residual(let block):
                guard !block.branch.isEmpty else { throw ModelError("a residual block needs layers in its branch") }
                let branch = try append(block.branch, from: value)
                let shortcut = try append(block.shortcut, from: value)
                value = append(.sum(skip: shortcut, scale: block.scale), source: branch)
            }
        }
        return value
    }

    private mutating func append(_ operation: Stage.Operation, source: Int) -> Int {
        stages.append(Stage(operation: operation, source: source))
        return stages.count
    }
}
