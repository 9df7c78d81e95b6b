import Execution
import Files
import LinearAlgebra

/// What each process needs for a spectrum.
struct SpectrumMemory {
    let kernel: String
    let order: Int
    let grid: ProcessGrid
    let findsVectors: Bool

    /// Matrices of n²/N numbers that a process holds: the kernel; with vectors these too, and scratch for twice as much.
    private var matrices: Int { findsVectors ? 4 : 1 }

    /// Entries of a matrix that the process with the most of them holds.
    private var entries: Int {
        BlockLayout.share(order, SpectrumJob.block, 0, grid.rows)
            * BlockLayout.share(order, SpectrumJob.block, 0, grid.columns)
    }

    /// The largest process: its matrices, rows on their way from the file to the blocks, some vectors, the program.
    var bytes: Int {
        8 * matrices * entries + 3 * min(KernelSource.batchBytes, 8 * entries) + 8 * 20 * order + (100 << 20)
    }

    /// - Throws: `AgreedError` where the kernel is too large for so many processes, or these machines.
    func check(_ processes: Processes, threads: Int) throws {
        let n = Double(order)
        try processes.agree {
            // ScaLAPACK counts entries, and those of its scratch memory, in 32 bits.
            let most = findsVectors ? (Int(Int32.max) - 8 * order) / 2 : Int(Int32.max)
            guard entries <= most else {
                throw LabError(
                    "\(kernel): ScaLAPACK takes at most \(most) entries a process, found \(entries): start at "
                        + "least \(Int((1.1 * n * n / Double(most)).rounded(.up))) processes")
            }
        }
        let here = processes.onThisMachine
        try processes.agree {
            guard Double(bytes * here.processes) <= 0.9 * Double(Memory.limit) else {
                throw LabError(
                    "\(kernel): expected \(engineering(Double(bytes)))B of memory for each process, \(here.processes) on a "
                        + "machine, found \(engineering(Double(Memory.limit)))B: take more machines"
                        + (findsVectors ? ", or leave out --vectors" : ""))
            }
        }
        let crowded =
            here.processes * threads > here.cores
            ? "warning   \(here.processes) process\(here.processes == 1 ? "" : "es") of \(threads) "
                + "thread\(threads == 1 ? "" : "s") may use \(here.cores) core\(here.cores == 1 ? "" : "s") together: take "
                + "fewer, or more cores (mpirun --bind-to none, srun --cpus-per-task)\(processes.place)" : nil
        if let crowded = processes.shared(crowded) { processes.note(crowded) }
    }
}
