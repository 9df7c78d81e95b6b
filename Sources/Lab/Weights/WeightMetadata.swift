import Foundation

/// What our files of weights say of themselves, in `__metadata__` of safetensors or in comments of an NPZ: texts by name.
struct WeightMetadata {
    static let creator = "creator"
    static let scales = "scales"

    let file: [String: String]
    /// `tensor`, our label of it, and `scale`, its factor in the forward pass, by its name in the file.
    let tensors: [String: [String: String]]

    static func scale(_ name: String) -> String { "scale.\(name)" }

    /// All of it, what is said of a tensor as `scale.0.weight`.
    var flat: [String: String] {
        tensors.reduce(into: file) { all, tensor in
            for (key, value) in tensor.value { all["\(key).\(tensor.key)"] = value }
        }
    }

    /// As a JSON object.
    static func json(_ texts: [String: String]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(texts), as: UTF8.self)
    }
}
