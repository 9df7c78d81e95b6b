import Certificates
import Configurations
import Console
import Execution
import Foundation
import Measurements
import Sampling
import Statistics
import TestSupport
import Theory

/// The families of runs and series, each by the number of its cases.
enum Battery {
    struct Family: Sendable {
        let name: String
        let count: Int
        /// How many of them every test run looks at.
        let sample: Int
        let make: @Sendable (Int) -> BatteryCase
    }

    static let families: [Family] =
        [
            linearFamily, linearPlainFamily, unrealizableFamily, farFamily, scheduleFamily, momentumFamily,
            fewStepsFamily, floorFamily, divergenceFamily, partialKernelFamily, deepZeroFamily, deepTargetFamily,
            edgeFamily, twinFamily, classFamily, stochasticFamily, matrixFamily, wideFamily, narrowFamily,
            zeroTensorFamily, linearizedFamily, exactFamily, gapFamily, oneSampleFamily, coarseKernelFamily,
            sparseKernelFamily, evenStochasticFamily, aliasFamily, builtFamily, catapultFamily, rareSampleFamily,
            idleWeightsFamily,
        ] + seriesFamilies

    /// What `NTKLAB_BATTERY` leaves: an expression for names of families, and the number of a case after a `#`.
    static func cases(all: Bool) -> [(family: String, cases: [BatteryCase])] {
        let parts = ProcessInfo.processInfo.environment["NTKLAB_BATTERY"]?.split(separator: "#").map(String.init)
        let (pattern, number) = (parts?.first, parts.flatMap { $0.count > 1 ? Int($0[1]) : nil })
        return families.filter { family in
            pattern.map { family.name.range(of: $0, options: .regularExpression) != nil } ?? true
        }.map { family in
            // The sample is drawn, so that nothing goes by turns.
            let order = RandomStream(seed: 0, "battery/" + family.name).permutation(family.count)
            let indices = number.map { [$0] } ?? (all ? Array(0..<family.count) : order.prefix(family.sample).sorted())
            return (family.name, indices.map(family.make))
        }
    }

    /// The evidence of a case: a run is made, read and deleted.
    static func evidence(_ one: BatteryCase) throws -> RunEvidence {
        guard case .run(let setup) = one.source else {
            guard case .series(let run) = one.source else { fatalError("a case has a source") }
            return run
        }
        let folder = TestFolder()
        _ = folder.write("data.csv", setup.table)
        let configuration = try Configuration(text: setup.text(folder: folder.path), source: "battery")
        let result = try Runner.train(configuration, out: folder.file("runs"), quiet: true) { _ in }
        return try RecordedRun(reading: result.path).evidence
    }
}

/// What came out of one case.
struct Examined: Sendable {
    var wrongHolds: [Statement: String] = [:]
    var wrongFails: [Statement: String] = [:]
    /// Statements that a referee could tell, and whether the program did; what it said where it did not.
    var tellable: [Statement: Bool] = [:]
    var untold: [String] = []
    var contradictions: [String] = []
    var error: String?

    init(_ one: BatteryCase) {
        do {
            var run = try Battery.evidence(one)
            one.damage(&run)
            let told = certify(run)
            let facts = one.facts(run)
            let judge = Judge(run, facts)
            if let end = facts.end { try Self.check(judge.seen, end) }
            for certificate in told {
                let (statement, verdict) = (certificate.statement, certificate.verdict)
                let known = statement == .globalMinimum ? judge.distance : ""
                let line =
                    "\(one.family) [\(one.parameters)] \(statement): \(verdict.rawValue): \(certificate.reason)\(known)"
                if judge.truth.isWrong(verdict, statement) {
                    if verdict == .holds { wrongHolds[statement] = line } else { wrongFails[statement] = line }
                }
                if let could = judge.truth.tellable[statement], !judge.truth.isWrong(could, statement) {
                    tellable[statement] = verdict != .cannotTell
                    if verdict == .cannotTell { untold.append("\(could.rawValue) untold: \(line)") }
                }
            }
            contradictions = Self.contradictions(told, judge).map { "\(one.family) [\(one.parameters)] \($0)" }
        } catch {
            self.error = "\(one.family) [\(one.parameters)]: \(error)"
        }
    }

    private struct OtherRun: Error, CustomStringConvertible { let description: String }

    /// Whether a run came to the loss that mathematics says, but for rounding.
    private static func check(_ seen: Recorded, _ end: Double) throws {
        let isSingle = seen.roundoff > 1e-10
        let allowed = (isSingle ? 1e-2 : 1e-5) * end + (isSingle ? 1e-7 : 1e-20) * seen.first
        guard abs(seen.last - end) > allowed else { return }
        throw OtherRun(description: "the loss ended at \(seen.last), not at \(end)")
    }

    var isSound: Bool { wrongHolds.isEmpty && wrongFails.isEmpty && contradictions.isEmpty && error == nil }

    /// The implications between statements.
    private static func contradictions(_ told: [Certificate], _ judge: Judge) -> [String] {
        func verdict(_ statement: Statement) -> Certificate? { told.first { $0.statement == statement } }
        let (minimum, linear) = (verdict(.globalMinimum), verdict(.linearConvergence))
        let gradient = verdict(.noCriticalPoint)
        let pairs: [(Certificate?, Verdict, Certificate?, Verdict)] = [
            (linear, .holds, gradient, .fails), (gradient, .holds, linear, .fails),
            (linear, .holds, minimum, .fails), (minimum, .fails, linear, .holds),
        ]
        return pairs.compactMap { first, wanted, second, refused in
            guard let first, let second, first.verdict == wanted, second.verdict == refused else { return nil }
            return
                "\(first.statement) \(wanted.rawValue) (\(first.reason)) beside \(second.statement) \(refused.rawValue) "
                + "(\(second.reason))"
        }
    }
}
