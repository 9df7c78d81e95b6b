import ArgumentParser
import CScaLAPACK
import Console
import Execution
import Files
import Foundation
import HDF5
import LinearAlgebra
import Runs

/// `mpirun -n N ntklab-eigen KERNEL.h5`: one process of the job, from its start to its exit code.
///
/// 0 done, 2 for whatever was wrong, which one process says.
@main
struct EigenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ntklab-eigen",
        abstract: "All eigenvalues of a kernel that is too large for one machine, by ScaLAPACK.",
        discussion:
            "Started by mpirun or srun it shares the kernel among all processes, alone it is one. The kernel is a file of "
            + "ntklab ntk.",
        version: ntklabVersion)

    @Argument(help: "The kernel's HDF5 file, which all processes can read.") var kernel: String
    @Flag(help: "Find and write the eigenvectors too: four times the memory.") var vectors = false
    @Option(help: "The HDF5 file; default: <kernel>-spectrum.h5 beside the kernel.") var out: String?
    @Option(help: "Threads of each process.") var threads = 1

    func validate() throws {
        guard (1...256).contains(threads) else {
            throw ValidationError("--threads: expected 1 to 256, found \(threads)")
        }
    }

    static func main() {
        // Before MPI, since it may start the program anew.
        BLAS.useStrongestCore()
        Interruption.prepare()
        ReadingGuard.endProcess { _exit(2) }
        guard sl_begin() == 0 else {
            Diagnostics.line("error: MPI cannot be started")
            Foundation.exit(2)
        }
        let processes = Processes()
        let code = work(processes)
        sl_end()
        Foundation.exit(code)
    }

    /// Every process comes to the same exit code; the first one speaks.
    private static func work(_ processes: Processes) -> Int32 {
        let text: String
        do {
            let command = try parse()
            do {
                try command.compute(processes)
                return 0
            } catch let error as AgreedError {
                text = "error: \(error)"
            } catch {
                // One process alone can't go on, and the others would wait for it.
                Diagnostics.line("error: \(words(of: error))\(processes.place)")
                sl_abort(2)
                return 2
            }
        } catch {
            text = fullMessage(for: error)
            guard exitCode(for: error) != .success else {
                if processes.isFirst { print(text) }
                return finished(processes)
            }
        }
        if processes.isFirst { Diagnostics.line(text) }
        return 2
    }

    /// Whether what was printed arrived.
    private static func finished(_ processes: Processes) -> Int32 {
        do {
            try processes.agree { try StandardOutput.finish() }
            return 0
        } catch {
            if processes.isFirst { Diagnostics.line("error: \(error)") }
            return 2
        }
    }

    private func compute(_ processes: Processes) throws {
        try processes.agree { try Machine.start(threads: threads) }
        sl_use_threads(Int32(threads))
        let job = try SpectrumJob(processes, kernel: kernel, out: out, findsVectors: vectors, threads: threads)
        let summary = try job.run()
        if processes.isFirst {
            for line in summary.lines(columns: Terminal.width) + ["file      \(job.out)"] { print(visible(line)) }
        }
        try processes.agree { try StandardOutput.finish() }
    }
}
