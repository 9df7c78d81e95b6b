import LinearAlgebra
import Networks

/// How near two weight vectors are: q = ⟨w_a, w_b⟩/(‖w_a‖ ‖w_b‖) and ‖w_a − w_b‖.
package struct Overlap: Sendable, Equatable {
    /// From −1 to 1; nil where one of them is zero.
    package let cosine: Double?
    package let distance: Double

    /// Over all trained tensors.
    package init(_ a: ParameterVector<Double>, _ b: ParameterVector<Double>) {
        self.init(a, b, of: a.layout.trained)
    }

    /// Over some tensors.
    package init(_ a: ParameterVector<Double>, _ b: ParameterVector<Double>, of entries: [ParameterLayout.Entry]) {
        func sum(_ x: ParameterVector<Double>, _ y: ParameterVector<Double>) -> Double {
            entries.reduce(0) { $0 + Double.dot($1.tensor.count, x.base + $1.offset, y.base + $1.offset) }
        }
        let sizes = (sum(a, a) * sum(b, b)).squareRoot()
        // Two equal vectors have 1, and rounding adds nothing to it.
        cosine = sizes > 0 ? min(max(sum(a, b) / sizes, -1), 1) : nil
        distance = entries.reduce(0) {
            $0 + Double.squaredDistance($1.tensor.count, a.base + $1.offset, b.base + $1.offset)
        }.squareRoot()
    }
}
