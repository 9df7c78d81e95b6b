import Sweeps

extension Study {
    /// Sharpness and test accuracy at the ends of small and of large batches.
    static let keskar2017 = Study(
        name: "keskar-2017", title: "small and large batches: how sharp their minima are, and how well they generalize",
        source: "Keskar et al. 2017, tables 2 to 4, network F1",
        question:
            "Do large batches end at sharper minima than small ones, and are those worse on test data? Is that so too where sharpness is "
            + "measured in relative steps, which rescaling the units of a ReLU network leaves as it is?",
        reference:
            "N. S. Keskar, D. Mudigere, J. Nocedal, M. Smelyanskiy, P. T. P. Tang: On large-batch training for deep learning: "
            + "generalization gap and sharp minima. ICLR 2017, arXiv:1609.04836.",
        remarks: [
            "Published for F1 on MNIST, batches of 256 and 6,000: sharpness 1.23 +- 0.83 and 205.14 +- 69.52 in the full space, 0.11 and 9.22 +- "
                + "0.56 in a subspace of 100 directions, box 0.001; test accuracy 98.03 and 97.81 %, training accuracy 99.66 and 99.92 %.",
            "F1 has batch normalization, which no network here has. Ours: fully connected ReLU networks of three layers of 256 units with biases, "
                + "Adam at 0.001 until the training loss is 0.001 of its start.",
            "Large batches are half of the training images, and 16 or 64 the small ones; the paper has a tenth, and 256. Data: digits, of which the "
                + "project holds 1,797, and the 10,000 test images of MNIST where they are in datasets, of which 2,000 are for "
                + "testing.",
            "A search finds a lower bound of the largest loss in its box; ten iterations are few, and the ratio of two lower bounds is a ratio of "
                + "what was found.",
            "Sharpness changes at will by rescaling ReLU units (Dinh et al. 2017); the line marked \"ours\" does not.",
            "--full: five layers of 512 units, and 20 seeds.",
        ],
        parts: [
            SweepPart(
                name: "digits", configuration: { PackageResources.keskar_2017_yaml },
                usual: ["data.samples=1500", "data.test_samples=297", "sweep.axes.training.batch=[16, 750]"],
                full: full),
            SweepPart(
                name: "mnist", dataset: "mnist", configuration: { PackageResources.keskar_2017_yaml },
                usual: [
                    "data.source=mnist", "data.split=test", "data.samples=8000", "data.test_samples=2000",
                    "sweep.axes.training.batch=[64, 4000]",
                ], full: full),
        ],
        compare: { outcome in
            outcome.parts.flatMap { EndsByBatch(outcome.sweep($0.name).studyCells).compare($0.name) }
        })

    private static let full = ["model.width=512", "model.depth=5", "sweep.axes.seed=0..19"]
}
