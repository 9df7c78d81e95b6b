import Files
import Foundation
import LinearAlgebra

/// A file with named arrays of weights, of whatever format.
protocol WeightFile {
    var path: String { get }
    /// `safetensors`, `NPZ`, `HDF5`.
    static var format: String { get }
    /// Whether arrays lie as ours do, and are called by our labels: `W1`, `W1.bias`. Else both are PyTorch's.
    var isOurs: Bool { get }
    /// In the order of the file.
    var names: [String] { get }
    /// What the file says of itself: keys of `WeightMetadata`.
    var metadata: [String: String] { get }
    /// Shape of an array, its element type as the format calls it, and whether that is float32 or float64.
    func describe(_ name: String) throws -> (shape: [Int], type: String, precision: Precision?)
    /// Its numbers, row after row.
    func values(_ name: String) throws -> MatrixBuffer<Double>
}

/// Opens files of weights by what is in them, whatever they are called.
enum WeightFormats {
    /// - Throws: an error that names the file and what it is instead.
    static func open(_ path: String) throws -> any WeightFile {
        let head = try head(of: path)
        if head.starts(with: [0x89] + Array("HDF\r\n".utf8)) { return try HDF5Weights(path) }
        // An archive, or an empty one.
        if head.starts(with: [0x50, 0x4B, 3, 4]) || head.starts(with: [0x50, 0x4B, 5, 6]) {
            return try NPZWeights(path)
        }
        // The length of a header, and its beginning.
        if head.count == 9 && head[8] == UInt8(ascii: "{") || path.hasSuffix(".safetensors") {
            return try SafetensorsFile(path)
        }
        let isPickle = head.count > 1 && head[0] == 0x80 && head[1] <= 5
        throw LabError(
            "\(path): expected weights as safetensors, NPZ, or a checkpoint of a run, found "
                + (isPickle
                    ? "a pickle, as older versions of torch.save write: use safetensors.torch.save_file or numpy.savez"
                    : head.isEmpty ? "an empty file" : "something else"))
    }

    private static func head(of path: String) throws -> [UInt8] {
        let descriptor = try PlainFile.open(path)
        defer { close(descriptor) }
        return try DescriptorBytes(descriptor, path).read(upTo: 9, at: 0)
    }
}
