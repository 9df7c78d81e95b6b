import LinearAlgebra

/// Newton's method for stationary points of a spin glass on its sphere.
///
/// With θ = wᵀ Q w/‖w‖² and B = (H − 1) Q − θ I, the step along the sphere that Riemann's gradient and Hessian make is
///
///     ξ = (‖w‖² y/(wᵀ y) − w)/(H − 1),   B y = w
///
/// since B w = (H − 1)(Q w − θ w) + (H − 2) θ w: one system without borders. For H = 2 it is the iteration of Rayleigh
/// quotients. Unlike a descent on ‖∇H‖ it has no other ends: every stationary point that is not degenerate attracts
/// what is near.
///
/// Cost of a step: `SpinGlass.flops`, and 2/3 Λ³ + 4 Λ² for the system.
/// Source: Jaffe, Weiss, Nadler 2018, SIAM J. Matrix Anal. Appl. 39, 1071.
struct SphereNewton {
    let glass: SpinGlass
    /// A step turns w by no more than about half a right angle.
    private static let longestStep = 1.0
    private static let mostSteps = 100
    /// Over ‖w‖: where the last digits begin.
    private static let tolerance = 1e-10

    /// Where the steps end; nil where they go on. The one after the last would be its square, or rounding.
    ///
    /// At degenerate points steps only halve the distance, down to rounding, and then end a little away from it.
    /// - Parameter start: any w but 0.
    func end(from start: [Double]) -> [Double]? {
        var w = onSphere(start)
        for _ in 0..<Self.mostSteps {
            let step = step(from: w)
            let length = Double.dot(step.count, step, step).squareRoot() / glass.radius
            guard length.isFinite else { return nil }
            let scale = min(1, Self.longestStep / length)
            w = onSphere(zip(w, step).map { $0 + scale * $1 })
            if length <= Self.tolerance { return w }
        }
        return nil
    }

    /// ξ.
    private func step(from w: [Double]) -> [Double] {
        let n = w.count
        var matrix = glass.contraction(at: w)
        let squares = Double.dot(n, w, w)
        let multiplier = Double.dot(n, SymmetricMatrix(dimension: n, entries: matrix).image(w), w) / squares
        let factor = Double(glass.shape.order - 1)
        for i in matrix.indices { matrix[i] *= factor }
        for i in 0..<n { matrix[i * n + i] -= multiplier }
        let y = solved(&matrix, w)
        let along = Double.dot(n, w, y)
        return zip(w, y).map { (squares * $1 / along - $0) / factor }
    }

    private func onSphere(_ w: [Double]) -> [Double] {
        let scale = glass.radius / Double.dot(w.count, w, w).squareRoot()
        return w.map { scale * $0 }
    }
}

/// A⁻¹ b by elimination with row exchanges. A pivot of 0 becomes the rounding of A: the direction of the solution is
/// right then, and it is all that an inverse iteration needs.
/// - Parameter matrix: A, [n, n]; destroyed.
func solved(_ matrix: inout [Double], _ right: [Double]) -> [Double] {
    let n = right.count
    let rounding = Double.ulpOfOne * max((matrix.map { abs($0) }.max() ?? 0), Double.leastNormalMagnitude)
    var x = right
    matrix.withUnsafeMutableBufferPointer { a in
        for k in 0..<n {
            let pivot = (k..<n).max { abs(a[$0 * n + k]) < abs(a[$1 * n + k]) } ?? k
            if pivot != k {
                for j in k..<n { a.swapAt(k * n + j, pivot * n + j) }
                x.swapAt(k, pivot)
            }
            if abs(a[k * n + k]) < rounding { a[k * n + k] = rounding }
            for i in (k + 1)..<max(n, k + 1) {
                let factor = a[i * n + k] / a[k * n + k]
                for j in k..<n { a[i * n + j] -= factor * a[k * n + j] }
                x[i] -= factor * x[k]
            }
        }
        for k in stride(from: n - 1, through: 0, by: -1) {
            for j in (k + 1)..<max(n, k + 1) { x[k] -= a[k * n + j] * x[j] }
            x[k] /= a[k * n + k]
        }
    }
    return x
}
