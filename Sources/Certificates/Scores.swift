import Foundation
import Measurements
import Runs
import Statistics

/// Losses and accuracies of a run where they were measured last, in words.
package struct Scores: Sendable {
    /// F, F/F₀ and the training accuracy; nil where no loss is known.
    package let training: String?
    /// Test loss and accuracy; nil for a run without test samples.
    package let test: String?

    /// - Parameter end: the step at which the run stands; that of its last row where nil.
    package init(_ series: MetricSeries, end: Int? = nil) {
        let losses = series.known(.trainLoss)
        let last = losses.last
        func at(_ step: Int) -> String { step == end ?? series.steps.last ? "" : " at step \(step), measured last" }
        training = last.map {
            "F = \(shown($0.value)), F/F₀ = \(shown($0.value / (losses.first?.value ?? .nan)))"
                + Self.accuracy("training", series.known(.trainAccuracy).last) + at($0.step)
        }
        test = series.known(.testLoss).last.map {
            "test loss \(shown($0.value))" + Self.accuracy("test", series.known(.testAccuracy).last)
                + at($0.step)
        }
    }

    package init(_ history: MetricHistory, end: Int? = nil) {
        self.init(
            MetricSeries(
                steps: history.steps,
                columns: history.columns.reduce(into: [:]) { $0[$1] = history.column($1) }), end: end)
    }

    /// Both, one after the other.
    package var lines: [String] { [training, test].compactMap { $0 } }

    private static func accuracy(_ set: String, _ last: (step: Int, value: Double)?) -> String {
        last.map { ", \(set) accuracy \(shown(100 * $0.value)) %" } ?? ""
    }
}

extension MetricSeries {
    /// The losses and accuracies of both sets where they are known last, by the names of their metrics.
    package var scores: [String: (step: Int, value: Double)] {
        [
            MetricFamily.trainLoss.name, MetricFamily.trainAccuracy.name, MetricFamily.testLoss.name,
            MetricFamily.testAccuracy.name,
        ].reduce(into: [:]) { scores, name in
            scores[name] = known(name).last
        }
    }
}

extension RecordedRun {
    package var scores: Scores { Scores(evidence.series) }
}
