/// Whether weights are as a run trains them, or hold the factors of the forward pass.
package enum WeightScales: String, CaseIterable, Sendable {
    case asTrained = "as-trained"
    case folded
}
