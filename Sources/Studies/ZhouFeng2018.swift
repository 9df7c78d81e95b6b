import Measurements
import Statistics
import Sweeps

extension Study {
    /// How far risks of n samples are from those of the population, over weights of bounded norm.
    static let zhouFeng2018 = Study(
        name: "zhou-feng-2018", title: "the risk of n samples beside that of all samples",
        source: "Zhou, Feng 2018, theorems 1 to 6",
        question:
            "How far apart are the empirical risk J_n and the population risk J, and their gradients, at the worst weights with norms of at most "
            + "r: does that fall like 1/sqrt(n), and grow with r, depth and width no faster than the theorems allow? Does each stationary point of "
            + "J have one of J_n nearby, with the same index?",
        reference:
            "P. Zhou, J. Feng: Empirical risk landscape analysis for understanding deep neural networks. ICLR 2018 (arXiv:1705.07038).",
        remarks: [
            "The paper has theorems and no experiment: data, networks and sizes are ours. Lines marked \"paper\" are what its theorems say.",
            "The theorems are upper bounds. That a gap falls like n^-1/2 exactly, and grows like r^2l, is what is expected of random samples and of "
                + "large weights; the theorems say that it does no worse.",
            "Gaps are the largest ones that random weights of the set and ascents from the best of them found: lower bounds of the supremum.",
            "Constants of the theorems are not published. Where a bound is compared, they are 1: above it says nothing against the theorem.",
            "The bound marked \"ours\" holds for the samples at hand with certainty, for linear networks: a gap above it would be an error of this program.",
            "Linear networks have J in closed form. For sigmoids J is the mean over fresh samples, and gaps are measured again over others: 40 times n "
                + "of them, since with fewer the place is in part chosen by the fresh samples, and the gap there seems to fall faster.",
            "Stationary points are those of risks with a ridge, which takes away continuous symmetries; which belongs to which is told by "
                + "Newton's steps.",
            "--full: more seeds, and 400,000 fresh samples.",
        ],
        parts: [
            SweepPart(
                name: "linear", configuration: { PackageResources.zhou_feng_2018_linear_yaml },
                full: ["sweep.axes.seed=0..99"]),
            SweepPart(
                name: "radius", configuration: { PackageResources.zhou_feng_2018_radius_yaml },
                full: ["sweep.axes.seed=0..31"]),
            SweepPart(
                name: "sigmoid", configuration: { PackageResources.zhou_feng_2018_sigmoid_yaml },
                full: ["sweep.axes.seed=0..95", "population.samples=400000"]),
            SweepPart(
                name: "shape", configuration: { PackageResources.zhou_feng_2018_shape_yaml },
                full: ["sweep.axes.seed=0..19"]),
            SweepPart(
                name: "sparsity", configuration: { PackageResources.zhou_feng_2018_sparsity_yaml },
                full: ["sweep.axes.seed=0..19"]),
            SweepPart(
                name: "points", configuration: { PackageResources.zhou_feng_2018_points_yaml },
                full: ["sweep.axes.seed=0..99"]),
            SweepPart(
                name: "sigmoid-points", configuration: { PackageResources.zhou_feng_2018_sigmoid_points_yaml },
                full: ["sweep.axes.seed=0..39", "population.samples=65536"]),
        ],
        compare: { outcome in
            func cells(_ part: String) -> PopulationCells { PopulationCells(outcome.sweep(part)) }
            let (linear, radius, sigmoid) = (cells("linear"), cells("radius"), cells("sigmoid"))
            return linear.gapLaws("linear") + sigmoid.gapLaws("sigmoid") + radius.radiusLaws("linear")
                + cells("shape").shapeLaws("linear") + cells("sparsity").sparsityLaws("linear")
                + [
                    linear.bounds("linear"), radius.bounds("radius"), cells("shape").bounds("shape"),
                    cells("sparsity").bounds("sparsity"),
                    sigmoid.bounds("sigmoid"),
                ]
                + cells("points").pointLaws("linear") + cells("sigmoid-points").pointLaws("sigmoid")
                + linear.stabilityLaws("linear")
        })
}
