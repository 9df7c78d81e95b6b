import Console
import Foundation
import Landscape
import Sharpness
import Statistics

/// What there is to say of a run's sharpness.
package struct SharpnessSummary: Encodable, Sendable {
    private struct Search: Encodable, Sendable {
        /// φ, a lower bound; nil where it is beyond float64.
        let sharpness: Double?
        let largestLoss: Double
        let iterations: Int
        let evaluations: Int
        let ending: String

        init(_ rise: SharpRise) {
            (sharpness, largestLoss) = (finite(rise.sharpness), rise.largest)
            (iterations, evaluations) = (rise.iterations, rise.evaluations)
            ending =
                rise.ending == .stationary && rise.evaluations == 1
                ? "the gradient vanishes at the weights, and the search stays there" : rise.ending.rawValue
        }

        var words: String {
            String(format: "φ = %.4g found in ", sharpness ?? .infinity)
                + "\(counted(iterations, "iteration")), \(counted(evaluations, "evaluation")); \(ending)"
        }
    }

    private struct Subspaces: Encodable, Sendable {
        let dimension: Int
        let mean: Double?
        /// The mean over all subspaces lies in it with 99 %, were φ normal; nil for a single one.
        let interval: [Double]?
        let searches: [Search]

        init(_ rises: [SharpRise], dimension: Int) {
            self.dimension = dimension
            searches = rises.map(Search.init)
            let values = rises.map(\.sharpness)
            mean = finite(values.reduce(0, +) / Double(values.count))
            interval = Estimate(meanOf: values).map { [max($0.interval.lowerBound, 0), $0.interval.upperBound] }
        }

        var words: String {
            let values = searches.compactMap(\.sharpness)
            let spread =
                interval.map {
                    String(
                        format: " on average over %d, from %.4g to %.4g; the mean of all is %.4g to %.4g with 99 %%",
                        values.count, values.min() ?? .nan, values.max() ?? .nan, $0[0], $0[1])
                } ?? ""
            let endings = Dictionary(grouping: searches, by: \.ending).mapValues(\.count).sorted { $0.key < $1.key }
            return String(format: "φ = %.4g", mean ?? .infinity) + spread
                + "; \(counted(dimension, "direction")) each; "
                + endings.map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
        }
    }

    private struct Eigenvalue: Encodable, Sendable {
        let value: Double
        /// Some eigenvalue is no further away.
        let error: Double
        let products: Int

        init?(_ found: LargestEigenvalue?) {
            guard let found else { return nil }
            (value, error, products) = (found.value, found.error, found.steps)
        }

        var words: String { String(format: "%.6g ± %.0e", value, error) }
    }

    private let run: String
    private let step: Int
    private let samples: Int
    private let trainedWeights: Int
    private let epsilon: Double
    private let loss: Double
    private let accuracy: Double?
    /// By about how much rounding moves each φ.
    private let rounding: Double
    private let full: Search
    private let subspaces: Subspaces
    private let relative: Search
    private let zeroWeights: Int
    private let largestEigenvalue: Eigenvalue?
    private let relativeLargestEigenvalue: Eigenvalue?

    init(_ request: SharpnessRequest, _ problem: SharpnessProblem, _ results: SharpnessResults) {
        (run, step, epsilon) = (request.run, problem.step, request.epsilon)
        samples = problem.surface.sampleCount
        trainedWeights = problem.surface.layout.trainedCount
        (loss, accuracy) = (problem.value.loss, problem.value.accuracy)
        rounding = 200 * problem.value.error / (1 + problem.value.loss)
        (full, relative) = (Search(results.full), Search(results.relative))
        subspaces = Subspaces(results.subspaces, dimension: problem.dimension)
        zeroWeights = results.zeros
        largestEigenvalue = Eigenvalue(results.largest)
        relativeLargestEigenvalue = Eigenvalue(results.relativeLargest)
    }

    /// For a terminal.
    package func lines(columns: Int) -> [String] {
        let zeros = zeroWeights > 0 ? "; \(counted(zeroWeights, "weight")) of exactly 0 stay so" : ""
        let accuracy = accuracy.map { String(format: ", accuracy %.4g %%", 100 * $0) } ?? ""
        var rows = [
            ("run", "\(run) at step \(step)"),
            ("loss", String(format: "F = %.6g", loss) + "\(accuracy) of \(counted(samples, "sample"))"),
            ("box", "ε = \(epsilon), \(counted(trainedWeights, "trained weight")); true maxima may be larger"),
            ("full", full.words), ("subspaces", subspaces.words), ("relative", relative.words + zeros),
            ("curvature", curvature),
        ]
        if let smallest = ([full, relative] + subspaces.searches).compactMap(\.sharpness).min(),
            rounding > 0.01 * smallest
        {
            rows.append(("rounding", String(format: "moves each φ by about %.1g", rounding)))
        }
        return rows.flatMap { labelled($0.0, $0.1, columns: columns) }
    }

    private var curvature: String {
        func words(_ name: String, _ found: Eigenvalue?) -> String {
            "λ_max(\(name)) = " + (found?.words ?? "can't tell: not finite")
        }
        return words("H", largestEigenvalue) + ", " + words("D H D", relativeLargestEigenvalue) + ", D = diag(w)"
    }
}
