import ArgumentParser
import Execution
import Files
import LinearAlgebra
import RunFolders
import StationaryJobs
import StationaryPoints

extension StationarySearch.Method: ExpressibleByArgument {}
extension StationaryRequest.Origin: ExpressibleByArgument {}

struct StationaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stationary",
        abstract:
            "Points where the gradient of the training loss vanishes: minima and saddles, and how many were missed.",
        discussion:
            "Searches from many starts, each to where the gradient is 0, whatever its index. A job that was stopped or killed goes on where it was."
    )

    private struct Stopped: Encodable { let done: String }

    @Argument(help: "A run directory, its name or `latest`, or a configuration.", completion: .runOrFile)
    var subject: String
    @Option(help: "Searches.") var starts = 100
    @Option(help: "newton-mr, or gradient-norm for descent on the gradient's norm.")
    var method = StationarySearch.Method.newtonMR
    @Option(help: "Of the gradient's norm, over 1 + that at the start.") var tolerance = 1e-10
    @Option(help: "Starts: random as the configuration draws weights, the run's trajectory, or around its minimum.")
    var from: StationaryRequest.Origin?
    @Option(help: "Noise of the starts over the root mean square of each tensor.") var spread: Double?
    @Option(help: "Of the starts; default: that of the configuration.") var seed: Int?
    @Option(help: "First samples of the training set; default: all.") var samples: Int?
    @Option(help: "The most steps of a search; default: 500 of newton-mr, 5000 of gradient-norm.") var steps: Int?
    @Option(help: "λ of a ridge of its own for each weight, λ/2 to 3λ/2.") var ridge: Double?
    @Option(help: "The radius of a sphere that holds each layer's weight and bias.") var sphere: Double?
    @Option(help: "The radius of a ball that holds each layer's weight and bias.") var ball: Double?
    @Option(help: "The HDF5 file; default: stationary.h5 in the run's or the working folder.", completion: .hdf5)
    var out: String?
    @OptionGroup var results: ResultOptions
    @OptionGroup var machine: MachineOptions

    func validate() throws {
        for (name, value, range) in [
            ("starts", starts, 1...100_000), ("seed", seed, 0...Int.max), ("samples", samples, 1...Int.max),
            ("steps", steps, 1...1_000_000),
        ] as [(String, Int?, ClosedRange<Int>)] {
            guard let value, !range.contains(value) else { continue }
            let words =
                range.upperBound == .max ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            throw ValidationError("--\(name): expected \(words), found \(value)")
        }
        // Beyond these, squares of lengths are rounded to nothing or to infinity.
        for (name, value, range) in [
            ("ridge", ridge, 1e-50...1e50), ("sphere", sphere, 1e-50...1e50), ("ball", ball, 1e-50...1e50),
            ("tolerance", tolerance, 1e-30...0.1), ("spread", spread, 0...1e50),
        ] as [(String, Double?, ClosedRange<Double>)] {
            guard let value, !range.contains(value) else { continue }
            throw ValidationError("--\(name): expected \(range.lowerBound) to \(range.upperBound), found \(value)")
        }
        if sphere != nil, ball != nil { throw ValidationError("--sphere and --ball: expected one of them") }
        if let out, out.isEmpty { throw ValidationError("--out: expected a file, found nothing") }
    }

    func run() throws {
        try machine.apply()
        let threads = BLAS.threadCount
        note("machine   \(Machine.description)")
        // A configuration that is not there is no run that was not found.
        let isFile = Disk.isFile(subject) || subject.hasSuffix(".yaml") && !Disk.isFolder(subject)
        let request = StationaryRequest(
            isFile ? .configuration(subject) : .run(try RunLocator.find(subject)), starts: starts, method: method,
            tolerance: tolerance, origin: from, spread: spread, seed: seed.map { UInt64($0) }, samples: samples,
            steps: steps, ridge: ridge,
            constraint: sphere.map { .sphere(radius: $0) } ?? ball.map { .ball(radius: $0) }, out: out)
        switch try StationaryRunner.run(request, threads: threads, say: note) {
        case .done(let summary): try results.show(summary, lines: summary.lines)
        case .interrupted(let done):
            try results.show(Stopped(done: done)) { _ in ["stopped with \(done) done; the same command goes on"] }
            throw ExitCode(130)
        }
    }
}
