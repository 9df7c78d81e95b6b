import Foundation
import Networks

/// One entry of a reference file's `arch`, the JSON list of layers.
struct ReferenceLayer: Decodable {
    let type: String
    let name: String?
    let inputs: Int?
    let outputs: Int?
    let bias: Bool?
    let weightScale: Double?
    let biasScale: Double?
    let trainable: Bool?
    let negativeSlope: Double?

    enum CodingKeys: String, CodingKey {
        case type, name, bias, trainable
        case inputs = "in"
        case outputs = "out"
        case weightScale = "weight_scale"
        case biasScale = "bias_scale"
        case negativeSlope = "negative_slope"
    }

    /// The layer of ours; nil for a type that the lab does not have (yet).
    func layer(frozen: Set<String>) throws -> (any Layer)? {
        if let function = Activation.Function(rawValue: type.replacingOccurrences(of: "_", with: "-")) {
            guard (negativeSlope ?? 0) >= 0 else { throw LabError("negative_slope: expected at least 0") }
            return Activation(function, negativeSlope: negativeSlope ?? 0.01)
        }
        guard type == "dense" else { return nil }
        let sizes = 1...(1 << 24)
        guard let name, let inputs, let outputs, sizes.contains(inputs), sizes.contains(outputs) else {
            throw LabError("a dense layer needs name, in and out, from 1 to \(sizes.upperBound)")
        }
        let isTrained = trainable ?? true
        let bias = Dense.Bias(
            scale: biasScale ?? 1, isTrained: isTrained && !frozen.contains("\(name).b"))
        return Dense(
            name, inputs: inputs, outputs: outputs, weightScale: weightScale ?? 1, weightDeviation: 0,
            trainsWeight: isTrained && !frozen.contains("\(name).W"), bias: self.bias == true ? bias : nil)
    }
}

/// A model from a reference file, or the layer types that keep it from being built.
enum ReferenceArchitecture {
    case model(Model)
    case unsupported(Set<String>)

    init(json: String, inputShape: [Int], frozen: Set<String>) throws {
        let descriptions = try JSONDecoder().decode([ReferenceLayer].self, from: Data(json.utf8))
        let layers = try descriptions.map { try $0.layer(frozen: frozen) }
        let unknown = zip(descriptions, layers).filter { $0.1 == nil }.map(\.0.type)
        guard unknown.isEmpty else {
            self = .unsupported(Set(unknown))
            return
        }
        self = .model(try Model(inputShape: inputShape, layers: layers.compactMap { $0 }))
    }
}
