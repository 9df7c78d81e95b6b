import Console
import Foundation
import LinearAlgebra
import TestSupport
import Testing

/// Calls of the program that count its starts, with an OpenBLAS that may misjudge the processor.
private struct Starts {
    let lab = Lab()
    private let shim: String

    init() throws {
        shim = try builtShim("openblas", in: lab.folder)
    }

    func call(_ arguments: [String], misjudged: Bool, core: String? = nil) throws -> (output: Output, starts: Int) {
        let log = lab.folder.file(UUID().uuidString)
        let output = try lab.call(
            arguments,
            environment: [
                "LD_PRELOAD": shim, "NTKLAB_TEST_STARTS": log, "NTKLAB_TEST_MISJUDGED": misjudged ? "1" : nil,
                "OPENBLAS_CORETYPE": core, "NTKLAB_BLAS_CORE_REASON": nil,
            ])
        let lines = try String(contentsOfFile: log, encoding: .utf8)
        return (output, lines.split(separator: "\n").count)
    }
}

private let product = ["bench", "gemm", "--size", "64", "--precision", "float32"]

/// The core and its reason in a line such as `... OpenBLAS core Zen (AVX2, OpenBLAS's choice), 2 threads`.
private func core(in text: String) -> (core: BLASCore, reason: String)? {
    let found = text.firstMatch(of: /OpenBLAS core (\S+) \([^,)]+, ([^)]+)\)/)
    return found.map { (BLASCore(String($0.output.1)), String($0.output.2)) }
}

private func isStrongest(_ core: BLASCore) -> Bool { core.replacement(on: BLAS.processorWidth) == nil }

/// What a plain OpenBLAS makes of this processor decides whether one start is enough.
@Test func aPlainStartUsesTheStrongestCore() throws {
    let (output, starts) = try Starts().call(product, misjudged: false)
    let found = try #require(core(in: output.out), "\(output.out)\(output.err)")
    #expect(isStrongest(found.core), "\(output.out)")
    #expect(starts == (found.reason.hasPrefix("in place of") ? 2 : 1) && !output.err.contains("warning"))
}

@Test func aMisjudgedProcessorIsStartedOnceMore() throws {
    let (output, starts) = try Starts().call(product, misjudged: true)
    let found = try #require(core(in: output.out), "\(output.out)\(output.err)")
    let canDoBetter = !isStrongest(BLASCore("Prescott"))
    #expect(isStrongest(found.core) && starts == (canDoBetter ? 2 : 1), "\(output.out) after \(starts) starts")
    #expect(found.reason.hasPrefix("in place of Prescott") == canDoBetter)
}

@Test func theReasonIsStoredAndCellsInheritTheChoice() throws {
    let starts = try Starts()
    let (trained, _) = try starts.call(["train", "config.yaml", "--quiet", "--out", "runs"], misjudged: true)
    let said = try #require(core(in: trained.err), "\(trained.err)")
    let record = try starts.lab.record(starts.lab.onlyRun(in: "runs"))
    let environment = try #require(record["environment"] as? [String: Any])
    #expect(environment["blasCore"] as? String == said.core.name)
    #expect(environment["blasCoreReason"] as? String == said.reason)
    #expect(environment["blasCoreVectors"] as? String == said.core.vectorWidth.rawValue)

    _ = starts.lab.folder.write("sweep.yaml", smallConfig + "\nsweep: {axes: {seed: [0, 1]}, fit: []}\n")
    let (sweep, count) = try starts.call(
        ["sweep", "sweep.yaml", "--quiet", "--jobs", "1", "--out", "sweeps"], misjudged: true)
    let restarts = isStrongest(BLASCore("Prescott")) ? 0 : 1
    #expect(sweep.code == 0 && count == 2 + restarts, "\(count) starts\n\(sweep.err)")
}

@Test func theEnvironmentsCoreIsKeptUnlessAskedOtherwise() throws {
    let starts = try Starts()
    let (kept, once) = try starts.call(product, misjudged: true, core: "Nehalem")
    let found = try #require(core(in: kept.out), "\(kept.out)\(kept.err)")
    #expect(found == (BLASCore("Nehalem"), "set by OPENBLAS_CORETYPE") && once == 1)
    #expect(kept.err.contains("warning") == !isStrongest(found.core))

    let (auto, _) = try starts.call(product + ["--blas-core", "auto"], misjudged: false, core: "Nehalem")
    #expect(isStrongest(try #require(core(in: auto.out)).core))
    let (asked, twice) = try starts.call(product + ["--blas-core", "nehalem"], misjudged: false)
    #expect(try #require(core(in: asked.out)) == (BLASCore("Nehalem"), "asked for by --blas-core") && twice == 2)
    let (refused, _) = try starts.call(product + ["--blas-core", "Nonesuch"], misjudged: false)
    #expect(refused.code == 2 && refused.err.contains("--blas-core Nonesuch: OpenBLAS has no such core"))
    let (unknown, _) = try starts.call(product, misjudged: false, core: "Nonesuch")
    #expect(try #require(core(in: unknown.out)).reason == "OPENBLAS_CORETYPE asks for Nonesuch")
}

/// Cores of each width of vectors that this processor has and OpenBLAS was built with.
private let cores = ["Nehalem", "Haswell", "Zen", "SkylakeX"].filter { name in
    guard BLASCore(name).vectorWidth <= BLAS.processorWidth else { return false }
    let output = try? run(ntklab, product, environment: ["OPENBLAS_CORETYPE": name, "NTKLAB_BLAS_CORE_REASON": nil])
    return output.flatMap { core(in: $0.out) }?.core == BLASCore(name)
}

@Test func thisProcessorHasACoreToTest() { #expect(cores.isEmpty == false) }

@Test(arguments: cores) func everyCoreComputesWhatPyTorchDoes(core: String) throws {
    for precision in ["float64", "float32"] {
        let output = try run(
            ntklab, ["verify", referenceFile, "--precision", precision], environment: ["OPENBLAS_CORETYPE": core])
        #expect(output.code == 0 && output.out.contains(", 0 differ,"), "\(core): \(output.out.suffix(200))")
        #expect(output.err.contains("OpenBLAS core \(core) "))
    }
}

@Test(arguments: cores, [1, 3]) func runsResumeToTheSameBitsOnEveryCore(core: String, threads: Int) throws {
    let lab = Lab()
    let sets = ["training.batch=10", "tracking.kernel={samples: 20, every: 5}"].flatMap { ["--set", $0] }
    func call(_ arguments: [String]) throws {
        let output = try lab.call(arguments + ["--quiet"], environment: ["OPENBLAS_CORETYPE": core])
        #expect(output.code == 0 && !output.err.contains("differ from"), "\(core): \(output.err)")
    }
    let train = ["train", "config.yaml", "--threads", "\(threads)"] + sets
    try call(train + ["--out", "whole"])
    try call(train + ["--out", "part", "--set", "training.stop.steps=23"])
    let (whole, part) = (try lab.onlyRun(in: "whole"), try lab.onlyRun(in: "part"))
    try call(["resume", part, "--set", "training.stop.steps=60"])
    #expect(differences(whole, part, step: 60) == [])
    let environment = try lab.record(part)["environment"] as? [String: Any]
    #expect(environment?["threads"] as? Int == threads && environment?["blasCore"] as? String == core)
}
