import LinearAlgebra

/// Searches for stationary points of the training loss of a run or a configuration.
package enum StationaryRunner {
    /// Makes all searches and writes their file.
    /// - Parameter threads: searches side by side; results do not depend on it.
    /// - Returns: what was found; a job that was stopped goes on when the same is asked for again.
    /// - Throws: `LabError` or `HDF5Error` where run, options or files do not fit.
    package static func run(
        _ request: StationaryRequest, threads: Int, say: @escaping (String) -> Void
    ) throws -> StationaryOutcome {
        // Each search has one: bits do not depend on how many there are.
        BLAS.threadCount = 1
        return try StationaryJob(request).run(threads: threads, say: say)
    }
}
