import ArgumentParser
import Foundation
import Lab
import LinearAlgebra

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare this lab's numbers with another framework's reference files.",
        discussion: "Exit code 0 if all that was compared holds and something was compared, 1 otherwise.")

    @Argument(help: "Reference files (HDF5).")
    var files: [String]

    @Option(help: "Arithmetic to recompute in: float64 or float32.")
    var precision: Precision = .float64

    @Flag(help: "One JSON object a quantity.")
    var json = false

    func run() throws {
        try useStrongestCore()
        var all: [Comparison] = []
        for file in files {
            let results = try Verification.compare(file: file, precision: precision)
            for result in results { try json ? printJSON(result) : print(line(result)) }
            all += results
        }
        let differing = all.filter { $0.status == .differs }.count
        let compared = all.filter { $0.status != .notCompared }.count
        if !json { print("\(compared) compared, \(differing) differ, \(all.count - compared) not compared") }
        if differing > 0 || compared == 0 { throw ExitCode(1) }
    }

    private func line(_ c: Comparison) -> String {
        let error = c.error.map { String(format: "%.2e", $0) } ?? (c.status == .differs ? "not finite" : "-")
        let tolerance = c.tolerance.map { String(format: "%.0e", $0) } ?? "-"
        let columns = [
            c.case.padding(toLength: max(24, c.case.count), withPad: " ", startingAt: 0),
            c.quantity.padding(toLength: max(36, c.quantity.count), withPad: " ", startingAt: 0),
            "\(c.shape)".padding(toLength: 14, withPad: " ", startingAt: 0),
            error.padding(toLength: 10, withPad: " ", startingAt: 0),
            tolerance.padding(toLength: 6, withPad: " ", startingAt: 0),
        ]
        return columns.joined(separator: " ") + " " + c.status.rawValue + (c.reason.map { ": \($0)" } ?? "")
    }
}

extension Precision: ExpressibleByArgument {}
