import LinearAlgebra
import Networks

/// A curve between two weight vectors: the line w(t) = (1 − t) w_a + t w_b, or with a bend c the Bezier curve
///
///     w(t) = (1 − t)² w_a + 2 t (1 − t) c + t² w_b     (Garipov et al. 2018, section 3)
///
/// which is the line where c is the middle of both.
package struct WeightCurve {
    package let start: ParameterVector<Double>
    package let end: ParameterVector<Double>
    /// c; nil for the line.
    package let bend: ParameterVector<Double>?

    package init(
        from start: ParameterVector<Double>, to end: ParameterVector<Double>, bend: ParameterVector<Double>? = nil
    ) {
        (self.start, self.end, self.bend) = (start, end, bend)
    }

    /// w(t) into a vector; both ends come out to the bit.
    package func point(_ t: Double, into w: ParameterVector<Double>) {
        let s = 1 - t
        Double.axpby(w.count, bend == nil ? s : s * s, start.base, 0, w.base)
        if let bend { Double.axpy(w.count, 2 * t * s, bend.base, w.base) }
        Double.axpy(w.count, bend == nil ? t : t * t, end.base, w.base)
    }

    /// ½ (w_a + w_b), where a bend begins.
    package var middle: ParameterVector<Double> {
        let c = ParameterVector<Double>(start.layout)
        WeightCurve(from: start, to: end).point(0.5, into: c)
        return c
    }

    /// Values of t with equal steps from 0 to 1.
    package static func grid(_ points: Int) -> [Double] { (0..<points).map { Double($0) / Double(points - 1) } }
}
