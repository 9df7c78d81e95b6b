import Console
import Files
import Foundation
import LinearAlgebra

/// What the program computes on.
package enum Machine {
    /// Processors that this process may use: those it may run on, but no more than its control group's time is worth.
    package static let processors = min(
        ProcessInfo.processInfo.activeProcessorCount, ControlGroup().processors ?? .max, BLAS.mostThreads)

    /// Sets OpenBLAS's kernels and starts the threads (all `processors` if nil).
    /// - Throws: as `use(blasCore:)`, or where there is no room for the threads.
    package static func use(threads: Int?, blasCore: String?) throws {
        try use(blasCore: blasCore)
        try start(threads: threads ?? processors)
    }

    /// Starts so many threads for all that computes from now on.
    /// - Throws: `LabError` where the system gives fewer, or OpenBLAS no room for them.
    package static func start(threads wanted: Int) throws {
        let started = BLAS.startThreads(wanted)
        // Fewer would be other bits than were asked for.
        guard started == wanted else {
            throw LabError(
                "--threads: expected \(wanted) threads, but only \(started) could be started (ulimit -u, ulimit -v): "
                    + "choose --threads \(started)")
        }
        guard BLAS.reserveBuffers() else {
            throw LabError(
                "the limits on address space and data (ulimit -v, -d) leave \(Memory.limit / 1_000_000) MB, too little for "
                    + "OpenBLAS's 134 MB for each of \(wanted) threads: raise them or choose fewer --threads")
        }
    }

    /// Has OpenBLAS use a core by its name, with `auto` the processor's best whatever the environment says, or with nil
    /// that of the environment and else the best.
    ///
    /// OpenBLAS reads its variable when it is loaded, so another core means starting the program again, once.
    /// - Throws: `LabError` where a core that was asked for can't be had.
    package static func use(blasCore: String?) throws {
        switch (blasCore, BLAS.coreReason) {
        case ("auto", .environment), ("auto", .asked): throw failure("auto", BLAS.restart(withCore: nil))
        case (nil, _), ("auto", _):
            // Where it can't be started again it goes on, slowly, and the advice below says so.
            BLAS.useStrongestCore()
        case (let name?, let reason):
            if BLASCore(name) == .current { return }
            if reason != .asked(name) { throw failure(name, BLAS.restart(withCore: name)) }
            throw LabError("--blas-core \(name): OpenBLAS has no such core; it uses \(BLAS.core)")
        }
    }

    private static func failure(_ core: String, _ error: Int32) -> LabError {
        LabError("--blas-core \(core): the program cannot be started again: \(String(cString: strerror(error)))")
    }

    /// One line where the kernels in use leave much of the processor unused.
    package static var weakCoreAdvice: String? {
        guard BLASCore.current.replacement(on: BLAS.processorWidth) != nil else { return nil }
        let remedy =
            switch BLAS.coreReason {
            case .environment: "; without \(BLAS.coreVariable) in the environment it takes the best"
            case .asked, .replaced: ""
            case .openBLAS: "; the program could not be started again with others"
            }
        return
            "warning   OpenBLAS uses its \(BLAS.core) kernels (\(BLASCore.current.vectorWidth.title)) on a processor "
            + "that has \(BLAS.processorWidth.title), at half its speed or less\(remedy)"
    }

    /// `OpenBLAS core Zen (AVX2, OpenBLAS's choice)`: as it is printed once with all that computes.
    package static var core: String {
        "OpenBLAS core \(BLAS.core) (\(BLASCore.current.vectorWidth.title), \(BLAS.coreReason.words))"
    }

    /// The same with `, 2 threads`.
    package static var description: String { "\(core), \(counted(BLAS.threadCount, "thread"))" }
}
