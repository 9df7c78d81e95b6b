/// A family of metrics: the name under which numbers are stored, what they mean, and of which parts of a network, or of which points, there is one.
///
/// A family without members is one metric, `train_loss`. One with members is a metric a member, `weight_drift.W1`; some, as
/// `weight_drift`, are a metric of the whole network too.
public struct MetricFamily: Sendable, Hashable {
    /// As in `metrics.jsonl` and `/metrics` of HDF5 files.
    public let name: String
    /// For the attribute `long_name` of files and for documentation.
    public let meaning: String
    /// As the attribute `units`; "1" for a number without.
    public let unit: String
    /// Of which parts of a network there is a metric each.
    public let members: Members

    /// Of what a family has a metric each.
    public enum Members: Sendable, Hashable {
        /// Of the network alone.
        case none
        /// Of each trained tensor.
        case tensors
        /// Of each trained tensor, and of all of them together, which is always recorded.
        case allAndTensors
        /// Of each ReLU layer.
        case rectifiers
        /// Of each unit of each trained layer, from 1: `W1.3`.
        case units
        /// Of each stationary point of a survey, from 1.
        case points
    }

    /// Describes a family; it is known once it is among those of a `ProbeKind`.
    public init(_ name: String, _ meaning: String, unit: String = "1", members: Members = .none) {
        (self.name, self.meaning, self.unit, self.members) = (name, meaning, unit, members)
    }

    /// The name of the metric of one member, `weight_drift.W1`.
    public func of(_ member: String) -> String { "\(name).\(member)" }

    /// The family's part of a metric's name: `weight_drift` of `weight_drift.W1`.
    public static func name(of metric: String) -> String { String(metric.prefix { $0 != "." }) }

    /// Whether a metric is one of this family.
    public func contains(_ metric: String) -> Bool { Self.name(of: metric) == name }

    /// What one of its metrics means, with the member where it has one.
    public func meaning(of metric: String) -> String {
        let parts = metric.split(separator: ".", maxSplits: 1)
        return parts.count > 1 ? "\(meaning), \(parts[1])" : meaning
    }
}
