/// Norms and separations in the network at its initialization.
public struct InitializationEvidence: Sendable {
    /// One ReLU layer over all samples measured.
    public struct Layer: Sendable {
        /// Label of the layer that it follows.
        public let name: String
        /// Smallest and largest norm over the samples, relative to what initialization keeps on average; nil where one
        /// is not a number.
        public let norms: ClosedRange<Double>?
        /// min over pairs of ‖(I − h_i h_iᵀ/‖h_i‖²) h_j‖/‖h_j‖; NaN where it is not known.
        public let separation: Double

        /// A layer from its norms and its separation.
        public init(name: String, norms: ClosedRange<Double>?, separation: Double) {
            self.name = name
            self.norms = norms
            self.separation = separation
        }
    }

    /// The ReLU layers in their order.
    public let layers: [Layer]
    /// min ‖x_i/‖x_i‖ − x_j/‖x_j‖‖ of the samples measured: δ.
    public let inputSeparation: Double
    /// How many samples were measured: the first ones of the training set.
    public var samples = 0
    /// For each ReLU layer above a trained tensor, the largest ‖∂f/∂h‖_F over the samples, relative to that of the
    /// last; NaN where either is not a number.
    public let backward: [(name: String, norm: Double)]

    /// The evidence of some layers, of no samples yet.
    public init(layers: [Layer], inputSeparation: Double, backward: [(name: String, norm: Double)]) {
        self.layers = layers
        self.inputSeparation = inputSeparation
        self.backward = backward
    }
}
