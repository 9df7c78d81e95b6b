import Foundation
import LinearAlgebra

/// What the program computes on.
public enum Machine {
    /// Sets the number of threads (all cores if nil) and OpenBLAS's kernels: a core by its name, `auto` for the
    /// processor's best whatever the environment says, or nil for that of the environment and else the best.
    ///
    /// OpenBLAS reads its variable when it is loaded, so another core means starting the program again, once.
    /// - Throws: `LabError` where OpenBLAS did not take the name, or the program can't be started again.
    public static func use(threads: Int?, blasCore: String?) throws {
        BLAS.threadCount = threads ?? ProcessInfo.processInfo.activeProcessorCount
        try use(blasCore: blasCore)
    }

    /// The same without a word on threads.
    public static func use(blasCore: String?) throws {
        switch blasCore {
        case nil: break
        case "auto": if BLAS.coreReason == .environment { throw failure("auto", BLAS.restart(withCore: nil)) }
        case let name?: return try use(core: BLASCore(name))
        }
        if let error = BLAS.useStrongestCore() { throw failure("auto", error) }
    }

    private static func use(core wanted: BLASCore) throws {
        if wanted == .current { return }
        if BLAS.coreReason != .asked { throw failure(wanted.name, BLAS.restart(withCore: wanted.name)) }
        throw LabError("--blas-core \(wanted.name): OpenBLAS has no such core; it uses \(BLAS.core)")
    }

    private static func failure(_ core: String, _ error: Int32) -> LabError {
        LabError("--blas-core \(core): the program cannot be started again: \(String(cString: strerror(error)))")
    }

    /// One line where the kernels in use leave much of the processor unused.
    public static var weakCoreAdvice: String? {
        guard let better = BLASCore.current.replacement(on: .current) else { return nil }
        let strongest = better.strength.title
        let remedy =
            if case .replaced = BLAS.coreReason { "OpenBLAS has none of those" } else {
                "--blas-core auto takes the best"
            }
        return "warning   OpenBLAS uses its \(BLAS.core) kernels (\(BLASCore.current.strength.title)) on a processor "
            + "that has \(strongest), at half its speed or less; \(remedy)"
    }

    /// `OpenBLAS core Zen (AVX2, OpenBLAS's choice)`: as it is printed once with all that computes.
    public static var core: String {
        "OpenBLAS core \(BLAS.core) (\(BLASCore.current.strength.title), \(BLAS.coreReason.words))"
    }

    /// The same with `, 2 threads`.
    public static var description: String { "\(core), \(BLAS.threadCount) thread\(BLAS.threadCount == 1 ? "" : "s")" }
}

extension BLASCoreReason {
    /// As it is printed, and stored in `run.json`.
    var words: String {
        switch self {
        case .openBLAS(nil): "OpenBLAS's choice"
        case .openBLAS(let name?): "OpenBLAS's choice, which has no \(name)"
        case .environment: "set by \(BLAS.coreVariable)"
        case .asked: "asked for by --blas-core"
        case .replaced(let weaker): "in place of \(weaker), which is OpenBLAS's choice"
        }
    }
}
