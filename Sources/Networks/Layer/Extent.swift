/// What the derivatives of a layer read of its forward pass.
public struct Reads: OptionSet, Sendable {
    /// The bits of the set.
    public let rawValue: Int
    /// The set with these bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// x, as a dense layer does.
    public static let input = Reads(rawValue: 1)
    /// y (or ẏ), as an activation does that overwrote x.
    public static let output = Reads(rawValue: 2)
}

/// A batch as a layer sees it.
public struct Extent: Sendable {
    /// Samples of the batch.
    public let rows: Int
    /// Shape of one input sample and of one output sample.
    public let input: [Int]
    /// Shape of one output sample.
    public let output: [Int]
    /// Numbers in one input sample and in one output sample.
    public let inputs: Int
    /// Numbers in one output sample.
    public let outputs: Int

    /// A batch of `rows` samples of these shapes.
    public init(rows: Int, input: [Int], output: [Int]) {
        self.rows = rows
        self.input = input
        self.output = output
        inputs = input.reduce(1, *)
        outputs = output.reduce(1, *)
    }

    private init(_ other: Extent, rows: Int) {
        self.rows = rows
        input = other.input
        output = other.output
        inputs = other.inputs
        outputs = other.outputs
    }

    package func with(rows: Int) -> Extent { Extent(self, rows: rows) }
}
