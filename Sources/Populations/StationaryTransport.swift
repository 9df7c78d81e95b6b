import LinearAlgebra
import StationaryPoints

/// What becomes of a stationary point w* of J in J_n: theorems 2 and 5 of Zhou, Feng 2018 speak of those that are not degenerate.
///
/// Newton's steps lead from w* to a zero w_n of ∇J_n. Where w* is far from degenerate next to the gap of the gradients, that is
/// the point that belongs to it, with ‖w_n − w*‖ ≤ (2/ζ) ‖∇J_n(w*)‖ and the same index.
package struct StationaryTransport: Sendable {
    package enum Outcome: String, Sendable {
        /// J_n has a stationary point there, and both have an index that is clear.
        case matched
        /// ∇²J has zero modes at w*, or eigenvalues that may be: the theorem does not speak of it.
        case degenerate = "degenerate, outside the theorem"
        /// w* was not shown to be stationary, of J.
        case notStationary = "not shown to be stationary"
        /// No stationary point of J_n was found, or none with an index that is clear.
        case lost
    }
    package let outcome: Outcome
    /// ζ = min |λ| of ∇²J(w*); 0 where that is degenerate.
    package let curvature: Double
    /// ‖∇J_n(w*)‖, which is ‖∇J_n − ∇J‖ there.
    package let gradientGap: Double
    /// The number of negative eigenvalues at w*.
    package let index: ClosedRange<Int>
    /// The same at w_n; nil where none was found.
    package let newIndex: ClosedRange<Int>?
    /// w_n.
    package let end: [Double]
    /// ‖w_n − w*‖.
    package let distance: Double

    /// - Parameters:
    ///   - point: w*, where J was searched. Symmetries that are continuous have to be gone, such as by one `Ridged` around both J and J_n.
    ///   - sample: J_n.
    /// Cost: that of `endPoint`.
    package init<F: TwiceDifferentiable>(of point: EndPoint, to sample: F) {
        let w = point.place.w
        gradientGap = StationarySearch.Place(sample, w).gradientNorm
        let isIsolated = point.spectrum.map { $0.zeroModes == 0 && $0.isClear } ?? false
        curvature = isIsolated ? point.spectrum?.smallestNonzero ?? 0 : 0
        index = point.spectrum?.index ?? 0...w.count
        guard point.verdict == .stationary, isIsolated else {
            outcome = point.verdict == .stationary ? .degenerate : .notStationary
            (newIndex, end, distance) = (nil, w, .nan)
            return
        }
        let found = Self.endPoint(of: sample, from: w)
        end = found.place.w
        distance = Double.squaredDistance(w.count, end, w).squareRoot()
        newIndex = found.verdict == .stationary ? found.spectrum?.index : nil
        outcome = newIndex?.count == 1 && found.spectrum?.zeroModes == 0 ? .matched : .lost
    }

    /// Where Newton's steps with the whole Hessian lead from w, and what kind of point that is.
    ///
    /// Cost of a step: n products, 4 n³ flops and a gradient; of the verdict some 40 products more.
    package static func endPoint<F: TwiceDifferentiable>(of f: F, from w: [Double]) -> EndPoint {
        let search = StationarySearch(.newtonMR, maximumSteps: 20)
        return EndPoint(f, search.end(of: f, from: newtonEnd(f, from: w)), tolerance: search.tolerance)
    }

    private static let mostSteps = 50

    /// Steps that are halved until ‖∇f‖ falls, until that is no more than rounding.
    private static func newtonEnd<F: TwiceDifferentiable>(_ f: F, from w: [Double]) -> [Double] {
        var place = StationarySearch.Place(f, w)
        let rounding = 100 * Double.ulpOfOne * (1 + place.gradientNorm)
        for _ in 0..<mostSteps where place.gradientNorm > rounding {
            guard let p = newtonStep(f, place) else { break }
            var (next, length) = (StationarySearch.Place(f, f.moved(place.w, along: p, by: 1)), 1.0)
            while !(next.gradientNorm < place.gradientNorm), length > 1e-3 {
                length /= 2
                next = StationarySearch.Place(f, f.moved(place.w, along: p, by: length))
            }
            guard next.gradientNorm < place.gradientNorm else { break }
            place = next
        }
        return place.w
    }

    /// −H⁻¹ g; nil where H is singular, or g is 0.
    private static func newtonStep<F: TwiceDifferentiable>(_ f: F, _ place: StationarySearch.Place) -> [Double]? {
        guard let eigen = SymmetricEigen(destroying: f.hessian(at: place.w).dense().matrix, vectors: true),
            let vectors = eigen.vectors, place.gradientNorm > 0, !eigen.values.contains(0)
        else { return nil }
        let n = place.w.count
        var p = [Double](repeating: 0, count: n)
        for (k, value) in eigen.values.enumerated() {
            let vector = vectors.base + k * n
            Double.axpy(n, -Double.dot(n, vector, place.gradient) / value, vector, &p)
        }
        return p
    }
}
