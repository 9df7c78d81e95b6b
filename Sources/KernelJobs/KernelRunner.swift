import Claims
import Configurations
import Execution
import Files
import HDF5
import LinearAlgebra
import RunFolders
import Runs

/// Kernels of the checkpoints of a run: from a request to a file, by one process or by many.
package enum KernelRunner {
    /// Makes a kernel, together with those that work for the same file.
    /// - Parameter limit: seconds without a sign of life after which others may take over what this process holds.
    /// - Returns: what was done; a job that was stopped goes on when the same is asked for again.
    /// - Throws: `LabError` or `HDF5Error` where run, step, sizes or files do not fit.
    package static func run(
        _ request: KernelRequest, takeoverAfter limit: Double = ClaimFolder.usualLimit, say: (String) -> Void
    ) throws -> KernelOutcome {
        try prepared(request) { try $0.compute(limit, say: say) }
    }

    /// Makes the folder of a job, in which workers then make the kernel: each with as many threads as this process has, on the
    /// kind of machine that the first of them has.
    /// - Returns: its absolute path, and how many tiles there are.
    /// - Throws: as `run`.
    package static func prepareJob(_ request: KernelRequest) throws -> (folder: String, tiles: Int) {
        try prepared(request) { try $0.begin() }
    }

    /// Whether a folder has the name of a job's, be it there or, once the kernel is made, no more.
    package static func isNamedAsJob(_ folder: String) -> Bool { JobFolder(folder).hasName }

    /// Whether a folder is that of a job.
    package static func isJob(_ folder: String) -> Bool { Disk.exists(JobFolder(folder).record) }

    /// Works in the folder of a job, beside others on any hosts, until nothing is left to claim; the last one joins the tiles.
    ///
    /// Starts the threads that the job states.
    /// - Parameters:
    ///   - cores: processors that it may use; fewer than the job's threads are refused.
    ///   - limit: as for `run`; the usual one where nil.
    /// - Throws: `LabError` or `HDF5Error` where there is no job, its run is not where it was, or the worker's tiles would have
    ///   other bits.
    package static func work(
        in path: String, cores: Int? = nil, takeoverAfter limit: Double? = nil, say: (String) -> Void
    ) throws -> WorkerOutcome {
        let folder = JobFolder(path, limit: limit ?? ClaimFolder.usualLimit)
        guard isJob(path) else {
            // Batch systems start workers late.
            if folder.isGone, !Disk.exists(folder.path), Disk.exists(folder.out) { return .finished }
            throw LabError("\(path): expected the folder of a kernel job, with its job.json, found none")
        }
        var record = try JobRecord(reading: folder.record)
        let (request, threads) = try record.work(in: folder)
        Interruption.listen()
        if let cores, cores < threads {
            throw LabError("--cores: expected at least \(threads), the threads of this job, found \(cores)")
        }
        try Machine.start(threads: threads)
        say("machine   \(Machine.description)")
        let environment = RunRecord.Environment().summary
        record = try folder.settled(record, for: environment)
        try record.identity.refuseOtherEnvironment(environment, in: folder.path)
        guard RunFile.isRun(request.run) else {
            throw LabError(
                "\(folder.record): request.run: expected the run that the job was begun for, found none at \(request.run); "
                    + "from where it is now, `ntklab ntk RUN --out \(folder.out)` with the job's options goes on")
        }
        do {
            return try prepared(request.worked(into: folder.out)) {
                try $0.work(for: record.identity, in: folder, say: say)
            }
        } catch let error as LabError where !"\(error)".hasPrefix(folder.path) {
            throw LabError("\(folder.record): \(error)")
        }
    }

    /// What a request would do: the algorithm of each layer, with flops, memory and time.
    package static func forecast(_ request: KernelRequest, workers: Int = 1) throws -> KernelForecast {
        try prepared(request) { try $0.forecast(workers: workers) }
    }

    /// The steps whose weights a run has, the initialization first.
    package static func steps(ofRun run: String) throws -> [Int] {
        try [0] + RunFile.checkpointSteps(of: run).filter { $0 != 0 }.sorted()
    }

    private static func prepared<R>(_ request: KernelRequest, _ body: (any PreparedKernel) throws -> R) throws -> R {
        _ = try RunRecord(reading: request.run)
        let configuration = try Configuration(file: RunFile.configuration.path(of: request.run))
        let precision = request.precision ?? configuration.precision
        return try body(prepare(request, configuration, configuration.precision.storedScalar, precision.storedScalar))
    }

    @specialized(where S == Float, P == Float)
    @specialized(where S == Float, P == Double)
    @specialized(where S == Double, P == Float)
    @specialized(where S == Double, P == Double)
    private static func prepare<S: Scalar & HDF5Element, P: Scalar & HDF5Element>(
        _ request: KernelRequest, _ configuration: Configuration, _ run: S.Type, _ kernel: P.Type
    ) throws -> any PreparedKernel {
        try PreparedRequest<S, P>(request, configuration)
    }
}
