/// One measured number, with the name under which it is stored.
public struct Metric: Sendable, Equatable {
    /// `train_loss`, `weight_drift.W1`: a family, and the layer or tensor where it has one.
    public let name: String
    /// NaN where it is not known.
    public let value: Double

    /// A number by the whole of its name.
    public init(_ name: String, _ value: Double) {
        self.name = name
        self.value = value
    }

    /// The number of a family that has one.
    public init(_ family: MetricFamily, _ value: Double) { self.init(family.name, value) }

    /// The number of a family's member.
    public init(_ family: MetricFamily, of member: String, _ value: Double) { self.init(family.of(member), value) }
}
