import Foundation
import HDF5
import LinearAlgebra
import Networks

/// One case of a reference file: a network with weights, inputs and another framework's answers.
///
/// The format is described in the article ReferenceFiles.
struct ReferenceCase<S: Scalar & HDF5Element> {
    let file: HDF5File
    /// `/cases/<name>`.
    let path: String
    let model: Model
    let objective: Objective
    let parameters: ParameterVector<S>
    let inputs: MatrixBuffer<S>
    let targets: MatrixBuffer<S>

    /// - Throws: an error that names what is missing or of the wrong shape.
    init?(_ file: HDF5File, _ path: String, architecture: ReferenceArchitecture) throws {
        guard case .model(let model) = architecture else { return nil }
        self.file = file
        self.path = path
        self.model = model
        let loss = try file.required("loss", of: path, file.string("loss", of: path))
        guard loss == "mse" || loss == "ce" else {
            throw HDF5Error(file: file.path, object: path, "loss: expected mse or ce, found \(loss)")
        }
        let isClassified = loss == "ce"
        let reductionName = try file.required("reduction", of: path, file.string("reduction", of: path))
        guard let reduction = Reduction(rawValue: reductionName) else {
            throw HDF5Error(file: file.path, object: path, "reduction: expected sum or mean, found \(reductionName)")
        }
        objective = Objective(isClassified ? .crossEntropy : .squared, reduction)
        let x = try file.read(path + "/x", as: Double.self, limit: 1 << 28)
        let rows = x.shape.first ?? 0
        guard rows > 0, x.values.count == rows * model.inputCount else {
            throw HDF5Error(
                file: file.path, object: path + "/x", "expected shape [n, \(model.inputCount)], found \(x.shape)")
        }
        // Twelve vectors of parameters; values, cotangents and the tangents of both.
        let needed = 12 * Double(model.layout.count) + 2 * Double(rows) * Double(model.workspaceCount(rows: 1))
        guard Memory.holds(needed, bytesEach: 8) else {
            throw HDF5Error(file: file.path, object: path, "arch: the network does not fit into this machine's memory")
        }
        inputs = MatrixBuffer(rows, model.inputCount, x.values.map { S($0) })
        targets = try Self.targets(file, path + "/y", isClassified, rows, model.outputCount)
        parameters = ParameterVector(model.layout)
        for entry in model.layout.entries {
            try Self.load(file, path + "/params", entry, into: parameters)
        }
    }

    private static func targets(
        _ file: HDF5File, _ path: String, _ isClassified: Bool, _ rows: Int, _ outputs: Int
    ) throws -> MatrixBuffer<S> {
        guard isClassified else {
            return MatrixBuffer(rows, outputs, try numbers(file, path, shape: [rows, outputs]).map { S($0) })
        }
        let labels = try file.read(path, as: Int64.self, limit: rows)
        guard labels.shape == [rows], labels.values.allSatisfy({ (0..<Int64(outputs)).contains($0) }) else {
            throw HDF5Error(file: file.path, object: path, "expected \(rows) labels from 0 to \(outputs - 1)")
        }
        let result = MatrixBuffer<S>(rows, outputs)
        for (i, label) in labels.values.enumerated() { result[i, Int(label)] = 1 }
        return result
    }

    /// The numbers of a dataset that has to have this shape.
    private static func numbers(_ file: HDF5File, _ path: String, shape: [Int]) throws -> [Double] {
        var values = [Double](repeating: 0, count: shape.reduce(1, *))
        try file.read(path, shape: shape, into: &values)
        return values
    }

    /// Name of a tensor in reference files: `fc1.W`, `fc1.b`.
    static func name(_ tensor: Tensor) -> String { tensor.layer + (tensor.role == "weight" ? ".W" : ".b") }

    /// A tensor's shape in reference files, where outputs come last: [in, out], [ky, kx, in, out].
    static func shape(_ tensor: Tensor) -> [Int] { Array(tensor.shape.dropFirst()) + tensor.shape.prefix(1) }

    /// Reads a tensor of a parameter group into its place.
    static func load(
        _ file: HDF5File, _ group: String, _ entry: ParameterLayout.Entry, into vector: ParameterVector<S>
    ) throws {
        let tensor = entry.tensor
        let path = "\(group)/\(name(tensor))"
        let values = try numbers(file, path, shape: shape(tensor))
        let (rows, columns) = tensor.matrixShape
        let target = vector.tensor(entry)
        for r in 0..<rows {
            for c in 0..<columns { target[r * columns + c] = S(values[c * rows + r]) }
        }
    }

    /// The trained tensors of a parameter group, as a vector in parameter space.
    func vector(_ group: String) throws -> ParameterVector<S> {
        let result = ParameterVector<S>(model.layout)
        for entry in model.layout.trained { try Self.load(file, "\(path)/\(group)", entry, into: result) }
        return result
    }

    func numbers(_ quantity: String) throws -> (values: [Double], shape: [Int]) {
        try file.read("\(path)/\(quantity)", as: Double.self, limit: 1 << 28)
    }

    /// The number of steps of a descent.
    func steps(of group: String) throws -> Int {
        let steps = try attribute("steps", of: group)
        guard let count = Int(exactly: steps), (0...1_000_000).contains(count) else {
            throw HDF5Error(file: file.path, object: "\(path)/\(group)", "steps: expected 0 to 1000000, found \(steps)")
        }
        return count
    }

    /// A scalar attribute of a group of the case, such as `lr` of `gd`.
    func attribute(_ name: String, of group: String) throws -> Double {
        try file.required(name, of: "\(path)/\(group)", file.number(name, of: "\(path)/\(group)"))
    }
}
