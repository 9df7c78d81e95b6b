import Configurations
import HDF5
import LinearAlgebra
import RunFolders
import Runs

/// Kernels of the checkpoints of a run: from a request to a file.
package enum KernelRunner {
    /// - Returns: what was done; a job that was stopped goes on when the same is asked for again.
    /// - Throws: `LabError` or `HDF5Error` where run, step, sizes or files do not fit.
    package static func run(_ request: KernelRequest, say: (String) -> Void) throws -> KernelOutcome {
        try prepared(request) { try $0.compute(say: say) }
    }

    /// What a request would do: the algorithm of each layer, with flops and memory.
    package static func forecast(_ request: KernelRequest) throws -> KernelForecast {
        try prepared(request) { try $0.forecast() }
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
