import Layers
import Networks

/// Fully connected: l layers without biases, W_j of shape [d_j, d_{j−1}]. The theorems speak of linear ones, and of those with a
/// sigmoid after each layer, the last one too.
///
/// Of a sparse layer w has the weights that are not held at 0, as `TrainedCoordinates` has them.
///
/// Source: Zhou, Feng 2018 (ICLR; arXiv:1705.07038), section 2.
package struct PlainNetwork: Sendable {
    package enum Kind: String, Sendable {
        case linear, sigmoid
        /// With activations of which no theorem speaks.
        case other

        /// Those of the theorems.
        package static var published: [Kind] { [.linear, .sigmoid] }
    }
    package let kind: Kind
    /// d_0, …, d_l.
    package let widths: [Int]
    /// w is [W_1, …, W_l], each row-major.
    package let model: Model

    /// One of the theorems.
    ///
    /// - Precondition: a kind of the theorems, and two widths at least, all positive.
    /// - Throws: `ModelError` where the model can't be made, such as of more weights than an Int counts.
    package init(_ kind: Kind, widths: [Int]) throws {
        precondition(widths.count > 1 && widths.allSatisfy { $0 > 0 }, "a layer has inputs and outputs")
        precondition(Kind.published.contains(kind), "other networks have a model of their own")
        (self.kind, self.widths) = (kind, widths)
        let layers = widths.dropFirst().flatMap { width -> [any LayerDescription] in
            let dense = DenseDescription(units: width, weight: WeightOptions(bias: false, scale: 1))
            return kind == .linear ? [dense] : [dense, ActivationDescription(Activation(.sigmoid))]
        }
        model = try ModelBuilder(parametrization: .standard).model(
            layers, inputShape: [widths[0]], outputs: widths[widths.count - 1])
    }

    init(_ kind: Kind, widths: [Int], model: Model) { (self.kind, self.widths, self.model) = (kind, widths, model) }

    /// l.
    package var layerCount: Int { widths.count - 1 }
    /// d_0.
    package var inputs: Int { widths[0] }
    /// d_l.
    package var outputs: Int { widths[layerCount] }
    /// The length of w: s, of d = Σ_j d_j d_{j−1} weights those that are not held at 0.
    package var weightCount: Int { model.layout.trainedCount }
    /// w in the model's layout.
    package var coordinates: TrainedCoordinates { TrainedCoordinates(model.layout) }
    /// Where each W_j lies in w.
    package var blocks: [Range<Int>] { coordinates.ranges }
}
