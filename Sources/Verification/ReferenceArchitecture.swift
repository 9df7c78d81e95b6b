import Files
import Foundation
import Layers
import LinearAlgebra
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
    let kernel: [Int]?
    let stride: [Int]?
    let padding: [[Int]]?
    let scale: Double?
    let layers: [ReferenceLayer]?
    let shortcut: [ReferenceLayer]?

    enum CodingKeys: String, CodingKey {
        case type, name, bias, trainable, kernel, stride, padding, scale, layers, shortcut
        case inputs = "in"
        case outputs = "out"
        case weightScale = "weight_scale"
        case biasScale = "bias_scale"
        case negativeSlope = "negative_slope"
    }

    /// The part of ours, and the types met on the way that the lab does not have.
    func part(frozen: Set<String>, unknown: inout Set<String>) throws -> NetworkPart? {
        if let function = Activation.Function(rawValue: type.replacingOccurrences(of: "_", with: "-")) {
            guard (negativeSlope ?? 0) >= 0 else { throw LabError("negative_slope: expected at least 0") }
            return .layer(Activation(function, negativeSlope: negativeSlope ?? 0.01))
        }
        switch type {
        case "dense": return .layer(try dense(frozen))
        case "conv": return .layer(try convolution(frozen))
        case "flatten": return .layer(Flatten())
        case "global_avg_pool": return .layer(AveragePool(nil))
        case "avg_pool": return .layer(AveragePool(try window()))
        case "max_pool": return .layer(MaxPool(try window()))
        case "residual":
            let branch = try Self.parts(layers ?? [], frozen: frozen, unknown: &unknown)
            let around = try Self.parts(shortcut ?? [], frozen: frozen, unknown: &unknown)
            return .residual(NetworkPart.Residual(scale: scale ?? 1, branch: branch, shortcut: around))
        default:
            unknown.insert(type)
            return nil
        }
    }

    static func parts(
        _ layers: [ReferenceLayer], frozen: Set<String>, unknown: inout Set<String>
    ) throws -> [NetworkPart] {
        try layers.compactMap { try $0.part(frozen: frozen, unknown: &unknown) }
    }

    private func named() throws -> (name: String, inputs: Int, outputs: Int) {
        let sizes = 1...(1 << 24)
        guard let name, let inputs, let outputs, sizes.contains(inputs), sizes.contains(outputs) else {
            throw LabError("a \(type) layer needs name, in and out, from 1 to \(sizes.upperBound)")
        }
        return (name, inputs, outputs)
    }

    private func isTrained(_ tensor: String, _ frozen: Set<String>) -> Bool {
        (trainable ?? true) && !frozen.contains("\(name ?? "").\(tensor)")
    }

    private func addedBias(_ frozen: Set<String>) -> Bias? {
        bias == true ? Bias(scale: biasScale ?? 1, isTrained: isTrained("b", frozen)) : nil
    }

    private func dense(_ frozen: Set<String>) throws -> Dense {
        let (name, inputs, outputs) = try named()
        return Dense(
            name, inputs: inputs, outputs: outputs, weightScale: weightScale ?? 1, weightDeviation: 0,
            trainsWeight: isTrained("W", frozen), bias: addedBias(frozen))
    }

    private func convolution(_ frozen: Set<String>) throws -> Convolution {
        let (name, inputs, outputs) = try named()
        return Convolution(
            name, inputs: inputs, outputs: outputs, kernel: try sides(kernel, "kernel", default: nil),
            stride: try sides(stride, "stride", default: 1), padding: .explicit(try zeros()),
            weightScale: weightScale ?? 1, weightDeviation: 0, trainsWeight: isTrained("W", frozen),
            bias: addedBias(frozen))
    }

    private func window() throws -> PoolingWindow {
        let kernel = try sides(kernel, "kernel", default: nil)
        guard padding == nil || padding?.joined().allSatisfy({ $0 == 0 }) == true else {
            throw LabError("a \(type) layer with padding is not supported")
        }
        return PoolingWindow(kernel: kernel, stride: stride == nil ? nil : try sides(stride, "stride", default: 1))
    }

    /// Two lengths from 1 on.
    private func sides(_ value: [Int]?, _ key: String, default fallback: Int?) throws -> WindowShape.Sides {
        let two = value ?? fallback.map { [$0, $0] } ?? []
        guard two.count == 2, two.allSatisfy({ (1...(1 << 20)).contains($0) }) else {
            throw LabError("\(key) of a \(type) layer: expected two numbers from 1 on, found \(two)")
        }
        return WindowShape.Sides(two[0], two[1])
    }

    private func zeros() throws -> WindowShape.Padding {
        let pairs = padding ?? [[0, 0], [0, 0]]
        guard pairs.count == 2, pairs.allSatisfy({ $0.count == 2 }),
            pairs.joined().allSatisfy({ (0...(1 << 20)).contains($0) })
        else { throw LabError("padding of a conv layer: expected [[top, bottom], [left, right]], found \(pairs)") }
        return WindowShape.Padding(top: pairs[0][0], bottom: pairs[0][1], left: pairs[1][0], right: pairs[1][1])
    }
}

/// A model from a reference file, or the layer types that keep it from being built.
enum ReferenceArchitecture {
    case model(Model)
    case unsupported(Set<String>)

    init(json: String, inputShape: [Int], frozen: Set<String>) throws {
        let layers = try JSONDecoder().decode([ReferenceLayer].self, from: Data(json.utf8))
        var unknown: Set<String> = []
        let parts = try ReferenceLayer.parts(layers, frozen: frozen, unknown: &unknown)
        self = unknown.isEmpty ? .model(try Model(inputShape: inputShape, parts: parts)) : .unsupported(unknown)
    }
}
