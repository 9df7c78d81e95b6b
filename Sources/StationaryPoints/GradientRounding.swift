import LinearAlgebra
import Sampling

/// What rounding makes of ∇f at a point, measured: the gradients at points some units of rounding away.
///
/// Cost: eight gradients and products.
struct GradientRounding {
    /// Δ = ∇f(w + δ) − ∇f(w), each [n].
    let changes: [[Double]]
    /// The largest ‖Δ − H δ‖: what rounding within ∇f makes, along any direction. That of w lies in the range of H.
    let own: Double

    /// How much more than what was measured may be rounding.
    static let margin = 10.0
    private static let draws = 8

    init<F: TwiceDifferentiable>(_ f: F, at place: StationarySearch.Place) {
        var (changes, own): ([[Double]], Double) = ([], 0)
        for k in 0..<Self.draws {
            var shift = [Double](repeating: 0, count: f.dimension)
            RandomStream(seed: 0, "stationary/rounding/\(k)").fillNormal(
                &shift, count: shift.count, standardDeviation: 2 * Double.ulpOfOne)
            for i in shift.indices { shift[i] *= place.w[i] }
            let moved = f.moved(place.w, along: shift, by: 1)
            let image = f.hessian(at: place.w).product(zip(moved, place.w).map { $0 - $1 })
            let change = zip(f.gradient(at: moved).gradient, place.gradient).map { $0 - $1 }
            own = max(own, Double.squaredDistance(change.count, change, image).squareRoot())
            changes.append(change)
        }
        (self.changes, self.own) = (changes, own)
    }
}
