import Measurements
import ScalingLaws
import Sweeps
import Training

extension Study {
    /// The exponents behind the theorem, for three kinds of networks.
    static let allenZhu2019 = Study(
        name: "allen-zhu-2019",
        title: "what changes how fast as the network gets wider: exponents at F/F₀ = 1e-3",
        source: "Allen-Zhu, Li, Song 2019, Theorems 1, 3 and 5",
        question:
            "Gradient descent finds global minima of networks that are wide enough, since weights, ReLU patterns and the tangent kernel "
            + "hardly change. How fast do these changes vanish with the width, for fully connected, convolutional and residual networks?",
        reference:
            "Z. Allen-Zhu, Y. Li, Z. Song: A convergence theory for deep learning via over-parameterization. ICML 2019, PMLR 97, "
            + "arXiv:1811.03962.",
        remarks: [
            "The paper has no experiment in the width. Published here is another program's measurement of the same network, "
                + "for widths 128 to 2048 and 2 to 3 seeds, and for convolutional and residual networks the typical exponent.",
            "The residual network has τ = 1/L in place of 1/(L ln m), whose logarithm would be seen in every exponent.",
            "--full: widths up to 4096 (channels up to 512) and 10 seeds.",
        ],
        parts: [
            SweepPart(
                name: "mlp", configuration: { PackageResources.allen_zhu_2019_mlp_yaml },
                full: [
                    "sweep.axes={model.width: [128, 256, 512, 1024, 2048, 4096], model.depth: [1, 3, 6], seed: 0..9}"
                ]),
            SweepPart(
                name: "cnn", configuration: { PackageResources.allen_zhu_2019_cnn_yaml },
                full: ["sweep.axes={model.width: [16, 32, 64, 128, 256, 512], seed: 0..9}"]),
            SweepPart(
                name: "resnet", configuration: { PackageResources.allen_zhu_2019_resnet_yaml },
                full: ["sweep.axes={model.width: [128, 256, 512, 1024, 2048, 4096], seed: 0..9}"]),
        ],
        compare: { results in
            compareDepths(results.sweep("mlp")) + compareTypical("cnn", results.sweep("cnn"))
                + compareTypical("resnet", results.sweep("resnet"))
        })

    /// Exponents for depths 1, 3 and 6, measured with another program.
    private static let exponents: [(observable: String, byDepth: [Double])] = [
        (MetricFamily.weightDrift.name, [-0.60, -0.55, -0.53]),
        (MetricFamily.weightDriftRelative.of("W1"), [-1.11, -1.05, -1.02]),
        (ScalingObservable.rowDrift.rawValue, [-0.96, -0.94, -0.87]),
        (ScalingObservable.flips.rawValue, [-0.40, -0.35, -0.38]),
        (MetricFamily.backwardChange.name, [-0.18, -0.26, -0.25]),
        (MetricFamily.kernelDrift.name, [-0.59, -0.69, -0.90]),
        (ScalingObservable.linearizationGap.rawValue, [-0.52, -0.49, -0.56]),
        (ScalingObservable.forwardNormError.rawValue, [-0.59, -0.58, -0.48]),
    ]

    private static func compareDepths(_ results: SweepResults) -> [StudyComparison] {
        exponents.flatMap { observable, values in
            zip([1, 3, 6], values).map { depth, value in
                StudyComparison(
                    "mlp L=\(depth) \(observable)", results.fits.law(observable, at: "depth=\(depth)"),
                    published: .exact(value))
            }
        }
    }

    private static func compareTypical(_ part: String, _ results: SweepResults) -> [StudyComparison] {
        results.fits.entries.compactMap { entry in
            StudyComparison("\(part) \(entry.observable), typical", typicalOf: entry)
        }
    }
}

extension SweepFits {
    /// The law of an observable at a place on the other axes.
    package func law(_ observable: String, at place: String = "") -> Result<PowerLaw, PowerLaw.Refusal>? {
        entries.first { $0.observable == observable && $0.place == place }?.law
    }
}
