import Console
import LinearAlgebra
import TangentKernels

/// How one layer's part of a kernel is computed, and what it costs.
package struct LayerCost: Encodable, Sendable {
    package let layer: String
    package let algorithm: String
    package let places: Int
    package let flops: Double
    let bytesEachSample: Double

    /// For a terminal: a row a layer.
    package static func lines(_ layers: [LayerCost], columns: Int) -> [String] {
        let rows = layers.map { cost in
            [
                "kernel of   \(cost.layer)", "by \(cost.algorithm)",
                counted(cost.places, "place"),
                "\(engineering(cost.flops))flop", "\(engineering(cost.bytesEachSample))B a sample",
            ]
        }
        let columnsOfAll: [TextTable.Column] = [.text(""), .text(""), .number(""), .number(""), .number("")]
        return TextTable(columnsOfAll, rows).lines(width: columns)
    }
}

extension KernelPlan {
    /// How each layer's part of a kernel is computed.
    package func costs(rows: Int, columns: Int, isSymmetric: Bool, _ precision: Precision) -> [LayerCost] {
        let pairs = Double(rows) * Double(columns) / (isSymmetric ? 2 : 1)
        let samples = Double(isSymmetric ? rows : rows + columns)
        return layers.map { layer in
            LayerCost(
                layer: layer.name, algorithm: layer.algorithm.rawValue, places: layer.places,
                flops: layer.sampleFlops * samples + layer.pairFlops * pairs,
                bytesEachSample: Double(layer.sampleCount * precision.byteCount))
        }
    }
}
