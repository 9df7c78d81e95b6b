import Certificates
import Console
import Files
import Foundation
import HDF5
import RunFolders

/// The snapshots of a run that its figures show: spectra, kernels at both ends, outputs, slices of the loss.
struct FigureData {
    /// Eigenvalues of each kernel, ascending.
    private(set) var spectra: [(step: Int, values: [Double])] = []
    /// Σ over outputs of the first and the last kernel, [n, n] row-major.
    private(set) var grams: [(step: Int, side: Int, values: [Double])] = []
    /// The newest prediction: for each set its measured and predicted outputs.
    private(set) var outputs: (step: Int, sets: [(name: String, measured: [Double], predicted: [Double])])?
    /// F over the slice, relative to F at the weights.
    private(set) var slices: [(step: Int, axis: [Double], ratios: [Double])] = []
    private(set) var damage: [String] = []

    init(reading run: RecordedRun) {
        readKernels(run.path)
        for step in SnapshotReader.steps(.landscape, of: run.path) { readSlice(run.path, step) }
        for step in SnapshotReader.steps(.predictions, of: run.path).reversed() where outputs == nil {
            do { outputs = try Self.outputs(run.path, step) } catch { damage.append("\(error)") }
        }
    }

    private mutating func readKernels(_ run: String) {
        var sound: [Int] = []
        for step in SnapshotReader.steps(.kernels, of: run) {
            do {
                let file = try Self.kernel(run, step)
                if file.contains("/eigenvalues") {
                    spectra.append((step, try file.read("/eigenvalues", as: Double.self, limit: 1 << 24).values))
                }
                // Large kernels leave their spectrum alone.
                if file.contains("/kernel") { sound.append(step) }
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

    private static func kernel(_ run: String, _ step: Int) throws -> HDF5File {
        try SnapshotReader.sound(RunFile.kernels.path(of: run, at: step))
    }

    /// Θ summed over outputs, and over neighboring samples where there are more than 256.
    private static func gram(_ file: HDF5File, _ step: Int) throws -> (Int, Int, [Double]) {
        let (values, shape) = try file.read("/kernel", as: Double.self, limit: 1 << 28)
        let classes = try file.required("classes", file.integer("classes", of: "/"))
        let isFull = try file.required("outputs", file.string("outputs", of: "/")) == "full"
        let each = isFull ? classes : 1
        guard shape.count == 2, shape[0] == shape[1], each > 0, shape[0] >= each, values.allSatisfy(\.isFinite) else {
            throw LabError("/kernel: expected a square of finite numbers for \(each) outputs, found shape \(shape)")
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
            let file = try SnapshotReader.sound(RunFile.landscape.path(of: run, at: step))
            guard file.contains("/slice/loss") else { return }
            let losses = try file.read("/slice/loss", as: Double.self, limit: 1 << 20).values
            let axis = try file.read("/slice/gradient", as: Double.self, limit: 1 << 10).values
            let loss = try file.number("loss", of: "/") ?? 0
            guard axis.count > 1, losses.count == axis.count * axis.count, loss > 0,
                (losses + axis).allSatisfy(\.isFinite)
            else { return }
            slices.append((step, axis, losses.map { $0 / loss }))
        } catch { return }
    }

    private static func outputs(
        _ run: String, _ step: Int
    ) throws -> (step: Int, sets: [(name: String, measured: [Double], predicted: [Double])]) {
        let file = try SnapshotReader.sound(RunFile.predictions.path(of: run, at: step))
        let sets = try ["train", "test"].filter { file.contains("/" + $0) }.map { set in
            (
                set, try file.read("/\(set)/measured", as: Double.self, limit: 1 << 24).values,
                try file.read("/\(set)/predicted", as: Double.self, limit: 1 << 24).values
            )
        }
        return (step, sets)
    }
}
