/// What a map of each channel by itself commutes with, beside every order of the channels.
///
/// φ(c x) = c φ(x) for c > 0 holds for ReLU, leaky ReLU and poolings; φ(−x) = −φ(x) for tanh and erf; both hold for linear
/// maps. A network then computes the same function where the weights into a unit are multiplied by c, and those out of it by 1/c.
public struct ChannelSymmetry: OptionSet, Sendable {
    /// The bits of the set.
    public let rawValue: Int
    /// The set with these bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Multiplication of a channel by a positive number.
    public static let scale = ChannelSymmetry(rawValue: 1)
    /// Multiplication of a channel by −1.
    public static let sign = ChannelSymmetry(rawValue: 2)
}
