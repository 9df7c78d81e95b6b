import Certificates
import Configurations
import Console
import Foundation
import Measurements
import Statistics
import Sweeps

extension Study {
    /// Two-layer networks with n = d = 1000: loss, flipped patterns and distance for growing width.
    static let du2019 = Study(
        name: "du-2019", title: "two layers: training error, changed patterns and the largest distance of a neuron",
        source: "Du, Zhai, Poczos, Singh 2019, figure 1 (digitized)",
        question:
            "Does gradient descent bring the training error of a two-layer network to zero at a linear rate, and do fewer activation "
            + "patterns change, and neurons move less, as it gets wider?",
        reference:
            "S. S. Du, X. Zhai, B. Poczos, A. Singh: Gradient descent provably optimizes over-parameterized neural networks. ICLR 2019, "
            + "arXiv:1810.02054.",
        remarks: [
            "The learning rate is not in the paper; 0.1 is the round number whose loss for m = 8000 is nearest to the "
                + "published one. Nothing else is fitted.",
            "The paper's error is taken as the natural logarithm of the mean of (f − y)²: it then begins at ln 1.5, as "
                + "published.",
            "At step 10 the published distance is 0.08 to 0.11 for every width. Gradient descent of a constant step from this "
                + "start moves neurons by a multiple of 1/√m there: the first steps of the published runs were others.",
            "The paper shows one run of each width; here are 5 (--full: 10), the interval is over seeds.",
        ],
        parts: [
            SweepPart(
                name: "gradient-descent", configuration: { PackageResources.du_2019_yaml },
                full: ["sweep.axes.seed=0..9"])
        ],
        compare: { compare($0.sweep("gradient-descent")) },
        published: { _ in
            [
                (MetricFamily.patternFlips.of("W1"), duFigure.map { ($0.width, $0.flips[2]) }),
                (MetricFamily.weightDriftRow.of("W1"), duFigure.map { ($0.width, $0.distance[2]) }),
            ].map {
                PublishedPoints(observable: $0, source: "Du et al. 2019", points: $1)
            }
        })

    /// For each width: ln of the training error at steps 10, 50 and 100, share of changed patterns, and max_r ‖w_r −
    /// w_r(0)‖.
    package static let duFigure: [(width: Double, error: [Double], flips: [Double], distance: [Double])] = [
        (500, [0.17, -0.68, -1.55], [0.0036, 0.0126, 0.0186], [0.10, 1.21, 2.80]),
        (1000, [0.15, -0.98, -2.10], [0.0035, 0.0112, 0.0154], [0.11, 1.03, 2.09]),
        (2000, [-0.05, -1.54, -2.99], [0.0032, 0.0092, 0.0118], [0.10, 0.78, 1.37]),
        (4000, [0.01, -2.05, -4.01], [0.0034, 0.0083, 0.0098], [0.11, 0.66, 0.98]),
        (8000, [-0.42, -3.02, -5.62], [0.0028, 0.0060, 0.0068], [0.08, 0.36, 0.47]),
    ]

    private static func compare(_ results: SweepResults) -> [StudyComparison] {
        var rows = [
            StudyComparison(
                "exponent of changed patterns, step 100", results.fits.law(MetricFamily.patternFlips.of("W1")),
                published: .slope(duFigure.map { ($0.width, $0.flips[2]) })),
            StudyComparison(
                "exponent of largest distance, step 100", results.fits.law(MetricFamily.weightDriftRow.of("W1")),
                published: .slope(duFigure.map { ($0.width, $0.distance[2]) })),
        ]
        for (index, step) in [10, 50, 100].enumerated() {
            for place in duFigure {
                func row(
                    _ name: String, _ metric: String, _ value: Double, scale: Double, _ map: (Double) -> Double
                ) -> StudyComparison {
                    StudyComparison(
                        "\(name), m=\(Int(place.width)), step \(step)",
                        results.estimate(of: metric, width: place.width, step: step, map),
                        published: .digitized(value, scale: scale), scale: scale)
                }
                rows += [
                    row("ln error", MetricFamily.trainLoss.name, place.error[index], scale: 5.62) {
                        log(2 * $0 / 1000)
                    },
                    row("changed patterns", MetricFamily.patternFlips.of("W1"), place.flips[index], scale: 0.0186) {
                        $0
                    },
                    row("largest distance", MetricFamily.weightDriftRow.of("W1"), place.distance[index], scale: 2.8) {
                        $0
                    },
                ]
            }
        }
        return rows
    }
}

extension SweepResults {
    /// Mean over seeds of a metric at a step and width, with the 99 % interval of a single run: what was published
    /// is a run, not a mean.
    package func estimate(of metric: String, width: Double, step: Int, _ map: (Double) -> Double) -> Estimate? {
        let axes = plan.sweep.axes
        guard let axis = axes.firstIndex(where: { $0.key == SweepAxis.width }) else { return nil }
        let values = table.rows.filter { row in
            row.measurement != nil && axes[axis].values[row.cell.place[axis]].number == width
        }.compactMap { row -> Double? in
            let history = RecordedMetrics(reading: directory.cell(row.cell.id)).history
            return zip(history.steps, history.column(metric)).first { $0.0 == step }.map { map($0.1) }
        }
        return Estimate(ofRuns: values)
    }
}
