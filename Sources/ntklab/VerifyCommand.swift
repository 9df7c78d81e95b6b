import ArgumentParser
import Console
import Foundation
import LinearAlgebra
import Verification

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Compare this lab's numbers with another framework's reference files.",
        discussion: "Exit code 0 if all that was compared holds and something was compared, 1 otherwise.")

    @Argument(help: "Reference files (HDF5).", completion: .hdf5)
    var files: [String]

    @Option(help: "Arithmetic to recompute in: float64 or float32.")
    var precision: Precision = .float64

    @OptionGroup var results: ResultOptions

    func run() throws {
        try useStrongestCore()
        var all: [Comparison] = []
        for file in files {
            let compared = try ReferenceComparison.compare(file: file, precision: precision)
            all += compared
            // A line a quantity, as files come.
            if results.json {
                try compared.forEach(printJSON)
            } else {
                ComparisonTable.lines(compared, columns: Terminal.width).forEach { print($0) }
            }
        }
        let differing = all.filter { $0.status == .differs }.count
        let compared = all.filter { $0.status != .notCompared }.count
        if !results.json { print("\(compared) compared, \(differing) differ, \(all.count - compared) not compared") }
        if differing > 0 || compared == 0 { throw ExitCode(1) }
    }
}

extension Precision: ExpressibleByArgument {}
