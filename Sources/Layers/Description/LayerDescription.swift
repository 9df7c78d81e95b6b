import LinearAlgebra
import Networks

/// One entry of a network's list of layers, as a configuration writes it: what the author chooses,
/// before the data's shape and the parametrization decide the rest.
///
/// A new kind is a type with this protocol beside its layer, and one line in `LayerKinds.all`.
public protocol LayerDescription: Sendable {
    /// Its `type` in configurations.
    static var type: String { get }
    /// Reads its keys.
    init(_ options: some OptionReader)
    /// Its keys and values as YAML, those that were not left open.
    var options: [(key: String, value: String)] { get }
    /// Layers with weights in it.
    var weightCount: Int { get }
    /// What it becomes at this place of a network.
    func parts(_ builder: inout ModelBuilder) throws -> [NetworkPart]
}

extension LayerDescription {
    public var weightCount: Int { 0 }

    /// As one line of YAML: `{type: conv, channels: 64, kernel: 3}`.
    public var yaml: String {
        let pairs = [("type", Self.type)] + options.map { ($0.key, $0.value) }
        return "{" + pairs.map { "\($0.0): \($0.1)" }.joined(separator: ", ") + "}"
    }
}

/// The kinds of layers that configurations know.
public enum LayerKinds {
    /// Each kind once; its line here makes it known to configurations.
    public static let all: [any LayerDescription.Type] = [
        DenseDescription.self,
        ConvolutionDescription.self,
        ActivationDescription.self,
        AveragePoolDescription.self,
        MaxPoolDescription.self,
        GlobalAveragePoolDescription.self,
        FlattenDescription.self,
        ResidualDescription.self,
    ]
}

/// Where a description's keys come from. Every key is asked for with its range and meaning, so that
/// the same code parses, checks and documents it.
public protocol OptionReader {
    /// A whole number, `fallback` where the key is missing.
    func integer(_ key: String, default fallback: Int, in range: ClosedRange<Int>, _ meaning: String) -> Int
    /// A whole number, nil where the key is missing.
    func optionalInteger(_ key: String, in range: ClosedRange<Int>, _ meaning: String) -> Int?
    /// A number, `fallback` where the key is missing.
    func number(_ key: String, default fallback: Double, in range: ClosedRange<Double>, _ meaning: String) -> Double
    /// A number, nil where the key is missing.
    func optionalNumber(_ key: String, in range: ClosedRange<Double>, _ meaning: String) -> Double?
    /// True or false, nil where the key is missing.
    func optionalFlag(_ key: String, _ meaning: String) -> Bool?
    /// A text, `fallback` where the key is missing.
    func text(_ key: String, default fallback: String, _ meaning: String) -> String
    /// One of the words of a type.
    func choice<T: RawRepresentable & CaseIterable>(
        _ key: String, default fallback: T, _ meaning: String
    ) -> T where T.RawValue == String
    /// Two lengths along an image's axes, `[3, 5]`, or one for both, `3`.
    func sides(_ key: String, default fallback: WindowShape.Sides?, _ meaning: String) -> WindowShape.Sides?
    /// A list of layers, empty where the key is missing.
    func layers(_ key: String, _ meaning: String) -> [any LayerDescription]
}

extension WindowShape.Sides {
    /// `3`, or `[3, 5]`.
    public var yaml: String { y == x ? "\(y)" : "[\(y), \(x)]" }
}
