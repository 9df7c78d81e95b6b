import LinearAlgebra
import Sampling

/// Weights that are 0 from the start and stay 0: a sparse layer.
extension Tensor {
    /// Places of ⌊share · count⌉ of `count` entries, ascending, any such choice as likely as another.
    ///
    /// A pure function of the layer's name and of the two numbers, not of a run's seed: networks of one shape have one set.
    /// Source: Knuth, The Art of Computer Programming 2, section 3.4.2, algorithm S. Cost: `count` random numbers.
    /// - Precondition: a share from 0 to 1.
    package static func zeros(share: Double, of count: Int, layer: String) -> [Int] {
        precondition((0...1).contains(share), "a share is from 0 to 1")
        let total = Int((share * Double(count)).rounded())
        let draws = RandomStream(seed: 0, "model/sparsity/\(layer)")
        var zeros: [Int] = []
        zeros.reserveCapacity(total)
        for i in 0..<count where draws.uniform(i) * Double(count - i) < Double(total - zeros.count) { zeros.append(i) }
        return zeros
    }

    /// Sets what is held at 0 to 0, in numbers of its shape.
    @specialized(where S == Float)
    @specialized(where S == Double)
    package func clearZeros<S: Scalar>(_ numbers: UnsafeMutablePointer<S>) {
        for i in zeros { numbers[i] = 0 }
    }
}

extension ParameterVector {
    /// Sets all weights that are held at 0 to 0.
    package func clearZeros() { layout.entries.forEach { $0.tensor.clearZeros(base + $0.offset) } }
}
