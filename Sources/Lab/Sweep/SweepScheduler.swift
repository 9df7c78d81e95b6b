import Foundation
import LinearAlgebra

/// Runs cells in processes of their own: small ones side by side with one thread each, large ones in turns with all.
///
/// Side by side is 1.05 to 1.6 times as fast as in turns, the more so the smaller the network (measured on two cores,
/// widths 4096 to 256), so cells take turns only where their memory, or the time of a single step, asks for it.
final class SweepScheduler {
    private let directory: SweepDirectory
    /// Processes at once, and threads of each, where that is forced.
    private let jobs: Int?
    private let stopsAtFailure: Bool
    private let say: (String) -> Void
    private var progress: SweepProgress
    private var costs = CellCosts()
    private var running: [CellProcess] = []
    private let ended = DispatchSemaphore(value: 0)
    private var isStopping = false
    private var isTold = false
    /// Cells that ended without a result in this call, by id.
    private(set) var failures: Set<String> = []

    init(_ directory: SweepDirectory, jobs: Int?, stopsAtFailure: Bool, quiet: Bool, say: @escaping (String) -> Void) {
        self.directory = directory
        self.jobs = jobs
        self.stopsAtFailure = stopsAtFailure
        self.say = say
        progress = SweepProgress(isQuiet: quiet)
    }

    static var cores: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// Whether a cell takes its turn with all threads.
    static func takesTurns(_ cost: CellCost) -> Bool {
        // A step of a second on one core: nothing is lost by threads, and results come one after another.
        cost.stepFlops > 5e10 || cost.bytes * Double(cores) > 0.7 * Double(Memory.physical)
    }

    /// Whether a signal, or a failure with `--fail-fast`, ended it before its end.
    var wasStopped: Bool { isStopping }

    /// Runs those cells that are not done; the same cell twice is one run.
    func run(_ cells: [SweepCell]) throws {
        var (small, large): ([Waiting], [Waiting]) = ([], [])
        var known: Set<String> = []
        for cell in cells where cell.id.isEmpty || known.insert(cell.id).inserted {
            let state = directory.state(of: cell)
            progress.found(state)
            if state.isFinal { report(cell, state) }
            guard !state.isFinal, case .success(let configuration) = cell.configuration else { continue }
            let waiting = Waiting(cell: cell, cost: costs.cost(of: configuration))
            progress.expect(work: waiting.cost.work)
            Self.takesTurns(waiting.cost) && jobs == nil ? large.append(waiting) : small.append(waiting)
        }
        let slots = jobs ?? Self.cores
        try run(&small, slots: slots, threads: max(Self.cores / slots, 1))
        try run(&large, slots: 1, threads: Self.cores)
        progress.end()
    }

    private struct Waiting {
        let cell: SweepCell
        let cost: CellCost
    }

    /// Longest first, so that no long one is left for the end.
    private func run(_ waiting: inout [Waiting], slots: Int, threads: Int) throws {
        waiting.sort { $0.cost.flops > $1.cost.flops }
        var next = waiting[...]
        // Cells that another process, a cluster's or an orphan of a killed sweep, works on.
        var elsewhere: [Waiting] = []
        while !running.isEmpty || (!isStopping && !(next.isEmpty && elsewhere.isEmpty)) {
            while !isStopping, running.count < slots, let candidate = next.popFirst() {
                if RunDirectory.isHeld(directory.cell(candidate.cell.id)) {
                    elsewhere.append(candidate)
                } else {
                    try start(candidate, threads: threads)
                }
            }
            _ = ended.wait(timeout: .now() + 0.2)
            try collect()
            progress.show(running: running.count)
            if Interruption.isRequested { stop() }
            if next.isEmpty, !elsewhere.isEmpty {
                next = elsewhere.filter { !directory.state(of: $0.cell).isFinal }[...]
                for gone in elsewhere where directory.state(of: gone.cell).isFinal {
                    progress.ended(directory.state(of: gone.cell), work: gone.cost.work)
                }
                elsewhere = []
            }
        }
    }

    private func start(_ waiting: Waiting, threads: Int) throws {
        guard case .success(let configuration) = waiting.cell.configuration else { return }
        let folder = directory.cell(waiting.cell.id)
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw LabError(RunDirectory.systemMessage(folder)) }
        if !FileManager.default.fileExists(atPath: folder + "/config.yaml") {
            try RunDirectory.write(configuration.resolvedText, to: folder + "/config.yaml")
        }
        running.append(
            try CellProcess(
                waiting.cell, waiting.cost, folder: folder, log: directory.log(waiting.cell.id), threads: threads,
                whenDone: { [ended] in ended.signal() }))
    }

    /// Looks at what has ended.
    private func collect() throws {
        for process in running where !process.isRunning {
            try process.finish(isFinal: directory.state(of: process.cell).isFinal)
            let state = directory.state(of: process.cell)
            report(process.cell, state)
            if case .failed = state { failures.insert(process.cell.id) }
            if stopsAtFailure, state.problem != nil { stop() }
            progress.ended(state, work: process.cost.work)
        }
        running.removeAll { !$0.isRunning }
    }

    private func report(_ cell: SweepCell, _ state: CellState) {
        guard let problem = state.problem else { return }
        progress.clear()
        say("cell      \(cell.label): \(problem)")
    }

    /// Starts no more cells, and has those that run write a checkpoint and stop.
    private func stop() {
        isStopping = true
        // A terminal sends Ctrl-C to the cells too, and a second signal would end them at once.
        guard !isTold, Interruption.signal != SIGINT else { return }
        isTold = true
        running.forEach { $0.stop() }
    }
}
