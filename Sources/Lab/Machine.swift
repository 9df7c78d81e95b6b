import Foundation
import LinearAlgebra

/// What the program computes on.
public enum Machine {
    private static let variable = "OPENBLAS_CORETYPE"

    /// Sets the number of threads (all cores if nil) and, where asked to, OpenBLAS's kernels.
    ///
    /// OpenBLAS reads its variable when it is loaded, so another core means starting the program
    /// again, once, with the variable set or cleared.
    /// - Throws: `LabError` where OpenBLAS did not take the name.
    public static func use(threads: Int?, blasCore: String?) throws {
        BLAS.threadCount = threads ?? ProcessInfo.processInfo.activeProcessorCount
        guard let blasCore else { return }
        let wanted = blasCore == "auto" ? nil : blasCore
        let current = ProcessInfo.processInfo.environment[variable]
        if wanted != current {
            if let wanted { setenv(variable, wanted, 1) } else { unsetenv(variable) }
            var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
            execv("/proc/self/exe", &arguments)
            throw LabError(
                "--blas-core \(blasCore): the program cannot be started again: \(String(cString: strerror(errno)))")
        }
        if let wanted, BLAS.core.lowercased() != wanted.lowercased() {
            throw LabError("--blas-core \(wanted): OpenBLAS has no such core; it uses \(BLAS.core)")
        }
    }

    /// One line where the kernels in use leave much of the processor unused.
    public static var weakCoreAdvice: String? {
        guard BLAS.coreIsWeak else { return nil }
        return "warning   OpenBLAS uses its \(BLAS.core) kernels on an AVX-512 processor, at half its speed; "
            + "--blas-core auto clears \(variable)"
    }

    /// `Zen, 2 threads`: as it is printed with every run.
    public static var description: String { "OpenBLAS core \(BLAS.core), \(BLAS.threadCount) threads" }
}
