import Foundation
import Synchronization
import TestSupport
import Testing
import Theory

/// Certification is examined on runs and series whose law is known: a sample of them, or all with NTKLAB_TEST_LONG.
///
/// `NTKLAB_BATTERY="twins|classes"` looks at these families alone and prints what was not told, and the configuration
/// and the data of what came out wrong; `NTKLAB_BATTERY="twins#12"` at one case.
@Test func noVerdictIsWrong() {
    let isRestricted = ProcessInfo.processInfo.environment["NTKLAB_BATTERY"] != nil
    var tallies: [(family: String, tally: Tally)] = []
    for (family, cases) in Battery.cases(all: isLong) {
        let start = Date()
        let found = examine(cases)
        var tally = Tally()
        tally.seconds = Date().timeIntervalSince(start)
        for (one, examined) in zip(cases, found) {
            tally.add(examined)
            if isRestricted { for line in examined.untold { print(line) } }
            guard !examined.isSound else { continue }
            for line in Array(examined.wrongHolds.values) + Array(examined.wrongFails.values) {
                Issue.record("wrong: \(line)")
            }
            for line in examined.contradictions { Issue.record("contradiction: \(line)") }
            if let error = examined.error { Issue.record("error: \(error)") }
            if isRestricted, case .run(let setup) = one.source {
                print(setup.text(folder: ".") + "data.csv:\n" + setup.table)
            }
        }
        tallies.append((family, tally))
    }
    let total = tallies.reduce(into: Tally()) { $0.add($1.tally) }
    if isLong || isRestricted { show(tallies, total) }
    #expect(total.count > 0)
    let share = Double(total.untold.values.reduce(0, +)) / Double(max(total.tellable.values.reduce(0, +), 1))
    #expect(isRestricted || share <= 0.15, "\(Int(100 * share)) % of what a referee could tell was not told")
}

/// Several at a time, since runs wait for the disk.
private let workers = 4

private func examine(_ cases: [BatteryCase]) -> [Examined] {
    let results = Mutex<[Int: Examined]>([:])
    DispatchQueue.concurrentPerform(iterations: min(workers, cases.count)) { worker in
        for index in stride(from: worker, to: cases.count, by: workers) {
            let examined = Examined(cases[index])
            results.withLock { $0[index] = examined }
        }
    }
    return results.withLock { found in cases.indices.compactMap { found[$0] } }
}

/// Counts by statement.
private struct Tally {
    var count = 0
    var seconds = 0.0
    var wrongHolds: [Statement: Int] = [:]
    var wrongFails: [Statement: Int] = [:]
    var tellable: [Statement: Int] = [:]
    var untold: [Statement: Int] = [:]

    mutating func add(_ examined: Examined) {
        count += 1
        for statement in examined.wrongHolds.keys { wrongHolds[statement, default: 0] += 1 }
        for statement in examined.wrongFails.keys { wrongFails[statement, default: 0] += 1 }
        for (statement, isTold) in examined.tellable {
            tellable[statement, default: 0] += 1
            if !isTold { untold[statement, default: 0] += 1 }
        }
    }

    mutating func add(_ other: Tally) {
        count += other.count
        seconds += other.seconds
        wrongHolds.merge(other.wrongHolds, uniquingKeysWith: +)
        wrongFails.merge(other.wrongFails, uniquingKeysWith: +)
        tellable.merge(other.tellable, uniquingKeysWith: +)
        untold.merge(other.untold, uniquingKeysWith: +)
    }

    /// For each statement: wrong holds/wrong fails/can't tell of those that could be told.
    var line: String {
        Statement.allCases.map { statement in
            let (holds, fails) = (wrongHolds[statement] ?? 0, wrongFails[statement] ?? 0)
            let (all, untold) = (tellable[statement] ?? 0, self.untold[statement] ?? 0)
            let text = holds + fails + all == 0 ? "." : "\(holds)/\(fails)/\(untold) of \(all)"
            return text.padding(toLength: 15, withPad: " ", startingAt: 0)
        }.joined()
    }
}

private func show(_ tallies: [(family: String, tally: Tally)], _ total: Tally) {
    func line(_ name: String, _ count: String, _ rest: String) {
        print(
            name.padding(toLength: 26, withPad: " ", startingAt: 0)
                + count.padding(toLength: 7, withPad: " ", startingAt: 0) + rest)
    }
    print("wrong holds/wrong fails/can't tell of what a referee could tell, statement by statement")
    line("family", "cases", (1...8).map { "\($0)".padding(toLength: 15, withPad: " ", startingAt: 0) }.joined())
    for (family, tally) in tallies { line(family, "\(tally.count)", tally.line + "\(Int(tally.seconds)) s") }
    line("all", "\(total.count)", total.line + "\(Int(total.seconds)) s")
}
