import LinearAlgebra
import Sampling

/// What rounding makes of ∇f at a point, measured: the gradients at points some units of rounding away.
///
/// Cost: eight gradients and products; 24 vectors.
struct GradientRounding {
    /// Δ = ∇f(w + δ) − ∇f(w), each [n].
    let changes: [[Double]]
    /// The largest ‖Δ − H δ‖: what rounding within ∇f makes, along any direction. That of w lies in the range of H, but for a surface,
    /// of whose turning H knows nothing: there it is more.
    let own: Double

    /// How much more than what was measured may be rounding.
    static let margin = 10.0
    private static let draws = 8

    init<F: TwiceDifferentiable>(_ f: F, at place: StationarySearch.Place) {
        let places = (0..<Self.draws).map { k in
            var shift = [Double](repeating: 0, count: f.dimension)
            RandomStream(seed: 0, "stationary/rounding/\(k)").fillNormal(
                &shift, count: shift.count, standardDeviation: 2 * Double.ulpOfOne)
            for i in shift.indices { shift[i] *= place.w[i] }
            return f.moved(place.w, along: shift, by: 1)
        }
        let hessian = f.hessian(at: place.w)
        let images = places.map { hessian.product(zip($0, place.w).map { $0 - $1 }) }
        let changes = places.map { zip(f.gradient(at: $0).gradient, place.gradient).map { $0 - $1 } }
        self.changes = changes
        own = zip(changes, images).reduce(0) { largest, pair in
            max(largest, Double.squaredDistance(pair.0.count, pair.0, pair.1).squareRoot())
        }
    }
}
