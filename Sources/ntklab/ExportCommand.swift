import ArgumentParser
import Exchange
import RunFolders

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the weights of a run for PyTorch: as safetensors, or as arrays of NumPy.",
        discussion:
            "Prints names, shapes and the network in Python. model.initialize_from reads such files, and PyTorch's own."
    )

    @Argument(help: .run, completion: .run) var directory: String
    @Option(help: "safetensors or npz.") var format: WeightExport.Format
    @Option(help: "Step of a checkpoint, 0 for the initialization; default: the newest checkpoint.") var step: Int?
    @Flag(help: "Multiply weights and biases by their factors of the forward pass, so that plain modules compute f.")
    var foldScales = false
    @Option(help: "The file; default: in the run's folder weights.", completion: .file()) var out: String?
    @Flag(help: "Replace the file if it is there.") var force = false
    @OptionGroup var results: ResultOptions

    func validate() throws {
        if let step, step < 0 { throw ValidationError("--step: expected at least 0, found \(step)") }
        if let out, out.isEmpty { throw ValidationError("--out: expected a file, found nothing") }
    }

    func run() throws {
        let export = try WeightExport(
            run: RunLocator.find(directory), format: format, step: step, isFolded: foldScales, out: out, isForced: force
        )
        let summary = try export.write()
        try results.show(summary, lines: summary.lines)
    }
}

extension WeightExport.Format: ExpressibleByArgument {}
