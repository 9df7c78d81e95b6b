import LinearAlgebra
import RealModule
import Sampling
import StationaryPoints

/// The spherical spin glass of order H in dimension Λ, with independent normal couplings g:
///
///     H(w) = Λ^(−(H−1)/2) Σ_{i1 … iH} g_{i1 … iH} w_i1 ⋯ w_iH,   ‖w‖² = Λ
///
/// Only the mean of g over all orders of its indices counts, which is what is drawn: normal, with variance 1 over the
/// number of different orders. Then E H(w) H(v) = Λ (⟨w, v⟩/Λ)^H: energies per Λ keep their size as Λ grows. Another
/// factor would move no stationary point.
///
/// Everything comes from the matrix Q(w) = Σ_{i3 …} T w_i3 ⋯ w_iH, with T the couplings and their factor:
/// H = wᵀ Q w, ∇H = H Q w, ∇²H = H (H − 1) Q.
///
/// Memory: Λ (Λ + 1)/2 times (Λ + H − 3)!/((H − 2)! (Λ − 1)!) numbers: 95 kB for Λ = 8, H = 6.
/// Sources: Becker, Zhang, Lee 2020, Phys. Rev. Lett. 124, 108301; Auffinger, Ben Arous, Černý 2013, Comm. Pure
/// Appl. Math. 66, 165, equation 1.1.
package struct SpinGlass: Sendable {
    package let shape: SpinShape
    private let monomials: Monomials
    /// Entries (i, j ≤ i) of Q for each monomial of degree H − 2: [Λ (Λ + 1)/2, monomials].
    private let contractions: [Double]
    /// T, by ascending indices.
    private let couplings: [[Int]: Double]

    /// From the stream `spins/H/Λ`.
    package init(order: Int, dimension: Int, seed: UInt64) {
        let shape = SpinShape(order: order, dimension: dimension)
        let all = Monomials(degree: order, dimension: dimension)
        let stream = RandomStream(seed: seed, "spins/\(order)/\(dimension)")
        self.init(
            shape,
            couplings: all.indices.enumerated().map { k, indices in
                (indices, stream.normal(k) / Monomials.orders(of: indices).squareRoot())
            })
    }

    /// From given couplings.
    /// - Parameter couplings: the mean of g over the orders of these indices, which are ascending; 0 for others.
    package init(_ shape: SpinShape, couplings: [(indices: [Int], value: Double)]) {
        self.shape = shape
        let factor = Double.pow(Double(shape.dimension), -Double(shape.order - 1) / 2)
        self.couplings = Dictionary(uniqueKeysWithValues: couplings.map { ($0.indices, $0.value * factor) })
        let monomials = Monomials(degree: shape.order - 2, dimension: shape.dimension)
        var contractions: [Double] = []
        for i in 0..<shape.dimension {
            for j in 0...i {
                for indices in monomials.indices {
                    let coupling = self.couplings[(indices + [i, j]).sorted()] ?? 0
                    contractions.append(coupling * Monomials.orders(of: indices))
                }
            }
        }
        (self.monomials, self.contractions) = (monomials, contractions)
    }

    /// T: the mean of g over the orders of these indices, times Λ^(−(H−1)/2).
    package func coupling(_ indices: [Int]) -> Double { couplings[indices.sorted()] ?? 0 }

    /// ‖w‖ = √Λ.
    package var radius: Double { Double(shape.dimension).squareRoot() }

    /// Flops of `contraction`: Λ (Λ + 1) for each monomial of degree H − 2, and a multiplication for each up to that
    /// degree.
    package var flops: Int { 2 * contractions.count + monomials.countOfAll - 1 }

    /// Q(w), [Λ, Λ]. Cost: `flops`.
    package func contraction(at w: [Double]) -> [Double] {
        let (n, count) = (shape.dimension, monomials.count)
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: monomials.countOfAll) { values in
            guard let all = values.baseAddress else { return [] }
            monomials.evaluate(at: w, all)
            let last = all + (monomials.countOfAll - count)
            var matrix = [Double](repeating: 0, count: n * n)
            contractions.withUnsafeBufferPointer { rows in
                guard var row = rows.baseAddress else { return }
                for i in 0..<n {
                    for j in 0...i {
                        let entry = Double.dot(count, row, last)
                        (matrix[i * n + j], matrix[j * n + i]) = (entry, entry)
                        row += count
                    }
                }
            }
            return matrix
        }
    }

    /// H(w). Cost: `flops`.
    package func energy(at w: [Double]) -> Double { gradient(at: w).value }

    /// H with its gradient and Hessian on the sphere ‖w‖² = Λ, those of Riemann.
    package var onSphere: Constrained<SpinGlass> {
        Constrained(self, [HeldBlock(0..<shape.dimension, radius: radius, on: .sphere)])
    }
}

/// The homogeneous polynomial, on all of R^Λ.
extension SpinGlass: TwiceDifferentiable {
    package var dimension: Int { shape.dimension }

    /// H(w) and ∇H(w). Cost: `flops`.
    package func gradient(at w: [Double]) -> (value: Double, gradient: [Double]) {
        let image = SymmetricMatrix(dimension: dimension, entries: contraction(at: w)).image(w)
        return (Double.dot(dimension, image, w), image.map { Double(shape.order) * $0 })
    }

    /// ∇²H(w). Cost: `flops`.
    package func hessian(at w: [Double]) -> SymmetricMatrix {
        let factor = Double(shape.order * (shape.order - 1))
        return SymmetricMatrix(dimension: dimension, entries: contraction(at: w).map { factor * $0 })
    }
}

/// A small symmetric matrix as a map.
package struct SymmetricMatrix: LinearOperator {
    package let dimension: Int
    /// [n, n].
    package let entries: [Double]

    package func apply(_ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        entries.withUnsafeBufferPointer { rows in
            for i in 0..<dimension { out[i] = (0..<dimension).reduce(0) { $0 + rows[i * dimension + $1] * x[$1] } }
        }
    }

    /// A x.
    func image(_ x: [Double]) -> [Double] {
        var out = x
        apply(x, &out)
        return out
    }
}
