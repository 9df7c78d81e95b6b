import LinearAlgebra
import Networks

/// The part of a dense layer in the tangent kernel: one place, at which the weight meets x.
extension Dense {
    public func gatherPatches<S: Scalar>(
        _ x: UnsafePointer<S>, _ patches: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        patches.update(from: x, count: extent.rows * inputs)
    }

    public func weightGradients<S: Scalar>(
        count: Int, _ yBar: UnsafePointer<S>, _ x: UnsafePointer<S>, _ target: UnsafeMutablePointer<S>, step: Int,
        _ extent: Extent
    ) {
        let one = extent.with(rows: 1)
        for i in 0..<extent.rows {
            for c in 0..<count {
                weightGradient(
                    yBar + (c * extent.rows + i) * outputs, x + i * inputs, alpha: 1, beta: 0,
                    target + (i * count + c) * step, one)
            }
        }
    }
}

extension Dense {
    /// At infinite width, in the NTK parametrization with all trained: with σ_w the gain of the weight and σ_b the scale of
    /// the bias, nngp' = σ_w² nngp + σ_b², and ntk' = nngp' + σ_w² ntk takes the nngp on (Jacot, Gabriel, Hongler 2018,
    /// theorem 1). The number of inputs enters the gain alone. Of sparse layers nothing is said.
    public var infiniteWidthMap: InfiniteWidthMap? {
        let isBiasOfTheLimit = bias.map { $0.deviation == 1 && $0.isTrained } ?? true
        guard weightDeviation == 1, trainsWeight, isBiasOfTheLimit, weight.zeros.isEmpty, let gain = weight.gain else {
            return nil
        }
        let scale = bias?.scale ?? 0
        let (w, b) = (gain * gain, scale * scale)
        return InfiniteWidthMap { pair in
            let next = w * pair.nngp + b
            return (next, next + w * pair.ntk)
        } variance: {
            w * $0 + b
        }
    }
}
