import Configurations
import Foundation
import Measurements
import RunFolders
import Runs

/// What can be read of the files that a run left for some of its steps.
package enum SnapshotReader {
    /// The landscapes in step order, and those that are damaged.
    package static func landscapes(of run: String) -> (found: [LandscapeEvidence], damage: [String]) {
        var found: [LandscapeEvidence] = []
        var damage: [String] = []
        for step in steps(.landscape, of: run) {
            let path = RunFile.landscape.path(of: run, at: step)
            do {
                found.append(try LandscapeEvidence(step: step, reading: SoundFile.open(path)))
            } catch {
                damage.append("\(error)".hasPrefix(path) ? "\(error)" : "\(path): \(error)")
            }
        }
        return (found, damage)
    }

    package static func steps(_ kind: RunFile, of run: String) -> [Int] {
        do { return try kind.steps(of: run) } catch { return [] }
    }

    /// Kernels that the metrics tell of, and landscapes that the configuration asks for, whose files are gone.
    package static func missing(of run: String, _ series: MetricSeries, _ tracking: TrackingConfiguration?) -> [String]
    {
        // Around weights that diverge there is no landscape.
        let landscapes = series.known(.trainLoss).filter { $0.value < 1e30 }.map(\.step)
            .filter { tracking?.hasLandscape(at: $0) ?? false }
        return [
            (RunFile.kernels, series.known(.kernelTrace).map(\.step)), (.landscape, landscapes),
        ].flatMap { kind, wanted in
            let there = Set(steps(kind, of: run))
            return wanted.filter { !there.contains($0) }.map {
                "\(kind.path(of: run, at: $0)): missing"
            }
        }
    }
}
