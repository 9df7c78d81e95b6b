import Console
import Foundation
import Landscape

/// The losses along one path, for programs, and its barriers.
struct PathSummary: Encodable, Sendable {
    /// `line`, `aligned line` or `bezier`.
    let path: String
    let t: [Double]
    let trainLoss: [Double?]
    let trainAccuracy: [Double]?
    let testLoss: [Double?]?
    let testAccuracy: [Double]?
    let barrier: Height
    let testBarrier: Height?

    struct Height: Encodable, Sendable {
        let height: Double?
        let place: Double
        /// What it may be between the points.
        let bound: Double?
        /// By how much rounding moves it, about.
        let error: Double?
        let verdict: String

        init(_ barrier: Barrier) {
            (height, place, bound) = (finite(barrier.height), barrier.place, finite(barrier.bound))
            (error, verdict) = (finite(barrier.error), barrier.verdict.rawValue)
        }
    }

    init(_ path: String, _ losses: PathLosses) {
        func accuracies(_ values: [LossValue]) -> [Double]? {
            let known = values.compactMap(\.accuracy)
            return known.isEmpty ? nil : known
        }
        self.path = path
        t = losses.t
        trainLoss = losses.train.map { finite($0.loss) }
        trainAccuracy = accuracies(losses.train)
        testLoss = losses.test.isEmpty ? nil : losses.test.map { finite($0.loss) }
        testAccuracy = accuracies(losses.test)
        barrier = Height(losses.barrier)
        testBarrier = losses.testBarrier.map(Height.init)
    }

    /// A row a path: the barriers, the largest loss and the least accuracy.
    static func lines(_ paths: [PathSummary], columns: Int) -> [String] {
        TextTable(
            [
                .text("path"), .number("barrier"), .number("at t"), .number("at most"), .number("largest loss"),
                .number("test barrier"), .number("least test accuracy", isOptional: true),
            ],
            paths.map { path in
                [path.path, shown(path.barrier.height), shown(path.barrier.place), shown(path.barrier.bound)]
                    + [
                        shown(path.trainLoss.compactMap(\.self).max()), shown(path.testBarrier?.height),
                        shown((path.testAccuracy)?.min()),
                    ]
            }
        ).lines(width: columns)
    }
}

/// Three digits; a dash for what is not known.
func shown(_ value: Double?) -> String { value.map { String(format: "%.3g", $0) } ?? "–" }
