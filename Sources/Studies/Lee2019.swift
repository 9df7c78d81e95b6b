import Foundation
import Measurements
import Statistics
import Sweeps

extension Study {
    /// Three hidden layers in the NTK parametrization: how input, hidden and output layers and the kernel change.
    static let lee2019 = Study(
        name: "lee-2019",
        title: "three hidden layers: relative change of each layer and of the kernel against the width",
        source: "Lee et al. 2019, figure 1 (digitized)",
        question:
            "How far do the weights of each layer, and the tangent kernel, go from where they began, as the network gets wider? The "
            + "theory says that all relative changes vanish, those of hidden layers as 1/m and those of the kernel as 1/√m or faster.",
        reference:
            "J. Lee, L. Xiao, S. S. Schoenholz, Y. Bahri, R. Novak, J. Sohl-Dickstein, J. Pennington: Wide neural networks of any depth "
            + "evolve as linear models under gradient descent. NeurIPS 2019, arXiv:1902.06720.",
        remarks: [
            "By default handwritten digits in place of MNIST, 2^12 steps in place of 2^17, widths 16 to 1024 in place of "
                + "4096: the published exponents are those of the published points up to the largest width here.",
            "--full: 128 images of MNIST (`ntklab data list` says where its files go), 2^17 steps, widths up to 4096: days.",
        ],
        parts: [
            SweepPart(
                name: "gradient-descent", configuration: { PackageResources.lee_2019_yaml },
                full: [
                    "data.source=mnist", "data.scale=28", "sweep.stop_at.steps=131072", "training.stop.steps=131072",
                    "sweep.axes={model.width: [16, 32, 64, 128, 256, 512, 1024, 2048, 4096], seed: 0..2}",
                ])
        ],
        compare: { compare($0.sweep("gradient-descent")) },
        published: { _ in
            leeFigure.flatMap { _, metrics, logarithms in
                metrics.map { PublishedPoints(observable: $0, source: "Lee et al. 2019", points: points(logarithms)) }
            }
        })

    private static func points(_ logarithms: [Double]) -> [(size: Double, value: Double)] {
        logarithms.enumerated().map { (size: 16 * pow(2, Double($0)), value: pow(2, $1)) }
    }

    /// log₂ of the relative changes for widths 16, 32, …, 4096.
    package static let leeFigure: [(name: String, metrics: [String], logarithms: [Double])] = [
        (
            "input layer", [MetricFamily.weightDriftRelative.of("W1")],
            [-2.78, -3.48, -4.12, -4.72, -5.27, -5.81, -6.35, -6.86, -7.35]
        ),
        (
            "hidden layers", [MetricFamily.weightDriftRelative.of("W2"), MetricFamily.weightDriftRelative.of("W3")],
            [-0.88, -1.75, -2.65, -3.64, -4.66, -5.68, -6.72, -7.74, -8.75]
        ),
        (
            "output layer", [MetricFamily.weightDriftRelative.of("output")],
            [-0.01, -0.72, -1.45, -2.05, -2.65, -3.22, -3.79, -4.36, -4.86]
        ),
        ("kernel", [MetricFamily.kernelDrift.name], [1.35, 0.34, -0.55, -0.97, -1.76, -2.53, -3.37, -4.08, -4.99]),
    ]

    private static func compare(_ results: SweepResults) -> [StudyComparison] {
        leeFigure.flatMap { name, metrics, logarithms in
            metrics.map { metric in
                let law = results.fits.law(metric)
                var largest = Double.infinity
                if case .success(let found)? = law { largest = found.points.map(\.size).max() ?? largest }
                let points = points(logarithms)
                return StudyComparison(
                    metrics.count > 1 || metric.contains(".")
                        ? "exponent of \(name), \(metric.split(separator: ".").last ?? "")" : "exponent of \(name)",
                    law,
                    published: .slope(points.filter { $0.size <= largest }))
            }
        }
    }
}
