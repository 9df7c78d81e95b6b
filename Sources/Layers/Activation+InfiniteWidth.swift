import Networks
import RealModule

extension Activation {
    /// At infinite width the Gaussian expectations of φ and φ', for the ReLU and erf.
    public var infiniteWidthMap: InfiniteWidthMap? {
        switch function {
        case .relu: InfiniteWidthMap(kernels: Self.rectified) { $0 / 2 }
        case .erf: InfiniteWidthMap(kernels: Self.erf) { 2 / Double.pi * Double.asin(2 * $0 / (1 + 2 * $0)) }
        case .leakyReLU, .softplus, .tanh, .sigmoid, .linear: nil
        }
    }

    /// Cho and Saul 2009, section 2.1: arc-cosine kernels of order 1 and 0. Near angle 0 the arc-cosine loses half of
    /// its digits, so a sample with itself is not put through it.
    private static func rectified(_ pair: InfiniteWidthMap.Pair) -> (nngp: Double, ntk: Double) {
        let (p, q) = pair.variances
        if pair.isOneSample { return (p / 2, pair.ntk / 2) }
        let scale = (p * q).squareRoot()
        guard scale > 0 else { return (0, 0) }
        let cosine = max(-1, min(1, pair.nngp / scale))
        let sine = ((1 - cosine) * (1 + cosine)).squareRoot()
        let opposite = Double.pi - Double.atan2(y: sine, x: cosine)
        return (scale * (sine + cosine * opposite) / (2 * .pi), pair.ntk * opposite / (2 * .pi))
    }

    /// Williams 1997, eq. 11, and its derivative.
    private static func erf(_ pair: InfiniteWidthMap.Pair) -> (nngp: Double, ntk: Double) {
        let k = pair.nngp
        let product = (1 + 2 * pair.variances.0) * (1 + 2 * pair.variances.1)
        let slope = 4 / (.pi * (product - 4 * k * k).squareRoot())
        return (2 / Double.pi * Double.asin(2 * k / product.squareRoot()), pair.ntk * slope)
    }
}
