import Files
import Foundation
import LinearAlgebra

/// Writes safetensors: `SafetensorsFile` says what they are.
package enum SafetensorsWriter {
    /// - Throws: `FileError`; the file then stays as it was.
    package static func write<S: Scalar>(_ arrays: [WeightArray<S>], _ metadata: WeightMetadata, to path: String) throws
    {
        let header = try header(arrays, metadata)
        try WholeFile.write(to: path) { descriptor, _ in
            try WholeFile.append(header, to: descriptor, path)
            for array in arrays { try WholeFile.append(array.bytes, to: descriptor, path) }
        }
    }

    private static func header<S: Scalar>(_ arrays: [WeightArray<S>], _ metadata: WeightMetadata) throws -> [UInt8] {
        let type = S.precision == .float32 ? "F32" : "F64"
        var fields = ["\"__metadata__\":" + (try WeightMetadata.json(metadata.flat))]
        var offset = 0
        for array in arrays {
            let end = offset + array.bytes.count
            // A text alone is JSON too.
            let name = String(decoding: try JSONEncoder().encode(array.name), as: UTF8.self)
            fields.append(
                "\(name):{\"dtype\":\"\(type)\",\"shape\":\(array.shape),\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var text = Array("{\(fields.joined(separator: ","))}".utf8)
        text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
    }
}
