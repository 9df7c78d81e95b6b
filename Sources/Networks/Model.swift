import LinearAlgebra

/// A network: a list of layers with the shapes between them and the layout of its parameters.
///
/// A model holds no weights; they are a `ParameterVector` of its layout.
public struct Model: Sendable {
    public let layers: [any Layer]
    /// shapes[l] is the shape of one input sample of layer l; the last entry is the output's.
    public let shapes: [[Int]]
    public let layout: ParameterLayout
    /// Where each layer's parameters begin in the flat vector.
    let offsets: [Int]
    /// Index of the first layer that has a trained tensor; cotangents stop there.
    let firstTrained: Int

    /// - Throws: `ModelError` where a layer does not fit the one before it, or two share a name.
    public init(inputShape: [Int], layers: [any Layer]) throws {
        guard !layers.isEmpty else { throw ModelError("a network needs at least one layer") }
        var shapes = [inputShape]
        var tensors: [Tensor] = []
        var offsets: [Int] = []
        var offset = 0
        for layer in layers {
            shapes.append(try layer.outputShape(for: shapes[shapes.count - 1]))
            offsets.append(offset)
            offset += layer.tensors.reduce(0) { $0 + $1.count }
            tensors += layer.tensors
        }
        guard shapes.allSatisfy({ $0.allSatisfy { $0 > 0 } }) else {
            throw ModelError("every axis of every layer needs a length of at least 1: \(shapes)")
        }
        guard Set(tensors.map(\.path)).count == tensors.count else {
            throw ModelError("two layers have the same name among \(tensors.map(\.path).joined(separator: ", "))")
        }
        self.layers = layers
        self.shapes = shapes
        self.offsets = offsets
        layout = ParameterLayout(tensors)
        firstTrained = layers.firstIndex { $0.tensors.contains(where: \.isTrained) } ?? layers.count
    }

    /// Numbers in one sample at the input of layer l (l = layers.count: at the output).
    public func size(_ l: Int) -> Int { shapes[l].reduce(1, *) }
    public var inputCount: Int { size(0) }
    /// K, the number of outputs.
    public var outputCount: Int { size(layers.count) }

    func extent(_ l: Int, rows: Int) -> Extent { Extent(rows: rows, inputs: size(l), outputs: size(l + 1)) }

    /// Whether layer l overwrites its input, given that the one before does not need what it wrote.
    func worksInPlace(_ l: Int) -> Bool {
        l > 0 && layers[l].worksInPlace && (layers[l - 1].readsInput || !layers[l - 1].worksInPlace)
    }

    /// Flops of one forward pass over `rows` samples; a training step costs about three times that.
    public func forwardFlops(rows: Int) -> Double {
        zip(layers, shapes).reduce(0) { $0 + $1.0.forwardFlops(for: $1.1) } * Double(rows)
    }

    /// Flops of a training step: forward, weight gradients of what is trained, input gradients
    /// above the first trained layer.
    public func stepFlops(rows: Int) -> Double {
        var flops = forwardFlops(rows: rows)
        for l in firstTrained..<layers.count {
            let product = layers[l].forwardFlops(for: shapes[l]) * Double(rows)
            if layers[l].tensors.contains(where: { $0.isTrained && $0.role == "weight" }) { flops += product }
            if l > firstTrained { flops += product }
        }
        return flops
    }

    /// Numbers that a workspace for `rows` samples holds, tangents not included.
    public func workspaceCount(rows: Int) -> Int {
        let values = layers.indices.filter { !worksInPlace($0) }.reduce(0) { $0 + size($1 + 1) }
        return rows * (values + 2 * (shapes.indices.dropFirst().map(size).max() ?? 0))
    }
}
