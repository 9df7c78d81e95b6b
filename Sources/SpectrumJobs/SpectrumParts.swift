import Execution
import Files
import Foundation
import HDF5
import LinearAlgebra

/// What is done of a spectrum before its file is written, in the folder `<out>.parts`, so that a job that was killed goes on.
///
/// Every file appears whole, and holds what the same request makes again to the bit.
struct SpectrumParts<P: Scalar & HDF5Element> {
    let folder: String
    private var record: String { folder + "/job.json" }
    private var ends: String { folder + "/lanczos.h5" }

    /// Makes the folder, or takes up one of the same job.
    /// - Parameter fields: what decides the bits of the results.
    /// - Throws: `LabError` where it holds another job, `FileError`.
    init(_ folder: String, _ fields: [(name: String, value: String)]) throws {
        self.folder = folder
        try WholeFile.makeFolder(folder)
        let own = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) })
        guard Disk.exists(record) else {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try WholeFile.write(String(decoding: encoder.encode(own), as: UTF8.self) + "\n", to: record)
            return
        }
        let found = try Self.fields(reading: record)
        guard let other = fields.first(where: { found[$0.name] != $0.value }) else { return }
        throw LabError(
            "\(folder): holds an unfinished spectrum of another request: \(other.name): expected \(other.value), found "
                + "\(found[other.name] ?? "nothing"); finish that one with its own options, remove the folder, or choose "
                + "another --out")
    }

    private static func fields(reading record: String) throws -> [String: String] {
        let bytes = try PlainFile.read(record, limit: 1 << 20)
        do { return try JSONDecoder().decode([String: String].self, from: Data(bytes)) } catch {
            throw LabError("\(record): is not the record of a spectrum: remove the folder to begin anew")
        }
    }

    /// The iteration as it was saved last; nil where it was not.
    func lanczos<A: LinearOperator<P>>(_ a: A, capacity: Int) throws -> LanczosIteration<A>? {
        guard let file = try sound(ends) else { return nil }
        let alphas = try file.read("/alpha", as: Double.self, limit: capacity).values
        let betas = try file.read("/beta", as: Double.self, limit: capacity).values
        guard alphas.count == betas.count else { return nil }
        let vectors = MatrixBuffer<P>(capacity + 1, a.dimension)
        try file.read("/vectors", shape: [alphas.count + 1, a.dimension], into: vectors.base)
        let state = LanczosState(
            alphas: alphas, betas: betas, norm: try file.required("norm", file.number("norm", of: "/")),
            isWaiting: try file.number("is_waiting", of: "/") == 1,
            outcome: try file.string("outcome", of: "/").flatMap(LanczosOutcome.init))
        guard alphas.count <= capacity else { return nil }
        return LanczosIteration(a, vectors: vectors, state)
    }

    func keep<A: LinearOperator<P>>(_ lanczos: LanczosIteration<A>) throws {
        try HDF5Writer.write(to: ends) { file in
            let state = lanczos.state
            try file.dataset("/alpha", state.alphas)
            try file.dataset("/beta", state.betas)
            try file.attribute("norm", state.norm)
            try file.attribute("is_waiting", state.isWaiting ? 1 : 0)
            try file.attribute("outcome", state.outcome?.rawValue ?? "goes on")
            try file.dataset(
                "/vectors", UnsafePointer(lanczos.vectors.base), shape: [lanczos.steps + 1, lanczos.vectors.columns])
        }
    }

    /// The rule of a start vector, or what makes it.
    func rule(_ probe: Int, _ make: () throws -> GaussRule) throws -> GaussRule {
        let path = "\(folder)/probe-\(probe).h5"
        if let file = try sound(path) {
            func numbers(_ name: String) throws -> [Double] {
                try file.read(name, as: Double.self, limit: 1 << 20).values
            }
            return GaussRule(
                nodes: try numbers("/node"), weights: try numbers("/weight"), residuals: try numbers("/residual"))
        }
        let rule = try make()
        try HDF5Writer.write(to: path) { file in
            try file.dataset("/node", rule.nodes)
            try file.dataset("/weight", rule.weights)
            try file.dataset("/residual", rule.residuals)
        }
        return rule
    }

    /// A file that is there and sound; one that is damaged is made again.
    private func sound(_ path: String) throws -> HDF5File? {
        guard Disk.exists(path), try FileDigest.verify(path) == .sound else { return nil }
        return try HDF5File(reading: path)
    }

    /// Deletes all of it.
    func remove() throws {
        for name in try Disk.names(in: folder) where name != "job.json" { try WholeFile.remove("\(folder)/\(name)") }
        try WholeFile.remove(record)
        guard rmdir(folder) == 0 else { throw FileError(folder, "cannot be deleted") }
    }
}
