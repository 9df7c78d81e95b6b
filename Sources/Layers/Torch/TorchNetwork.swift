import LinearAlgebra
import Networks

/// A network as PyTorch has it: an `nn.Sequential`, whose tensors have the names and shapes of its `state_dict`.
///
/// A layer is a module, and its number counts all modules. Two of ours are two there: global average pooling (and
/// `nn.Flatten`) and a convolution with uneven zeros (after `nn.ZeroPad2d`). A residual block is a module with two
/// sequences, `branch` and `shortcut`, so that the first layer of the branch of module 3 is `3.branch.0`.
///
/// Images are [channels, height, width] there, and are flattened in this order: columns of the dense layer after a
/// `Flatten` change places.
public struct TorchNetwork: Sendable {
    /// The arrays in the order of the parameter vector.
    public let tensors: [TorchTensor]
    /// The network in Python, with the definitions of what is none of PyTorch's modules.
    public let python: String
    /// Factors of residual branches that are not 1: they belong to a module, and to no tensor.
    public let branchScales: [Double]

    /// - Throws: `ModelError` where an order of the flattened pixels has no counterpart.
    public init(_ model: Model) throws {
        var walk = Walk()
        var place = Walk.Place(shape: model.shapes[0])
        let modules = try walk.modules(model.parts, named: "", at: &place)
        try Walk.refuse(place.flattened, "the outputs are")
        let entries = Dictionary(uniqueKeysWithValues: model.layout.entries.map { ($0.tensor.path, $0) })
        tensors = walk.tensors.compactMap { found in
            entries[found.tensor.path].map { TorchTensor(name: found.name, entry: $0, pixels: found.pixels) }
        }.sorted { $0.entry.offset < $1.entry.offset }
        branchScales = walk.branchScales
        let code = Walk.sequence(modules)
        let definitions = Self.definitions.filter { code.contains($0.name + "(") }.map { $0.code + "\n\n" }
        let sparse = tensors.filter { !$0.entry.tensor.zeros.isEmpty }.map(\.name)
        let warning =
            sparse.isEmpty
            ? "" : "# Zeros of \(sparse.joined(separator: ", ")) stay 0 in training here; PyTorch moves them.\n"
        python = definitions.joined() + warning + "model = " + code
    }

    private static let definitions: [(name: String, code: String)] = [
        (
            "Residual",
            """
            class Residual(nn.Module):
                def __init__(self, branch, shortcut=None, scale=1.0):
                    super().__init__()
                    self.branch, self.shortcut, self.scale = branch, shortcut or nn.Identity(), scale

                def forward(self, x):
                    return self.shortcut(x) + self.scale * self.branch(x)
            """
        ),
        (
            "Erf",
            """
            class Erf(nn.Module):
                def forward(self, x):
                    return torch.erf(x)
            """
        ),
    ]
}

/// Goes through the parts of a network, numbering modules.
private struct Walk {
    private(set) var tensors: [(name: String, tensor: Tensor, pixels: Int)] = []
    private(set) var branchScales: [Double] = []

    /// Where a part stands.
    struct Place {
        /// Of one sample.
        var shape: [Int]
        /// Pixels and channels of the image that lies there flattened, where the order of both matters.
        var flattened: Image?
    }

    struct Image: Equatable {
        let pixels: Int
        let channels: Int
    }

    /// The modules of a sequence in Python.
    mutating func modules(_ parts: [NetworkPart], named prefix: String, at place: inout Place) throws -> [String] {
        var modules: [String] = []
        for part in parts {
            switch part {
            case .layer(let layer):
                modules += layer.torchModules(for: place.shape)
                try pass(layer, named: "\(prefix)\(modules.count - 1)", at: &place)
            case .residual(let block):
                modules.append(try module(block, named: "\(prefix)\(modules.count)", at: &place))
            }
        }
        return modules
    }

    private mutating func pass(_ layer: any Layer, named name: String, at place: inout Place) throws {
        if let weighted = layer as? any WeightedLayer {
            let shape = weighted.weight.shape
            let isDense = shape.count == 2
            let pixels = isDense ? place.flattened?.pixels ?? 1 : shape[1] * shape[2]
            for tensor in weighted.tensors {
                tensors.append(("\(name).\(tensor.role)", tensor, tensor.role == "weight" ? pixels : 1))
            }
            if isDense { place.flattened = nil }
        } else if layer is Flatten, place.shape.count == 3 {
            let image = Image(pixels: place.shape[0] * place.shape[1], channels: place.shape[2])
            place.flattened = image.pixels > 1 && image.channels > 1 ? image : nil
        }
        // Weights that are in no list would be missing in the file without a word.
        if !layer.tensors.isEmpty, !(layer is any WeightedLayer) {
            throw ModelError("\(type(of: layer)): has weights, and how PyTorch orders them is not known")
        }
        place.shape = try layer.outputShape(for: place.shape)
    }

    private mutating func module(
        _ block: NetworkPart.Residual, named name: String, at place: inout Place
    ) throws -> String {
        var around = place
        let branch = try modules(block.branch, named: name + ".branch.", at: &place)
        let shortcut = try modules(block.shortcut, named: name + ".shortcut.", at: &around)
        if place.flattened != around.flattened {
            try Self.refuse(place.flattened ?? around.flattened, "one side of a residual block is")
        }
        if block.scale != 1 { branchScales.append(block.scale) }
        let arguments =
            [Self.sequence(branch)]
            + (shortcut.isEmpty ? [] : [Self.sequence(shortcut)])
            + (block.scale == 1 ? [] : ["scale=\(block.scale)"])
        return "Residual(" + arguments.joined(separator: ", ") + ")"
    }

    static func refuse(_ image: Image?, _ what: String) throws {
        guard let image else { return }
        throw ModelError(
            "\(what) a flattened image of \(image.pixels) pixels and \(image.channels) channels, which PyTorch flattens in "
                + "another order: put a dense layer after it")
    }

    /// `nn.Sequential(…)`, a module a line.
    static func sequence(_ modules: [String]) -> String {
        let lines = modules.map { "    \($0.replacing("\n", with: "\n    ")),\n" }
        return "nn.Sequential(\n" + lines.joined() + ")"
    }
}

extension WindowShape.Sides {
    /// `3`, or `(3, 5)`.
    var python: String { y == x ? "\(y)" : "(\(y), \(x))" }
}
