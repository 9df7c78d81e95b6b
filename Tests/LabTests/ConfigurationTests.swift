import Lab
import TestSupport
import Testing

@Test func theResolvedConfigurationIsAFixedPoint() throws {
    let first = try Configuration(
        text: smallConfig, source: "a", overrides: ["model.width=17", "training.schedule={kind: cosine, steps: 9}"])
    let again = try Configuration(text: first.resolvedText, source: "b")
    #expect(first.resolvedText == again.resolvedText)
    #expect(first.resolvedText.contains("  width: 17\n") && first.resolvedText.contains("    steps: 9\n"))
}

@Test func everyKeyOfAResolvedConfigurationIsInTheReference() throws {
    let reference = Configuration.reference
    for key in [
        "data.source", "data.separation", "model.width", "training.stop.loss_ratio", "training.schedule.floor",
        "checkpoints.keep",
    ] {
        #expect(reference.contains("\n\(key)") || reference.hasPrefix(key), "\(key)")
    }
}

@Test func dryRunCountsParametersAndFlops() throws {
    let output = try Lab().call(["train", "config.yaml", "--dry-run"])
    // A 10·64, W1 and W2 64², B 3·64; a step has n = 48: forward over all, W1 and W2 twice more, B once.
    let parameters = 640 + 2 * 4096 + 192
    #expect(output.out.contains("parameters  \(parameters), 8192 trained"), "\(output.out)")
    #expect(output.code == 0)
}
