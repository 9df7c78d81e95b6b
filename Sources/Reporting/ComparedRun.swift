import Certificates
import Configurations
import Foundation
import Measurements
import RunFolders
import Runs
import Statistics

/// A run beside others: its configuration, what it came to, and its series, as far as they can be read.
package struct ComparedRun {
    package let path: String
    package let record: RunRecord?
    /// Every key of its configuration, but for its name; none where that can't be read.
    package let values: [String: String]
    /// What curves are drawn of, in at most some thousand rows: two hundred runs are held at once.
    package let series: MetricSeries
    /// What it came to, by the names of `endings`; what is not known is missing.
    package let ending: [String: Ending]
    /// What of its files is missing or damaged.
    package let damage: [String]

    package init(reading path: String) {
        self.path = path
        var damage: [String] = []
        do { record = try RunRecord(reading: path) } catch {
            damage.append("\(error)")
            record = nil
        }
        do {
            values = try Configuration(file: RunFile.configuration.path(of: path)).values.filter { $0.key != "name" }
        } catch {
            damage.append(
                "\(error)".split(separator: "\n").first.map(String.init)
                    ?? "\(RunFile.configuration.path(of: path)): cannot be read")
            values = [:]
        }
        let metrics = RecordedMetrics(reading: path)
        let names = Set(Self.endings + [MetricFamily.trainLoss.name]).filter(metrics.history.columns.contains)
        let whole = MetricSeries(
            steps: metrics.history.steps,
            columns: Dictionary(uniqueKeysWithValues: names.map { ($0, metrics.history.column($0)) }))
        ending = Self.ending(path, record, whole)
        series = Self.thinned(whole, names)
        self.damage = damage + metrics.damage
    }

    private static func thinned(_ series: MetricSeries, _ names: Set<String>) -> MetricSeries {
        let (steps, most) = (series.steps, 4096)
        guard steps.count > most else { return series }
        let each = (steps.count + most - 1) / most
        let rows = steps.indices.filter { $0 % each == 0 || $0 == steps.count - 1 }
        let columns = names.map { name -> (String, [Double]) in
            let values = series[name]
            return (name, rows.map { values[$0] })
        }
        return MetricSeries(steps: rows.map { steps[$0] }, columns: Dictionary(uniqueKeysWithValues: columns))
    }

    /// A name for the numbers at its end, in the order in which they are shown.
    package static let endings = [
        "status", "step", "loss", "loss_ratio", MetricFamily.trainAccuracy.name, MetricFamily.testLoss.name,
        MetricFamily.testAccuracy.name,
        MetricFamily.weightDriftRelative.name, MetricFamily.kernelDrift.name, MetricFamily.kernelLambdaMin.name,
        "seconds", "verdicts",
    ]

    private static func ending(_ path: String, _ record: RunRecord?, _ series: MetricSeries) -> [String: Ending] {
        var ending: [String: Ending] = [:]
        let isHeld = RunDirectory.isHeld(path)
        if let record {
            ending["status"] = .text(record.status == .running && !isHeld ? "KILLED" : record.status.rawValue)
            ending["step"] = .number(Double(max(record.step, series.steps.last ?? 0)))
            if let seconds = record.seconds { ending["seconds"] = .number(seconds) }
        }
        let losses = series.known(.trainLoss)
        if let first = losses.first, let last = losses.last {
            ending["loss"] = .number(last.value)
            ending["loss_ratio"] = .number(last.value / first.value)
        }
        for name in endings where ending[name] == nil {
            if let last = series.known(name).last { ending[name] = .number(last.value) }
        }
        if !isHeld, let signs = VerdictFile.signs(of: path) { ending["verdicts"] = .text(signs) }
        return ending
    }

    /// A number or a word at the end of a run.
    package enum Ending: Encodable {
        case number(Double)
        case text(String)

        /// A value of a configuration.
        package init(_ text: String) { self = Double(text).map(Ending.number) ?? .text(text) }

        /// Whether JSON has it.
        package var isKnown: Bool { if case .number(let value) = self { value.isFinite } else { true } }

        package var shown: String {
            switch self {
            case .number(let value):
                value == value.rounded() && abs(value) < 1e7 ? "\(Int(value))" : Statistics.shown(value)
            case .text(let text): text
            }
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let value): try container.encode(value)
            case .text(let text): try container.encode(text)
            }
        }
    }
}
