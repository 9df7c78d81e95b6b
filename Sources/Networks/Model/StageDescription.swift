/// What a stage computes, as keys and JSON values: enough to build it in another framework.
public struct StageDescription: Sendable {
    let fields: [(key: String, json: String)]

    /// - Parameters:
    ///   - type: the name of the map.
    ///   - fields: keys and values, these as JSON.
    public init(_ type: String, _ fields: [(key: String, json: String)] = []) {
        self.fields = [("type", Self.text(type))] + fields
    }

    package static func text(_ value: String) -> String {
        "\"" + value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    package static func window(_ kernel: (Int, Int), _ stride: (Int, Int)) -> [(key: String, json: String)] {
        [("kernel", "[\(kernel.0), \(kernel.1)]"), ("stride", "[\(stride.0), \(stride.1)]")]
    }

    /// The arrays of a layer with weights, by their paths below `/parameters`, with their forward scales.
    package static func weights(_ layer: some WeightedLayer) -> [(key: String, json: String)] {
        let bias = layer.bias.map {
            [("bias", text($0.tensor(of: layer.name, count: 0).path)), ("bias_scale", "\($0.scale)")]
        }
        return [("weight", text(layer.weight.path)), ("weight_scale", "\(layer.weightScale)")] + (bias ?? [])
    }
}

extension Model {
    /// The stages in order, each as one JSON object with the keys of its `StageDescription` and `source`, the value
    /// that it reads. Value 0 is the batch, stage s makes value s + 1; `sum` is value `skip` plus `scale` times the
    /// source.
    public var stageDescriptions: [String] {
        stages.map { stage in
            let description: StageDescription =
                switch stage.operation {
                case .layer(let layer): layer.description(for: shapes[stage.source])
                case .sum(let skip, let scale): StageDescription("sum", [("skip", "\(skip)"), ("scale", "\(scale)")])
                }
            let fields = description.fields + [("source", "\(stage.source)")]
            return "{" + fields.map { "\(StageDescription.text($0.key)): \($0.json)" }.joined(separator: ", ") + "}"
        }
    }
}
