import Certificates
import Configurations
import HDF5
import Measurements
import RunFolders
import Runs

/// How far a run has come, beside a stop that would have ended it earlier.
struct Reached {
    private let stop: StopConfiguration
    private let step: Int
    private let seconds: Double
    private let history: MetricHistory

    /// Nil for a run that has not come further than the stop lets it: it has nothing to begin from but its start, or the
    /// weights that it has are those of one that would have stopped there too.
    init?(_ run: String, _ record: RunRecord, _ stop: StopConfiguration) {
        if record.isComplete {
            step = record.step
        } else {
            guard let newest = Self.newestCheckpoint(run), !newest.stop.goals(beyond: stop).isEmpty else { return nil }
            step = newest.step
        }
        (self.stop, seconds) = (stop, record.seconds ?? 0)
        history = RecordedMetrics(reading: run).history
    }

    private static func newestCheckpoint(_ run: String) -> (step: Int, stop: StopConfiguration)? {
        do {
            for step in try RunFile.checkpointSteps(of: run).sorted(by: >) {
                let path = RunFile.checkpoints.path(of: run, at: step)
                guard try FileDigest.verify(path) == .sound else { continue }
                let file = try HDF5File(reading: path)
                let text = try file.required("config", file.string("config", of: "/"))
                return (step, try Configuration(text: text, source: path).training.stop)
            }
        } catch {}
        return nil
    }

    /// The first of some goals of the stop that would have ended the run before.
    func first(of goals: [StopReason.Goal]) -> StopReason.Goal? { goals.first(where: hasPassed) }

    private func hasPassed(_ goal: StopReason.Goal) -> Bool {
        switch goal {
        case .steps: step > stop.steps
        case .minutes: stop.minutes.map { seconds > 60 * $0 } ?? false
        case .loss: rows(.trainLoss) { $0 <= stop.loss }
        case .lossRatio:
            rows(.trainLoss) { $0 <= stop.lossRatio * (history.column(.trainLoss).first ?? .nan) }
        case .gradientNorm: rows(.gradientNorm) { $0 <= stop.gradientNorm }
        case .accuracy: stop.accuracy.map { wanted in rows(.trainAccuracy) { $0 >= wanted } } ?? false
        }
    }

    /// Whether a number was so at a step that the run would begin from, or before it.
    private func rows(_ name: MetricFamily, _ isSo: (Double) -> Bool) -> Bool {
        zip(history.steps, history.column(name)).contains { $0 <= step && isSo($1) }
    }
}
