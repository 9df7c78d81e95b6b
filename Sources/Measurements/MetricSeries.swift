/// Metrics over the tracked steps of a run: a column a metric, NaN where unknown.
public struct MetricSeries: Sendable {
    /// The step of each row, ascending.
    public let steps: [Int]
    /// A value for each row, by the name of the metric.
    public let columns: [String: [Double]]

    /// - Precondition: each column has a value for each step.
    public init(steps: [Int], columns: [String: [Double]]) {
        self.steps = steps
        self.columns = columns
    }

    /// The values of a metric, one a row; NaN throughout for a metric that was not recorded.
    public subscript(_ name: String) -> [Double] {
        columns[name] ?? [Double](repeating: .nan, count: steps.count)
    }

    /// Steps and values where the metric is known.
    public func known(_ name: String) -> [(step: Int, value: Double)] {
        zip(steps, self[name]).filter { $0.1.isFinite }.map { ($0.0, $0.1) }
    }

    /// The rows where the metric is known.
    package func rows(_ name: String) -> [Int] {
        let values = self[name]
        return steps.indices.filter { values[$0].isFinite }
    }

    /// The values of a family that has one metric.
    public subscript(_ family: MetricFamily) -> [Double] { self[family.name] }

    /// Steps and values where the metric of a family is known.
    public func known(_ family: MetricFamily) -> [(step: Int, value: Double)] { known(family.name) }

    /// The rows where the metric of a family is known.
    package func rows(_ family: MetricFamily) -> [Int] { rows(family.name) }

    /// The metrics of a family with members, by their layer or tensor.
    public func family(_ family: MetricFamily) -> [(member: String, values: [Double])] {
        let prefix = family.of("")
        return columns.keys.filter { $0.hasPrefix(prefix) }.sorted()
            .map { (String($0.dropFirst(prefix.count)), self[$0]) }
    }

    /// The largest value that any member of a family takes, with its member and step; nil where none is known.
    package func largest(of family: MetricFamily) -> (member: String, step: Int, value: Double)? {
        self.family(family).flatMap { member, values in
            zip(steps, values).filter { $0.1.isFinite }.map { (member: member, step: $0.0, value: $0.1) }
        }.max { $0.value < $1.value }
    }

    /// The rows at which the network was measured: others, of a kernel or a landscape alone, know the loss. Where no
    /// drift tells them apart, all are.
    package func measuredRows(of family: MetricFamily) -> [Int] {
        let (drift, loss) = (self[.weightDrift], self[.trainLoss])
        guard drift.contains(where: \.isFinite) else { return Array(steps.indices) }
        let all = self.family(family).map(\.values) + [self[family]]
        return steps.indices.filter { row in
            drift[row].isFinite || !loss[row].isFinite || all.contains { $0[row].isFinite }
        }
    }

    /// The first member of a family that is not a number at a row where the network was measured; nil for none.
    package func gap(in family: MetricFamily) -> (member: String, step: Int)? {
        let all = self.family(family)
        for row in measuredRows(of: family) {
            if let gap = all.first(where: { !$0.values[row].isFinite }) { return (gap.member, steps[row]) }
        }
        return nil
    }

    /// The same without some columns.
    package func without(_ names: [String]) -> MetricSeries {
        names.isEmpty ? self : MetricSeries(steps: steps, columns: columns.filter { !names.contains($0.key) })
    }

    /// The rows up to and with an index.
    package func prefix(through row: Int) -> MetricSeries {
        row + 1 >= steps.count
            ? self
            : MetricSeries(steps: Array(steps[...row]), columns: columns.mapValues { Array($0[...row]) })
    }
}
