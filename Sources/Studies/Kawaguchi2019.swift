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
                + "20,000 steps of gradient descent at 0.001, depths 1 to 4, widths 1 to 64, 5 seeds.",
            "Plain ReLU and leaky ReLU stop on kinks, where the gradient jumps: such ends are counted, and say nothing of the identity.",
            "Measured is the share of pairs of runs, of the narrower and the wider or of the shallower and the deeper network, in which the "
                + "second ends at the smaller loss; 1/2 without an order. The interval is the jackknife's over seeds.",
            "Orders are judged by the test of Jonckheere and Terpstra: agrees or differs where p < 0.001, for any of the rows.",
            "--full: 20 seeds and 200,000 steps.",
        ],
        parts: ["relu", "leaky-relu", "tanh"].map { activation in
            SweepPart(
                name: activation, configuration: { PackageResources.kawaguchi_2019_yaml },
                usual: ["model.activation=\(activation)"],
                full: [
                    "sweep.axes.seed=0..19", "training.stop.steps=200000", "sweep.stop_at.steps=200000",
                ])
        },
        compare: { results in
            results.parts.flatMap { part in EndsByShape(results.sweep(part.name)).compare(part.name) }
        })
}
