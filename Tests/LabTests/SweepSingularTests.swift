import Console
import Foundation
import TestSupport
import Testing

/// Samples of the plane; the first two are the same where that is asked for.
private func table(hasTwins: Bool) -> String {
    let rows = (0..<16).map { i -> String in
        let angle = 0.37 * Double(hasTwins && i == 1 ? 0 : i)
        return "\(cos(angle)),\(sin(angle)),\(hasTwins && i < 2 ? 0.5 : sin(3 * Double(i)))"
    }
    return (["x,y,target"] + rows).joined(separator: "\n") + "\n"
}

private let config = """
    name: singular
    precision: float64
    data: {source: csv, path: data.csv, label_column: last, labels: values}
    model: {network: mlp, depth: 1, parametrization: standard}
    training: {learning_rate: auto}
    tracking: {per_decade: 2, initialization: 0, kernel: {samples: 64, outputs: full, precision: float64}}
    checkpoints: {keep: 0}
    sweep:
      axes: {data.samples: [4, 8, 16], seed: 0..2}
      critical_width: {reach: 1.0e-2, within: 50, seeds: 0.6, over: [data.samples], to: 100, ratio: 2}
    """

/// Θ is singular at every width where two inputs are the same: that is said before the search, and the search is short.
@Test func kernelsThatAreSingularAtEveryWidthAreNamed() throws {
    let lab = Lab(config)
    _ = lab.folder.write("data.csv", table(hasTwins: true))
    let dry = try lab.sweep([], ["--dry-run"])
    #expect(dry.code == 0, "\(dry.err)")
    for words in [
        "widths 2 to 100, 7 of them, by bisection: 3 places", "3 runs a width", "data.samples has 3",
        "samples=8: two samples are the same input, so that Θ is singular at every width",
    ] {
        #expect(dry.words.contains(words), "\(words) is not in\n\(dry.out)")
    }
    let output = try lab.sweep()
    #expect(output.words.contains("samples=16 there is no m*: two samples"), "\(output.out)")
    #expect(output.err.contains("singular at every width"), "\(output.err)")
    // One width a place tells.
    #expect(lab.finishedCells("sweeps/singular").count <= 9)
    #expect(output.words.contains("can't tell") && output.words.contains("unknown at 3 of 3 places"), "\(output.out)")
}

/// Θ of nK rows is singular below the width that has as many weights.
@Test func widthsWithTooFewWeightsAreNamed() throws {
    let lab = Lab(config)
    _ = lab.folder.write("data.csv", table(hasTwins: false))
    let dry = try lab.sweep([], ["--dry-run"])
    // 2 m + m weights for 16 rows; the grid is 2, 4, 8, …
    #expect(dry.words.contains("samples=16: below width 8 Θ has more rows"), "\(dry.out)")
    #expect(!dry.words.contains("singular at every width") && !dry.words.contains("samples=4: below"), "\(dry.out)")
    let narrow = try lab.sweep(["sweep.critical_width.to=4"], ["--dry-run"])
    #expect(narrow.words.contains("samples=16: Θ has 16 rows and at most the rank 12"), "\(narrow.out)")
}
