import Console
import Foundation
import HDF5
import Layers
import LinearAlgebra
import Networks
import TangentKernels

/// An entry of the `arch` of an infinitely wide network.
private struct InfiniteLayer: Decodable {
    let type: String
    let weightDeviation: Double?
    let biasDeviation: Double?
    let scale: Double?
    let layers: [InfiniteLayer]?

    enum CodingKeys: String, CodingKey {
        case type, scale, layers
        case weightDeviation = "W_std"
        case biasDeviation = "b_std"
    }

    /// Nil for a type that the lab does not have at infinite width.
    var part: NetworkPart? {
        switch type {
        case "dense":
            // Of one input, so that its gain is the deviation itself.
            let bias = Bias(scale: biasDeviation ?? 0, deviation: 1)
            return .layer(
                Dense("", inputs: 1, outputs: 1, weightScale: weightDeviation ?? 1, weightDeviation: 1, bias: bias))
        case "relu": return .layer(Activation(.relu))
        case "erf": return .layer(Activation(.erf))
        case "residual":
            let inside = (layers ?? []).compactMap(\.part)
            return inside.count == layers?.count
                ? .residual(NetworkPart.Residual(scale: scale ?? 1, branch: inside)) : nil
        default: return nil
        }
    }
}

/// Infinitely wide networks and closed-form training of a reference file; in float64 whatever is asked for.
struct InfiniteVerification {
    let file: HDF5File
    let report: (_ quantity: String, _ ours: [Double], _ reference: [Double], _ shape: [Int]) -> Void

    /// Nil where a layer is not supported.
    private func parts(_ path: String) throws -> [NetworkPart]? {
        let json = try file.required("arch", of: path, file.string("arch", of: path))
        do {
            let decoded = try JSONDecoder().decode([InfiniteLayer].self, from: Data(json.utf8))
            let parts = decoded.compactMap(\.part)
            return parts.count == decoded.count ? parts : nil
        } catch {
            throw HDF5Error(file: file.path, object: path, "arch is not a list of layers: \(error)")
        }
    }

    private func matrix(_ path: String, rows: Int? = nil, columns: Int? = nil) throws -> MatrixBuffer<Double> {
        let (values, shape) = try file.read(path, as: Double.self, limit: 1 << 28)
        guard shape.count == 2, shape[0] == rows ?? shape[0], shape[1] == columns ?? shape[1] else {
            let wanted = [rows, columns].map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
            throw HDF5Error(file: file.path, object: path, "expected shape [\(wanted)], found \(shape)")
        }
        return MatrixBuffer(shape[0], shape[1], values)
    }

    private func compare(_ base: String, _ quantity: String, _ ours: MatrixBuffer<Double>, slice: Int? = nil) throws {
        let (values, shape) = try file.read("\(base)/\(quantity)", as: Double.self, limit: 1 << 28)
        guard let slice else { return report(quantity, ours.entries, values, shape) }
        let expected = Array(values.dropFirst(slice * ours.count).prefix(ours.count))
        report("\(quantity)[\(slice)]", ours.entries, expected, [ours.rows, ours.columns])
    }

    /// `/infinite/<case>`; false where it cannot be compared.
    func infinite(_ path: String) throws -> Bool {
        guard let parts = try parts(path) else { return false }
        let x1 = try matrix(path + "/x1")
        let x2 = try matrix(path + "/x2", columns: x1.columns)
        for (suffix, rows, columns) in [("11", x1, nil), ("12", x1, x2), ("22", x2, nil)] {
            let kernel = try InfiniteWidthKernel(parts, rows: rows, columns: columns)
            try compare(path, "nngp_\(suffix)", kernel.nngp)
            try compare(path, "ntk_\(suffix)", kernel.ntk)
        }
        return true
    }

    /// `/predict`: gradient flow under a given kernel; with `ensemble`, its moments over initializations.
    func predictions() throws {
        let y = try matrix("/predict/y_train")
        let n = y.rows
        let f0 = try matrix("/predict/f0_train", rows: n, columns: y.columns)
        let kernel = try matrix("/predict/ntk_train", rows: n, columns: n)
        let testKernel = try matrix("/predict/ntk_test_train", columns: n)
        let f0Test = try matrix("/predict/f0_test", rows: testKernel.rows, columns: y.columns)
        let residual = MatrixBuffer(n, y.columns, zip(f0.entries, y.entries).map { $0 - $1 })
        let theta = MatrixBuffer(n, n, kernel.entries)
        guard let descent = LinearizedDescent(destroying: kernel, residual: residual) else {
            throw HDF5Error(file: file.path, object: "/predict/ntk_train", "expected finite numbers")
        }
        let times = try file.read("/predict/t", as: Double.self, limit: 1 << 16).values
        for (index, time) in times.enumerated() {
            let law = LinearizedDescent.Law.flow(time / Double(y.count))
            let r = descent.residual(law)
            try compare(
                "/predict", "train", MatrixBuffer(n, y.columns, zip(r.entries, y.entries).map { $0 + $1 }), slice: index
            )
            let test = MatrixBuffer(f0Test.rows, f0Test.columns, f0Test.entries)
            MatrixBuffer.product(testKernel, .no, descent.response(law), .no, alpha: -1, beta: 1, into: test)
            try compare("/predict", "test", test, slice: index)
        }
        if file.contains("/predict/ensemble") { try ensembles(y, theta: (theta, testKernel)) }
    }

    /// - Parameter theta: the file's own kernels, which carry the rounding of the framework that made them.
    private func ensembles(
        _ y: MatrixBuffer<Double>, theta: (train: MatrixBuffer<Double>, testTrain: MatrixBuffer<Double>)
    ) throws {
        guard let parts = try parts("/predict") else { return }
        let x = try matrix("/predict/x_train", rows: y.rows)
        let xTest = try matrix("/predict/x_test", columns: x.columns)
        let train = try InfiniteWidthKernel(parts, rows: x, columns: nil)
        let testTrain = try InfiniteWidthKernel(parts, rows: xTest, columns: x)
        let test = try InfiniteWidthKernel(parts, rows: xTest, columns: nil)
        let kernels: [(String, (train: MatrixBuffer<Double>, testTrain: MatrixBuffer<Double>))] = [
            ("ntk", theta), ("nngp", (train.nngp, testTrain.nngp)),
        ]
        for (name, theta) in kernels {
            for (label, time) in [("t5", 5.0), ("tinf", .infinity)] {
                let ensemble = InfiniteEnsemble(
                    theta: theta, nngp: (train.nngp, testTrain.nngp, test.nngp), targets: y,
                    time: time / Double(y.count))
                guard let ensemble else { continue }
                try compare("/predict", "ensemble/\(name)_\(label)_mean", ensemble.mean)
                try compare("/predict", "ensemble/\(name)_\(label)_cov", ensemble.covariance)
            }
        }
    }
}
