import Foundation
import Studies
import TestSupport
import Testing

/// Cells of 5 seeds at two sizes of batches, with numbers by seed and size.
private func cells(
    _ numbers: (_ seed: Int, _ isLarge: Bool) -> [String: Double]
) -> [StudyCell] {
    (0..<5).flatMap { seed in
        [16.0, 750.0].map { batch in
            let values = ["train_loss": 1e-3].merging(numbers(seed, batch > 100)) { $1 }
            return StudyCell(place: ["training.batch": batch, "seed": Double(seed)], values: values)
        }
    }
}

private func verdicts(_ cells: [StudyCell]) -> [String] { EndsByBatch(cells).compare("x").map { "\($0.verdict)" } }

/// A ratio that is known, its inverse, one that seeds disagree on, and one of two ends.
@Test func batchesAreComparedSeedBySeed() throws {
    let spread = [0.9, 1.1, 1.0, 1.05, 0.95]
    let four = cells { seed, isLarge in
        let sharpness = (isLarge ? 4 : 1) * pow(10, Double(seed)) * spread[isLarge ? seed : 4 - seed]
        return [
            "sharpness": sharpness, "sharpness_subspace": 1 / sharpness,
            "sharpness_relative": spread[isLarge ? seed : (seed + 2) % 5],
            "test_accuracy": 0.9 - (isLarge ? 0.02 : 0) + 0.001 * spread[seed] * (isLarge ? 1 : 2),
        ]
    }
    #expect(verdicts(four) == ["holds", "fails", "cannotTell", "holds"])
    let ratio = try #require(EndsByBatch(four).compare("x")[0].measured)
    let logarithms = (0..<5).map { log(4 * spread[$0] / spread[4 - $0]) }
    let mean = logarithms.reduce(0, +) / 5
    let deviation = (logarithms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4).squareRoot()
    // Student's t of 4 degrees of freedom, 99 %: 4.604.
    #expect(abs(log(ratio.value) - mean) < 1e-12)
    #expect(abs(log(ratio.interval.upperBound) - mean - 4.6041 * deviation / 5.0.squareRoot()) < 1e-4)
    let swapped = cells { seed, isLarge in
        ["sharpness": isLarge ? 1 : 5, "test_accuracy": isLarge ? 0.9 : 0.8 + 0.001 * Double(seed)]
    }
    #expect(verdicts(swapped) == ["fails", "cannotTell", "cannotTell", "fails"])
    // A seed whose large batch has no end says nothing; one size of batches neither.
    let lost = Array(four.dropLast())
    #expect(EndsByBatch(lost).compare("x")[0].words.contains("1 seeds lack an end"))
    let small = four.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    #expect(verdicts(small).allSatisfy { $0 == "cannotTell" })
}

/// Ends of mean 10 and deviation 1: one more lies within 2.93 of the mean.
@Test(arguments: [
    (10.5, "holds"), (12.8, "holds"), (14.0, "cannotTell"), (6.0, "cannotTell"), (17.0, "fails"), (3.0, "fails"),
])
func anEarlierEndIsComparedWithTheSpread(loss: Double, verdict: String) {
    // Ten pairs around 10, of unit variance.
    let offsets = (1...10).map { 0.157 * Double($0) }
    let ends: [Double] = offsets.map { 10 + $0 } + offsets.map { 10 - $0 }
    #expect("\(EndsByShape.beside(loss, ends, "x").verdict)" == verdict)
    #expect("\(EndsByShape.beside(loss, [10], "x").verdict)" == "cannotTell")
}

/// What a run records at its end is what the command finds at its last checkpoint.
@Test(arguments: networks.indices) func theSharpnessOfARunIsThatOfTheCommand(index: Int) throws {
    let lab = Lab()
    let run = try lab.train(networks[index].sets + ["tracking.sharpness=true", "precision=float64"])
    #expect(run.output.code == 0, "\(run.output.err)")
    let found = try lab.call(["sharpness", run.path, "--subspaces", "1", "--json"])
    #expect(found.code == 0, "\(found.err)")
    let check = try python(
        """
        import h5py, json, sys, numpy as np
        m, command = h5py.File(sys.argv[1] + '/metrics.h5')['metrics'], json.loads(sys.argv[2])
        pairs = [('sharpness', command['full']['sharpness']), ('sharpness_subspace', command['subspaces']['mean']),
                 ('sharpness_relative', command['relative']['sharpness'])]
        print([bool(abs(m[n][-1] - v) <= 1e-9 * abs(v)) and v > 0 and bool(np.isnan(m[n][:-1]).all()) for n, v in pairs])
        """, [run.path, found.out])
    #expect(check.out == "[True, True, True]\n", "\(check.out) \(check.err) \(found.out.prefix(600))")
}
