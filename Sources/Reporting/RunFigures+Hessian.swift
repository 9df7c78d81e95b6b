import Foundation
import Measurements
import Networks
import Reports

/// The curvature of the loss along a run.
extension RunFigures {
    /// Both ends of the Hessian against 2/η, with what its parts make of the upper one.
    var sharpness: Figure? {
        let largest = series.known(.hessianLambdaMax)
        let shares = Dictionary(series.known(.hessianResidualShare).map { ($0.step, $0.value) }) { a, _ in a }
        // Known where 2/η is of the same loss.
        let sharpness = Dictionary(series.known(.hessianSharpness).map { ($0.step, $0.value) }) { a, _ in a }
        func line(_ value: (Int, Double) -> Double?) -> [(x: Double, y: Double)] {
            thinned(largest.compactMap { point in value(point.step, point.value).map { (Double(point.step), $0) } })
        }
        return Figure(
            "sharpness", "The Hessian against 2/η",
            "The largest eigenvalue λ_max that was found of the Hessian H = G + R of the training loss by step, what the Gauss-Newton matrix G and the rest R "
                + "have of it along its eigenvector v, and the smallest eigenvalue that was found, where it was looked for. On a quadratic, full-batch descent "
                + "without momentum diverges where λ_max is above 2/η.",
            x: Self.logStep, y: Axis("eigenvalue"),
            [
                Curves.Series("λ_max(H)", .marked, line { $1 }),
                Curves.Series("vᵀGv", .line, line { step, value in shares[step].map { value * (1 - $0) } }),
                Curves.Series("vᵀRv", .line, line { step, value in shares[step].map { value * $0 } }),
                Curves.Series("λ_min(H)", .marked, points(.hessianLambdaMin)),
                Curves.Series(
                    "2/η", .dashed,
                    line { step, value in sharpness[step].flatMap { $0 > 0 ? 2 * value / $0 : nil } }),
            ])
    }

    /// The density of the eigenvalues of H and of its parts, at the first and the last step that have one.
    var densities: [Figure] {
        snapshots.densities.compactMap { step, all in
            // A matrix of zeros has nothing but the spike: R of a linearization.
            let found = all.filter { $0.width > .leastNormalMagnitude }
            guard !found.isEmpty else { return nil }
            let most = found.flatMap(\.values).max() ?? 0
            let names = [Curvature.hessian: "H", .gaussNewton: "G", .residual: "R"]
            let widths = found.map { "\(String(format: "%.2g", $0.width)) for \(names[$0.kind] ?? "")" }
                .joined(separator: ", ")
            return Figure(
                "density-\(step)", "Eigenvalues of the Hessian at step \(step)",
                "Density of the eigenvalues of the Hessian H, the Gauss-Newton matrix G and R = H − G at step \(step), without the spike at 0, from random "
                    + "vectors and smoothed by Gaussians, of width \(widths).",
                x: Axis("eigenvalue"), y: Axis("density", isLogarithmic: true),
                found.map { density in
                    Curves.Series(
                        names[density.kind] ?? density.kind.rawValue, .line,
                        // Below a millionth of the highest is the Gaussians' tail.
                        thinned(zip(density.points, density.values).map { ($0, max($1, 1e-6 * most)) }))
                })
        }
    }
}
