import Foundation
import Layers
import LinearAlgebra
import Measurements
import Networks
import Testing
import Training

private let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The table that users read is that of the registry.
@Test func theTableOfMetricsIsTheRegistry() throws {
    let page = try String(
        contentsOf: root.appendingPathComponent("Sources/ntklab/ntklab.docc/Metrics.md"), encoding: .utf8)
    let rows = ProbeKinds.families.map { "| `\($0.name)` | \($0.meaning) |" }
    #expect(page.contains((["| metric | meaning |", "|---|---|"] + rows).joined(separator: "\n") + "\n\n"))
}

@Test func everyFamilyHasOneProbe() {
    let names = ProbeKinds.families.map(\.name)
    #expect(Set(names).count == names.count)
    // Losses alone are always there.
    let unasked = ProbeKinds.all.filter { $0.option == nil && $0.remedy("").isEmpty }
    #expect(unasked.flatMap(\.families) == [.trainLoss, .trainAccuracy, .testLoss, .testAccuracy])
    #expect(ProbeKinds.kind(of: "weight_drift.W1")?.option?.key == "drift")
    #expect(ProbeKinds.meaning(of: "weight_drift.W1") == "Frobenius norm of W_t - W_0, W1")
    #expect(ProbeKinds.meaning(of: "none.W1") == "none.W1")
}

@Test func aSelectionKnowsWhatItRecords() {
    let usual = ProbeSelection()
    #expect(usual.records("weight_drift.W1") && usual.records("pattern_flips.W1") && usual.records("step"))
    #expect(!usual.records("kernel_drift") && !usual.records("backward_change.W1") && !usual.records("nothing"))
    let bare = ProbeSelection(drift: false, gradientNorm: false, patternSamples: 0)
    #expect(bare.records("weight_drift") && !bare.records("weight_drift.W1") && !bare.records("weight_drift_row.W1"))
    #expect(bare.records("train_loss") && !bare.records("gradient_norm") && !bare.records("pattern_flips.W1"))
    #expect(ProbeSelection(kernel: KernelSelection(samples: 3)).records("kernel_share.W1"))
}
