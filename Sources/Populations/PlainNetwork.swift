import Layers
import Networks

/// A network of the theorems: l layers without biases, W_j of shape [d_j, d_{j−1}], either linear or with a sigmoid after each
/// layer, the last one too.
///
/// Source: Zhou, Feng 2018 (ICLR; arXiv:1705.07038), section 2.
package struct PlainNetwork: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case linear, sigmoid }
    package let kind: Kind
    /// d_0, …, d_l.
    package let widths: [Int]
    /// w is [W_1, …, W_l], each row-major.
    package let model: Model

    /// - Precondition: two widths at least, all positive.
    /// - Throws: `ModelError` where the model can't be made, such as of more weights than an Int counts.
    package init(_ kind: Kind, widths: [Int]) throws {
        precondition(widths.count > 1 && widths.allSatisfy { $0 > 0 }, "a layer has inputs and outputs")
        (self.kind, self.widths) = (kind, widths)
        let layers = widths.dropFirst().flatMap { width -> [any LayerDescription] in
            let dense = DenseDescription(units: width, weight: WeightOptions(bias: false, scale: 1))
            return kind == .linear ? [dense] : [dense, ActivationDescription(Activation(.sigmoid))]
        }
        model = try ModelBuilder(parametrization: .standard).model(
            layers, inputShape: [widths[0]], outputs: widths[widths.count - 1])
    }

    /// l.
    package var layerCount: Int { widths.count - 1 }
    /// d_0.
    package var inputs: Int { widths[0] }
    /// d_l.
    package var outputs: Int { widths[layerCount] }
    /// d = Σ_j d_j d_{j−1}.
    package var weightCount: Int { model.layout.count }
    /// Where each W_j lies in w.
    package var blocks: [Range<Int>] { model.layout.entries.map(\.range) }
}
