import ArgumentParser
import Execution
import RunFolders
import SharpnessJobs

struct SharpnessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sharpness",
        abstract: "How far the training loss rises in a small box around the weights of a run.",
        discussion:
            "φ of Keskar et al. over all trained weights and random subspaces, beside that of relative steps, "
            + "which rescaled units leave."
    )

    @Argument(help: .run, completion: .run) var directory: String
    @Option(help: "Step of a checkpoint, 0 for the initialization; default: the newest checkpoint.") var step: Int?
    @Option(help: "ε, the size of the boxes.") var epsilon = 1e-3
    @Option(help: "The most iterations of L-BFGS-B in each search.") var iterations = 10
    @Option(help: "Directions of a random subspace; default: 100, or all trained weights where they are fewer.")
    var subspace: Int?
    @Option(help: "Random subspaces.") var subspaces = 5
    @Option(help: "First samples of the training set; default: all.") var samples: Int?
    @OptionGroup var results: ResultOptions
    @OptionGroup var machine: MachineOptions

    func validate() throws {
        for (name, value, range) in [
            ("step", step, 0...Int.max), ("iterations", iterations, 1...10_000), ("subspace", subspace, 1...1_000_000),
            ("subspaces", subspaces, 1...10_000), ("samples", samples, 1...Int.max),
        ] as [(String, Int?, ClosedRange<Int>)] {
            guard let value, !range.contains(value) else { continue }
            let most =
                range.upperBound == .max ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            throw ValidationError("--\(name): expected \(most), found \(value)")
        }
        guard epsilon > 0, epsilon <= 1 else {
            throw ValidationError("--epsilon: expected more than 0 and at most 1, found \(epsilon)")
        }
    }

    func run() throws {
        try machine.apply()
        let request = SharpnessRequest(
            run: try RunLocator.find(directory), step: step, epsilon: epsilon, iterations: iterations,
            dimension: subspace, subspaces: subspaces, samples: samples)
        note("machine   \(Machine.description)")
        let summary = try SharpnessRunner.run(request, say: note)
        try results.show(summary, lines: summary.lines)
    }
}
