import Statistics
import Sweeps

extension Study {
    /// What depth and width do to the loss that descent ends at.
    static let kawaguchi2019 = Study(
        name: "kawaguchi-2019", title: "depth and width against the value of local minima",
        source: "Kawaguchi, Huang, Kaelbling 2019",
        question:
            "Does descent end at a smaller loss as a network gets wider and deeper? Is that loss what the range of the Jacobian leaves of "
            + "the targets, as it is at a smooth stationary point? And is it no more than linear regressions on inputs or features reach?",
        reference:
            "K. Kawaguchi, J. Huang, L. P. Kaelbling: Effect of depth and width on local minima in deep learning. Neural Computation 31(7), "
            + "2019, 1462-1498, arXiv:1811.08150.",
        remarks: [
            "Of the paper only the abstract was read. Its words are the claims marked \"paper\": the value of local minima tends to improve "
                + "with depth and width, and, with a structure that most networks lack, is no worse than classical models reach.",
            "What is marked \"identity\" is ours: F = c/2 |Y - P Y|^2 + c/2 |P r|^2 at any weights, P the projector on the Jacobian's range.",
            "The paper's data, sizes and learning rates are not known to us. Here: 60 points of a sphere in 6 dimensions, targets from N(0, 1), "
                + "20,000 steps of gradient descent at 0.001, depths 1 to 4, widths 1 to 64, 5 seeds. Images: 60 of each set, ten outputs, "
                + "plain ReLU, widths 1 to 16, 3 seeds.",
            "Lines marked \"before\" are losses that another program of ours ended at, on data that were not kept, of the same sizes as far as "
                + "ranks tell. The interval is where one more set of data lies with 99 %, by 20 of them.",
            "Plain ReLU and leaky ReLU stop on kinks, where the gradient jumps: such ends are counted, and say nothing of the identity.",
            "Measured is the share of pairs of runs, of the narrower and the wider or of the shallower and the deeper network, in which the "
                + "second ends at the smaller loss; 1/2 without an order. The interval is the jackknife's over seeds.",
            "Orders are judged by the test of Jonckheere and Terpstra: agrees or differs where p < 0.001, for any of the rows.",
            "--full: 20 seeds and 200,000 steps.",
        ],
        parts: ["relu", "leaky-relu", "tanh"].map { part($0, ["model.activation=\($0)"]) } + [
            part(
                earlier,
                [
                    "sweep.axes.model.depth=1..3", "sweep.axes.model.width=[2, 4, 8, 16]", "sweep.axes.seed=0..19",
                ]), images("digits"), images("mnist"), images("cifar-10"), images("svhn"),
        ],
        compare: { results in
            results.parts.flatMap { part in
                let ends = EndsByShape(results.sweep(part.name))
                return part.name == earlier ? ends.besideEarlier() : ends.compare(part.name)
            }
        })

    private static let earlier = "relu-data"

    private static func part(_ name: String, _ usual: [String]) -> SweepPart {
        SweepPart(name: name, configuration: { PackageResources.kawaguchi_2019_yaml }, usual: usual, full: full)
    }

    /// Files of a set other than the project's own need not be here. One part of them is enough, and the test samples are fewer.
    private static func images(_ dataset: String) -> SweepPart {
        let isOwn = dataset == "digits"
        return SweepPart(
            name: dataset, dataset: isOwn ? nil : dataset,
            configuration: { PackageResources.kawaguchi_2019_images_yaml },
            usual: ["data.source=\(dataset)"] + (isOwn ? [] : ["data.split=test"]), full: full)
    }

    private static let full = ["sweep.axes.seed=0..19", "training.stop.steps=200000", "sweep.stop_at.steps=200000"]
}
