import Configurations
import Files
import Foundation
import HDF5
import Measurements
import Networks
import RunFolders
import Statistics

/// What can be read of the files that a run left for some of its steps.
package enum SnapshotReader {
    /// The landscapes in step order, and those that are damaged.
    package static func landscapes(of run: String) -> (found: [LandscapeEvidence], damage: [String]) {
        var found: [LandscapeEvidence] = []
        var damage: [String] = []
        for step in steps(.landscape, of: run) {
            let path = RunFile.landscape.path(of: run, at: step)
            do {
                found.append(try LandscapeEvidence(step: step, reading: sound(path)))
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

    /// A file of ours whose bytes match its digest, opened.
    /// - Throws: an error that names it otherwise.
    package static func sound(_ path: String) throws -> HDF5File {
        guard Disk.exists(path) else { throw LabError("\(path): missing") }
        switch try FileDigest.verify(path) {
        case .sound: return try HDF5File(reading: path)
        case .damaged: throw LabError("\(path): damaged: its bytes differ from its digest")
        case .foreign: throw LabError("\(path): not written by ntklab")
        }
    }
}

extension LandscapeEvidence {
    package init(step: Int, reading file: HDF5File) throws {
        func number(_ name: String) throws -> Double { try file.required(name, file.number(name, of: "/")) }
        let names = try file.required("directions", file.string("directions", of: "/")).split(separator: " ")
        let radii = try file.read("/ladder/radius", as: Double.self, limit: 1 << 20).values
        let slopes = try file.read("/ladder/slope", as: Double.self, limit: 1 << 20).values
        let losses = try file.read("/ladder/loss", as: Double.self, limit: 1 << 24).values
        guard names.count == slopes.count, losses.count == slopes.count * radii.count else {
            throw LabError("/ladder: expected \(names.count) directions of \(radii.count) radii, found \(losses.count)")
        }
        self.init(
            step: step, loss: try number("loss"), gradientNorm: try number("gradient_norm"),
            learningRate: try number("learning_rate"), lossAfterStep: try number("loss_after_step"),
            rays: names.indices.map { k in
                Ray(
                    name: String(names[k]), slope: slopes[k], radii: radii,
                    losses: Array(losses[(k * radii.count)..<((k + 1) * radii.count)]))
            },
            smallestCurvature: (try number("curvature_min"), try number("curvature_min_residual")),
            largestCurvature: (try number("curvature_max"), try number("curvature_max_residual")))
    }
}

extension InitializationEvidence {
    /// - Returns: nil for a run that did not record it.
    package init?(ofRun run: String) throws {
        let path = RunFile.initialization.path(of: run)
        guard Disk.exists(path) else { return nil }
        let file = try SnapshotReader.sound(path)
        let names = try file.required("layers", file.string("layers", of: "/")).split(separator: " ").map(String.init)
        let separation = try file.read("/separation", as: Double.self, limit: 1 << 20).values
        let forward = try file.read("/forward_norm", as: Double.self, limit: 1 << 26).values
        let backward = try file.read("/backward_norm", as: Double.self, limit: 1 << 26).values
        guard !names.isEmpty, separation.count == names.count, forward.count == backward.count,
            forward.count % names.count == 0, !forward.isEmpty
        else { throw LabError("\(path): expected arrays of \(names.count) layers") }
        let samples = forward.count / names.count
        func row(_ values: [Double], _ l: Int) -> ArraySlice<Double> { values[(l * samples)..<((l + 1) * samples)] }
        let largest = names.indices.map { l in
            row(backward, l).contains { $0.isNaN } ? .nan : row(backward, l).max() ?? 0
        }
        let last = largest.last ?? 0
        self.init(
            layers: names.indices.map { l in
                let norms = row(forward, l)
                let isKnown = norms.allSatisfy { !$0.isNaN }
                return Layer(
                    name: names[l], norms: isKnown ? (norms.min() ?? 0)...(norms.max() ?? 0) : nil,
                    separation: separation[l])
            },
            inputSeparation: try file.required("input_separation", file.number("input_separation", of: "/")),
            backward: last == 0 ? [] : zip(names, largest).filter { !($0.1 <= 0) }.map { ($0.0, $0.1 / last) })
        self.samples = samples
    }
}
