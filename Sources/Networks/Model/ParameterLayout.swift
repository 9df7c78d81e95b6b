/// One trainable or frozen array of a layer, and how it starts.
public struct Tensor: Sendable, Equatable {
    /// The layer it belongs to, unique within a model: `W1`, `fc2`.
    public let layer: String
    /// `weight` or `bias`.
    public let role: String
    /// Row-major shape: dense weights [out, in], convolutions [out, ky, kx, in], biases [out].
    public let shape: [Int]
    /// Names of the axes, as stored with checkpoints: `out,in`, `out,ky,kx,in`.
    public let axes: String
    /// Whether descent moves it.
    public let isTrained: Bool
    /// Standard deviation of the normal distribution it is drawn from; 0 for a start at zero.
    public let standardDeviation: Double
    /// Whether each entry starts at plus or minus the standard deviation, with even chances, instead.
    public let isSigned: Bool
    /// Factor of it in the forward pass.
    public let forwardScale: Double
    /// Places of entries that are 0 from the start and stay 0, ascending; none unless the layer is sparse.
    public let zeros: [Int]

    /// A tensor by its name, shape and start; see the properties.
    public init(
        layer: String, role: String, shape: [Int], axes: String, isTrained: Bool, standardDeviation: Double,
        isSigned: Bool = false, forwardScale: Double = 1, zeros: [Int] = []
    ) {
        self.layer = layer
        self.role = role
        self.shape = shape
        self.axes = axes
        self.isTrained = isTrained
        self.standardDeviation = standardDeviation
        self.isSigned = isSigned
        self.forwardScale = forwardScale
        self.zeros = zeros
    }

    /// Its numbers.
    public var count: Int { shape.reduce(1, *) }
    /// Those that are not held at 0.
    public var freeCount: Int { count - zeros.count }
    /// scale · deviation · √fan-in of a weight, by which it multiplies the root mean square of what it reads at the
    /// start; nil for a bias.
    public var gain: Double? {
        role == "weight" ? forwardScale * standardDeviation * Double(matrixShape.columns).squareRoot() : nil
    }
    /// Rows and columns as a matrix: the first axis against all others; a vector is one row.
    public var matrixShape: (rows: Int, columns: Int) {
        shape.count > 1 ? (shape[0], count / max(shape[0], 1)) : (1, count)
    }
    /// `W1` for a weight, `W1.bias` for a bias: the name in metrics.
    public var label: String { role == "weight" ? layer : "\(layer).\(role)" }
    /// `W1/weight`: the path below `/parameters` in files, and the name of its random stream.
    public var path: String { "\(layer)/\(role)" }
}

/// Where each tensor of a model lies in the flat parameter vector w ∈ R^P.
///
/// Descent, drift, Krylov vectors and checkpoints are loops over this list. The tensors of a layer
/// follow one another without gaps, in the order of the layers.
public struct ParameterLayout: Sendable, Equatable {
    /// A tensor with its place in w.
    public struct Entry: Sendable, Equatable {
        /// What lies there.
        public let tensor: Tensor
        /// Index of its first number in w.
        public let offset: Int
        /// Indices of its numbers in w.
        public var range: Range<Int> { offset..<(offset + tensor.count) }
    }

    /// All tensors, in the order of w.
    public let entries: [Entry]
    /// P, the length of the vector, frozen tensors included.
    public let count: Int

    /// Tensors one after another.
    public init(_ tensors: [Tensor]) {
        var offset = 0
        entries = tensors.map { tensor in
            defer { offset += tensor.count }
            return Entry(tensor: tensor, offset: offset)
        }
        count = offset
    }

    /// The trained ones, in the order of w.
    public var trained: [Entry] { entries.filter(\.tensor.isTrained) }
    /// Numbers in the trained tensors that are not held at 0.
    public var trainedCount: Int { trained.reduce(0) { $0 + $1.tensor.freeCount } }
}
