import LinearAlgebra

/// A network: its stages with the shapes between them and the layout of its parameters.
///
/// A model holds no weights; they are a `ParameterVector` of its layout.
public struct Model: Sendable {
    /// As it was written down.
    public let parts: [NetworkPart]
    /// The same in the order in which it runs.
    public let stages: [Stage]
    /// shapes[v] is the shape of one sample of value v: the input's for 0, then that of each stage.
    public let shapes: [[Int]]
    /// Where each tensor lies in w.
    public let layout: ParameterLayout
    /// Where each stage's parameters begin in the flat vector.
    let offsets: [Int]
    /// Whether each value depends on a trained tensor.
    let dependsOnTrained: [Bool]
    let memory: MemoryPlan
    let reverse: ReversePlan
    private(set) var fusion: FusionPlan

    /// - Throws: `ModelError` where a layer does not fit the one before it, or two share a name.
    public init(inputShape: [Int], parts: [NetworkPart]) throws {
        guard !parts.isEmpty else { throw ModelError("a network needs at least one layer") }
        self.parts = parts
        var list = StageList()
        try list.append(parts, from: 0)
        stages = list.stages
        shapes = try Self.shapes(of: stages, from: inputShape)
        let tensors = stages.map { $0.layer?.tensors ?? [] }
        try Self.checkSize(of: tensors.joined().map(\.shape))
        var offset = 0
        offsets = tensors.map { own in
            defer { offset += own.reduce(0) { $0 + $1.count } }
            return offset
        }
        layout = ParameterLayout(tensors.flatMap { $0 })
        try Self.checkNames(layout)
        var dependsOnTrained = [false]
        for stage in stages {
            dependsOnTrained.append(
                stage.isTrained || dependsOnTrained[stage.source] || (stage.skip.map { dependsOnTrained[$0] } ?? false))
        }
        self.dependsOnTrained = dependsOnTrained
        let sizes = shapes.map { $0.reduce(1, *) }
        memory = MemoryPlan(stages, sizes: sizes)
        reverse = ReversePlan(stages, sizes: sizes, dependsOnTrained: dependsOnTrained)
        fusion = FusionPlan(stages, memory: memory, reverse: reverse)
    }

    /// A plain sequence of layers; throws as for parts.
    public init(inputShape: [Int], layers: [any Layer]) throws {
        try self.init(inputShape: inputShape, parts: layers.map { .layer($0) })
    }

    /// Names stand in metrics, in paths of files and in configurations.
    private static func checkNames(_ layout: ParameterLayout) throws {
        for entry in layout.entries {
            let name = entry.tensor.layer
            guard !name.isEmpty, !name.contains(where: { "/'#".contains($0) || $0.isNewline }) else {
                throw ModelError("\"\(name)\" is no name for a layer: it is empty or has one of / ' # in it")
            }
        }
        // Different paths can have one label: layer `a` with a bias, and layer `a.bias`.
        for key in [\Tensor.path, \Tensor.label] {
            let names = layout.entries.map { $0.tensor[keyPath: key] }
            guard Set(names).count == names.count else {
                throw ModelError("two layers have the same name among \(names.joined(separator: ", "))")
            }
        }
    }

    /// - Throws: `ModelError` for sizes that no machine holds, before they are multiplied as integers.
    package static func checkSize(of shapes: [[Int]]) throws {
        let total = shapes.reduce(0.0) { $0 + $1.reduce(1.0) { $0 * Double($1) } }
        guard total < 1e15 else {
            throw ModelError(
                "arrays of shape \(shapes.last ?? []) and before it: \(total) numbers, which no machine holds")
        }
    }

    private static func shapes(of stages: [Stage], from input: [Int]) throws -> [[Int]] {
        var shapes = [input]
        for stage in stages {
            try checkSize(of: [shapes[stage.source]])
            switch stage.operation {
            case .layer(let layer): shapes.append(try layer.outputShape(for: shapes[stage.source]))
            case .sum(let skip, _):
                guard shapes[skip] == shapes[stage.source] else {
                    throw ModelError(
                        "a residual block adds a branch of shape \(shapes[stage.source]) to a shortcut of shape "
                            + "\(shapes[skip]): give it a shortcut that makes them equal")
                }
                shapes.append(shapes[skip])
            }
            try checkSize(of: [shapes[shapes.count - 1]])
            guard shapes[shapes.count - 1].allSatisfy({ $0 > 0 }) else {
                throw ModelError("every axis of every layer needs a length of at least 1: \(shapes)")
            }
        }
        return shapes
    }

    /// The same model with a pass of its own for every ReLU.
    package var unfused: Model {
        var copy = self
        copy.fusion = FusionPlan(unfused: reverse, stages: stages.count)
        return copy
    }

    /// How many ReLUs the forward and the reverse pass take along.
    package var fusedStages: (forward: Int, reverse: Int) {
        (fusion.following.count { $0 != nil }, fusion.reverse.count { $0.slope != nil })
    }

    /// Numbers in one sample of value v.
    public func size(_ v: Int) -> Int { shapes[v].reduce(1, *) }
    /// Numbers in one input sample.
    public var inputCount: Int { size(0) }
    /// K, the number of outputs.
    public var outputCount: Int { size(stages.count) }

    package func extent(_ s: Int, rows: Int) -> Extent {
        Extent(rows: rows, input: shapes[stages[s].source], output: shapes[s + 1])
    }

    private func flops(_ s: Int) -> Double {
        stages[s].layer?.forwardFlops(for: shapes[stages[s].source]) ?? Double(2 * size(s + 1))
    }

    /// Flops of one forward pass over `rows` samples; a training step costs about three times that.
    public func forwardFlops(rows: Int) -> Double {
        stages.indices.reduce(0) { $0 + flops($1) } * Double(rows)
    }

    /// Flops of a training step: forward, weight gradients of what is trained, input gradients of what
    /// depends on a trained tensor.
    public func stepFlops(rows: Int) -> Double {
        var total = forwardFlops(rows: rows)
        for (s, stage) in stages.enumerated() {
            let hasTrainedWeight = stage.layer?.tensors.contains { $0.isTrained && $0.role == "weight" } ?? false
            if hasTrainedWeight { total += flops(s) * Double(rows) }
            if dependsOnTrained[stage.source] { total += flops(s) * Double(rows) }
        }
        return total
    }

    /// Flops of the reverse pass of one cotangent of one sample, without weight gradients.
    package var reverseFlops: Double {
        stages.indices.reduce(0) { $0 + (dependsOnTrained[stages[$1].source] ? flops($1) : 0) }
    }

    /// Numbers that a row of cotangents takes.
    package var reverseCount: Int { reverse.sizes.reduce(0, +) }

    /// Bytes that the kernels keep beside any workspace: those of the layer that needs most.
    public func scratchBytes<S: Scalar>(_ type: S.Type) -> Int {
        stages.reduce(0) { most, stage in
            max(most, stage.layer?.scratchBytes(for: shapes[stage.source], type) ?? 0)
        }
    }

    /// Numbers that a workspace for `rows` samples holds, tangents not included.
    public func workspaceCount(rows: Int) -> Int { rows * (memory.sizes.reduce(0, +) + reverse.sizes.reduce(0, +)) }
}
