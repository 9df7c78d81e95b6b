import Certificates
import Console
import Files
import Foundation
import HDF5
import RunFolders
import Runs

/// The snapshots of a run that its figures show: spectra, kernels and Hessians at both ends, outputs,
/// slices of the loss.
struct FigureData {
    /// Eigenvalues of each kernel, ascending.
    private(set) var spectra: [(step: Int, values: [Double])] = []
    /// Σ over outputs of the first and the last kernel, [n, n] row-major.
    private(set) var grams: [(step: Int, side: Int, values: [Double])] = []
    /// The newest prediction: for each set its measured and predicted outputs.
    private(set) var outputs: (step: Int, sets: [(name: String, measured: [Double], predicted: [Double])])?
    /// F over the slice, relative to F at the weights.
    private(set) var slices: [(step: Int, axis: [Double], ratios: [Double])] = []
    /// Of the Hessian and its parts, at the first and the last step that have them.
    private(set) var densities: [(step: Int, found: [StoredDensity])] = []
    private(set) var damage: [String] = []

    init(reading run: RecordedRun) {
        readKernels(run.path)
        for step in SnapshotReader.steps(.landscape, of: run.path) { readSlice(run.path, step) }
        readDensities(run)
        for step in SnapshotReader.steps(.predictions, of: run.path).reversed() where outputs == nil {
            do { outputs = try Self.outputs(run.path, step) } catch { damage.append("\(error)") }
        }
    }

    private mutating func readKernels(_ run: String) {
        var sound: [Int] = []
        for step in SnapshotReader.steps(.kernels, of: run) {
            do {
                let kernel = try Self.kernel(run, step)
                if let eigenvalues = try kernel.eigenvalues { spectra.append((step, eigenvalues)) }
                if kernel.hasMatrix { sound.append(step) }
            } catch {
                damage.append("\(error)")
            }
        }
        for step in Set([sound.first, sound.last].compactMap { $0 }).sorted() {
            do { grams.append(try Self.gram(Self.kernel(run, step), step)) } catch {
                damage.append("\(RunFile.kernels.path(of: run, at: step)): \(error)")
            }
        }
    }

    private static func kernel(_ run: String, _ step: Int) throws -> StoredKernel {
        StoredKernel(try SoundFile.open(RunFile.kernels.path(of: run, at: step)))
    }

    /// Θ summed over outputs, and over neighboring samples where there are more than 256.
    private static func gram(_ kernel: StoredKernel, _ step: Int) throws -> (Int, Int, [Double]) {
        let (values, shape) = try kernel.matrix()
        let each = try kernel.rowsEach
        guard shape.count == 2, shape[0] == shape[1], each > 0, shape[0] >= each, values.allSatisfy(\.isFinite) else {
            throw LabError(
                "\(KernelPath.matrix): expected a square of finite numbers for \(each) outputs, found shape \(shape)")
        }
        let samples = shape[0] / each
        let block = (samples + 255) / 256
        let side = (samples + block - 1) / block
        var sums = [Double](repeating: 0, count: side * side)
        for i in 0..<(samples * each) {
            for j in stride(from: i % each, to: samples * each, by: each) {
                sums[i / each / block * side + j / each / block] += values[i * shape[1] + j]
            }
        }
        return (step, side, sums)
    }

    private mutating func readSlice(_ run: String, _ step: Int) {
        // A damaged landscape is told of with the verdicts.
        do {
            guard let slice = try StoredSlice(SoundFile.open(RunFile.landscape.path(of: run, at: step))) else { return }
            slices.append((step, slice.axis, slice.ratios))
        } catch { return }
    }

    private mutating func readDensities(_ run: RecordedRun) {
        let steps = SnapshotReader.steps(.hessians, of: run.path)
        for step in Set([steps.first, steps.last].compactMap { $0 }).sorted() {
            do {
                let file = try SoundFile.open(RunFile.hessians.path(of: run.path, at: step))
                let data = try file.string("data_digest", of: "/")
                guard try file.integer("step", of: "/") == step, data == run.record?.dataDigest ?? data else {
                    throw HDF5Error(file: file.path, object: "/", "expected step \(step) of this run, found another's")
                }
                let found = try StoredDensity.all(of: file)
                if !found.isEmpty { densities.append((step, found)) }
            } catch { damage.append("\(error)") }
        }
    }

    private static func outputs(
        _ run: String, _ step: Int
    ) throws -> (step: Int, sets: [(name: String, measured: [Double], predicted: [Double])]) {
        let sets = try StoredPrediction.sets(SoundFile.open(RunFile.predictions.path(of: run, at: step)))
        return (step, sets)
    }
}
