import Configurations
import HDF5
import LinearAlgebra
import RunFolders
import Runs

/// A request in some pair of precisions.
protocol PreparedSpectrumJob {
    func run(say: (String) -> Void) throws -> SpectrumOutcome
}

/// Spectra of H, G and R at the checkpoints of a run.
package enum SpectrumRunner {
    /// Computes a spectrum and writes its file.
    /// - Returns: what was found; a job that was stopped goes on when the same is asked for again.
    /// - Throws: `LabError` or `HDF5Error` where run, step, sizes or files do not fit.
    package static func run(_ request: SpectrumRequest, say: (String) -> Void) throws -> SpectrumOutcome {
        _ = try RunRecord(reading: request.run)
        let configuration = try Configuration(file: RunFile.configuration.path(of: request.run))
        let precision = request.precision ?? configuration.precision
        return try prepare(request, configuration, configuration.precision.storedScalar, precision.storedScalar)
            .run(say: say)
    }

    @specialized(where S == Float, P == Float)
    @specialized(where S == Float, P == Double)
    @specialized(where S == Double, P == Float)
    @specialized(where S == Double, P == Double)
    private static func prepare<S: Scalar & HDF5Element, P: Scalar & HDF5Element>(
        _ request: SpectrumRequest, _ configuration: Configuration, _ run: S.Type, _ arithmetic: P.Type
    ) throws -> any PreparedSpectrumJob {
        try PreparedSpectrum<S, P>(request, configuration)
    }
}
