import Configurations
import Execution
import Foundation
import HDF5
import LinearAlgebra
import RunFolders
import Runs

/// Writes the samples of a run as it is trained on them, however large they are: `SampleFile`.
package enum SampleExport {
    /// - Throws: an error where the data is not what the run began with, or cannot be written.
    package static func run(_ run: String, to out: String, isForced: Bool) throws {
        try DataImport.checkTarget(out, isForced: isForced)
        let record = try RunRecord(reading: run)
        let configuration = try Configuration(file: RunFile.configuration.path(of: run))
        try write(configuration, configuration.precision.storedScalar, run, record, to: out)
    }

    private static func write<S: Scalar & HDF5Element>(
        _ configuration: Configuration, _ type: S.Type, _ run: String, _ record: RunRecord, to out: String
    ) throws {
        let experiment = try Experiment<S>(configuration)
        try experiment.refuseOtherData(than: record, of: run)
        let configuration = experiment.configuration
        let header = FileHeader(
            configText: configuration.resolvedText, seed: configuration.seed, precision: S.precision,
            dataDigest: record.dataDigest, environment: record.environment)
        try SampleFile(experiment.configuration, train: experiment.train, test: experiment.test).write(
            to: out, header, limit: .max)
    }
}
