import Datasets
import Files
import LinearAlgebra

/// Weights in an archive of NumPy arrays. What our own files say of themselves stands in the comments of the archive and of
/// its entries, JSON objects of texts, which NumPy passes over.
final class NPZWeights: WeightFile {
    static let format = "NPZ"
    let path: String
    let names: [String]
    let metadata: [String: String]
    var isOurs: Bool { false }
    private let archive: NPZArchive

    /// - Throws: `DatasetError` for what is no archive, `LabError` for one of other things.
    init(_ path: String) throws {
        archive = try NPZArchive(path)
        self.path = path
        if archive.names.contains(where: { $0.hasSuffix("data.pkl") }) {
            throw LabError(
                "\(path): expected arrays of NumPy, found pickles, as torch.save writes them: use "
                    + "safetensors.torch.save_file or numpy.savez")
        }
        names = archive.names.map { $0.hasSuffix(".npy") ? String($0.dropLast(4)) : $0 }
        if let twice = Dictionary(grouping: names, by: \.self).first(where: { $0.value.count > 1 })?.key {
            throw LabError("\(path): has the array \(twice) twice")
        }
        var metadata = Self.texts(archive.comment(of: nil))
        // Comments of other programs mean nothing here.
        if metadata[WeightMetadata.creator] == "ntklab" {
            for (index, name) in names.enumerated() {
                let found = Self.texts(archive.comment(of: index))
                for (key, value) in found { metadata["\(key).\(name)"] = value }
            }
        } else {
            metadata = [:]
        }
        self.metadata = metadata
    }

    private static func texts(_ comment: [UInt8]) -> [String: String] {
        do { return try HeaderJSON(comment).texts ?? [:] } catch { return [:] }
    }

    func describe(_ name: String) throws -> (shape: [Int], type: String, precision: Precision?) {
        let (shape, type) = try archive.describe(name)
        return (shape, type, Precision(rawValue: type))
    }

    func values(_ name: String) throws -> MatrixBuffer<Double> { try archive.array(name).values }
}
