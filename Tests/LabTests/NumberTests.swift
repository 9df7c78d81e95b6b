import Foundation
import Statistics
import TestSupport
import Testing
import Theory

/// Test loss and accuracy stand wherever those of the training samples do.
@Test func scoresOfTestSamplesAreShown() throws {
    let lab = Lab()
    let (output, path) = try lab.train()
    let training = /F = \S+, F\/F₀ = \S+, training accuracy \S+ %/
    let test = /test loss \S+, test accuracy \S+ %/
    let certified = try lab.call(["certify", path]).out
    let inspected = try lab.call(["inspect", path]).out
    #expect(try lab.call(["report", path]).code == 0)
    let page = try String(contentsOfFile: path + "/report/index.html", encoding: .utf8)
    let found = try #require(output.out.firstMatch(of: test)).0
    for text in [output.out, certified, inspected, page] {
        #expect(text.contains(training) && text.contains(found), "\(text.prefix(600))")
    }
    // Against the metrics themselves.
    let last =
        String(decoding: lab.bytes(path + "/metrics.jsonl") ?? Data(), as: UTF8.self)
        .split(separator: "\n").last.map(String.init) ?? ""
    let row = try #require(try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Double])
    #expect(
        found
            == "test loss \(shown(row["test_loss"] ?? 0)), test accuracy \(shown(100 * (row["test_accuracy"] ?? 0))) %")
    let without = try Lab(smallConfig.replacing("test_samples: 16, ", with: "")).train().output.out
    #expect(without.contains(training) && !without.contains("test loss"), "\(without)")
}

/// Both ends of the critical rate, around that of the kernel's own eigenvalues; older records are read.
@Test func theCriticalRateIsAnInterval() throws {
    let lab = Lab()
    let sets = ["precision=float64", "training.stop.steps=0", "tracking.kernel={samples: 48, outputs: full}"]
    let (output, path) = try lab.train(sets)
    #expect(output.code == 0, "\(output.err)")
    let interval = try #require(try lab.record(path)["criticalLearningRateInterval"] as? [Double])
    let row = try #require(
        try JSONSerialization.jsonObject(with: lab.bytes(path + "/metrics.jsonl") ?? Data()) as? [String: Any])
    let smallest = row["kernel_lambda_min"] as? Double ?? 0
    let largest = try #require(row["kernel_lambda_max"] as? Double)
    let critical = 2 / (smallest + largest)
    #expect(interval.count == 2 && interval[0] <= critical && critical <= interval[1], "\(interval) \(critical)")
    #expect(output.err.contains(String(format: "in [%.6g, %.6g]", interval[0], interval[1])))
    var old = try lab.record(path)
    old["criticalLearningRateInterval"] = nil
    old["criticalLearningRate"] = 0.5
    try JSONSerialization.data(withJSONObject: old).write(to: URL(fileURLWithPath: path + "/run.json"))
    #expect(try lab.resume(path).code == 0)
}

/// What float32 can't hold of α (g − g₀) is warned of, or refused; in float64 it is neither.
@Test func theLazyScaleMeetsTheArithmetic() throws {
    let lab = Lab()
    func trained(_ sets: [String]) throws -> Output {
        try lab.call(
            ["train", "config.yaml", "--quiet"] + (sets + ["training.stop.steps=1"]).flatMap { ["--set", $0] })
    }
    let small = try trained(["training.lazy_scale=10"])
    #expect(small.code == 0 && !small.err.contains("lazy_scale"), "\(small.err)")
    let large = try trained(["training.lazy_scale=1e5"])
    #expect(large.code == 0 && large.err.contains("warning   training.lazy_scale: 100000.0: float32"), "\(large.err)")
    let huge = try trained(["training.lazy_scale=1e10"])
    #expect(huge.code == 2 && huge.err.contains("nothing of it is left"), "\(huge.err)")
    let double = try trained(["training.lazy_scale=1e10", "precision=float64"])
    #expect(double.code == 0 && !double.err.contains("nothing of it is left"), "\(double.err)")
}

@Test func linearizedRunsSayWhatTheirFlipsAre() throws {
    let output = try Lab().train(["training.linearized=true"]).output
    #expect(output.err.contains("pattern_flips are 0"), "\(output.err)")
    #expect(try !Lab().train().output.err.contains("pattern_flips"))
}
