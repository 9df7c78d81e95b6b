import LinearAlgebra
import RealModule

/// A model's parameters with the smallest sum of squared residuals, found by Levenberg and Marquardt's method.
package struct LeastSquares {
    package let parameters: [Double]
    /// Σ of squared residuals.
    package let squares: Double
    /// One for each point, model minus data.
    private let residuals: [Double]
    /// (JᵀJ)⁻¹ at the parameters; nil where the data do not determine them all.
    package let inverse: MatrixBuffer<Double>?

    /// - Parameters:
    ///   - start: parameters from which the search begins.
    ///   - residuals: one for each point, model minus data.
    package init(start: [Double], iterations: Int = 200, residuals: ([Double]) -> [Double]) {
        var p = start
        var r = residuals(p)
        var squares = Self.squares(r)
        var damping = 1e-3
        for _ in 0..<iterations {
            let jacobian = Self.jacobian(p, residuals)
            let (normal, gradient) = Self.normalEquations(jacobian, r)
            var isImproved = false
            while damping < 1e12 {
                let step = Self.solve(normal, gradient, damping: damping)
                let trial = zip(p, step).map { $0 - $1 }
                let trialResiduals = residuals(trial)
                let trialSquares = Self.squares(trialResiduals)
                guard trialSquares < squares else {
                    damping *= 8
                    continue
                }
                isImproved = squares - trialSquares > 1e-12 * squares
                (p, r, squares) = (trial, trialResiduals, trialSquares)
                damping = max(damping / 8, 1e-12)
                break
            }
            if !isImproved { break }
        }
        parameters = p
        self.squares = squares
        self.residuals = r
        inverse = MatrixBuffer.inverse(ofPositive: Self.normalEquations(Self.jacobian(p, residuals), r).normal)
    }

    /// Standard deviations of the parameters, those of the linearized model, widened by √((1 + ρ)/(1 − ρ)) for
    /// residuals whose neighbors correlate by ρ > 0; nil where the data do not determine them all.
    package var standardErrors: [Double]? {
        guard let inverse else { return nil }
        let variance = squares / Double(max(residuals.count - parameters.count, 1))
        let products = zip(residuals, residuals.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
        let rho = squares > 0 ? min(max(products / squares, 0), 0.98) : 0
        let factor = ((1 + rho) / (1 - rho)).squareRoot()
        return parameters.indices.map { (max(inverse[$0, $0], 0) * variance).squareRoot() * factor }
    }

    private static func squares(_ r: [Double]) -> Double {
        let sum = r.reduce(0) { $0 + $1 * $1 }
        return sum.isFinite ? sum : .infinity
    }

    /// Columns of central differences.
    private static func jacobian(_ p: [Double], _ residuals: ([Double]) -> [Double]) -> [[Double]] {
        p.indices.map { k in
            let h = 1e-6 * max(abs(p[k]), 1e-3)
            var (up, down) = (p, p)
            up[k] += h
            down[k] -= h
            return zip(residuals(up), residuals(down)).map { ($0 - $1) / (2 * h) }
        }
    }

    private static func normalEquations(_ j: [[Double]], _ r: [Double]) -> (
        normal: MatrixBuffer<Double>, gradient: [Double]
    ) {
        let k = j.count
        let normal = MatrixBuffer<Double>(k, k)
        for a in 0..<k {
            for b in 0..<k { normal[a, b] = zip(j[a], j[b]).reduce(0) { $0 + $1.0 * $1.1 } }
        }
        return (normal, j.map { zip($0, r).reduce(0) { $0 + $1.0 * $1.1 } })
    }

    /// (A + damping · diag A)⁻¹ g, in variables scaled to a unit diagonal.
    private static func solve(_ a: MatrixBuffer<Double>, _ g: [Double], damping: Double) -> [Double] {
        let scale = g.indices.map { 1 / max(a[$0, $0], .leastNormalMagnitude).squareRoot() }
        guard let eigen = MatrixBuffer.scaledEigen(a, scale), let vectors = eigen.vectors else {
            return g.map { _ in 0 }
        }
        var step = [Double](repeating: 0, count: g.count)
        for (m, value) in eigen.values.enumerated() {
            let overlap = g.indices.reduce(0) { $0 + vectors[m, $1] * scale[$1] * g[$1] }
            for k in g.indices { step[k] += scale[k] * vectors[m, k] * overlap / (max(value, 0) + damping) }
        }
        return step
    }
}

/// The slope of the straight line through points, by least squares.
package func slope(_ points: [(x: Double, y: Double)]) -> Double {
    let n = Double(points.count)
    let x = points.reduce(0) { $0 + $1.x } / n
    let y = points.reduce(0) { $0 + $1.y } / n
    let squares = points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    return points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) } / squares
}
