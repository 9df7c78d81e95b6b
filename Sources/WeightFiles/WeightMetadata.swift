import Foundation

/// What our files of weights say of themselves, in `__metadata__` of safetensors or in comments of an NPZ: texts by name.
package struct WeightMetadata {
    package static let creator = "creator"
    package static let scales = "scales"

    package let file: [String: String]
    /// `tensor`, our label of it, and `scale`, its factor in the forward pass, by its name in the file.
    package let tensors: [String: [String: String]]

    package init(file: [String: String], tensors: [String: [String: String]]) {
        self.file = file
        self.tensors = tensors
    }

    package static func scale(_ name: String) -> String { "scale.\(name)" }

    /// All of it, what is said of a tensor as `scale.0.weight`.
    package var flat: [String: String] {
        tensors.reduce(into: file) { all, tensor in
            for (key, value) in tensor.value { all["\(key).\(tensor.key)"] = value }
        }
    }

    /// As a JSON object.
    package static func json(_ texts: [String: String]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(texts), as: UTF8.self)
    }
}
