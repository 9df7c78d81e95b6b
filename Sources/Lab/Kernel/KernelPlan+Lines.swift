import LinearAlgebra
import TangentKernels

extension KernelPlan {
    /// How each layer's part of a kernel is computed, for people: a line a layer.
    func lines(rows: Int, columns: Int, isSymmetric: Bool, _ precision: Precision) -> [String] {
        let size = precision == .float32 ? MemoryLayout<Float>.stride : MemoryLayout<Double>.stride
        let pairs = Double(rows) * Double(columns) / (isSymmetric ? 2 : 1)
        let samples = Double(isSymmetric ? rows : rows + columns)
        return layers.map { layer in
            let flops = layer.sampleFlops * samples + layer.pairFlops * pairs
            return "kernel of   \(layer.name)  by \(layer.algorithm.rawValue), \(layer.places) places, "
                + "\(engineering(flops))flop, \(engineering(Double(layer.sampleCount * size)))B a sample"
        }
    }
}
