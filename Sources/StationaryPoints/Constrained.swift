import LinearAlgebra

/// A block of w that is held on a sphere, or within a ball.
package struct HeldBlock: Sendable, Equatable {
    package enum Surface: Sendable { case sphere, ball }
    /// Entries of w.
    package let range: Range<Int>
    package let radius: Double
    package let surface: Surface

    /// - Precondition: a positive radius, and two entries or more on a sphere.
    package init(_ range: Range<Int>, radius: Double, on surface: Surface) {
        precondition(radius > 0 && radius.isFinite, "a radius is positive")
        precondition(range.count > (surface == .sphere ? 1 : 0), "a sphere in one dimension is two points")
        (self.range, self.radius, self.surface) = (range, radius, surface)
    }
}

/// f with blocks of w on spheres ‖w_b‖ = r, or in balls ‖w_b‖ ≤ r.
///
/// On a sphere, with P = I − w wᵀ/r²: gradient P ∇f, Hessian P (∇²f − ⟨w, ∇f⟩/r² I) P, steps w + a p drawn back to length r.
/// A block in a ball is free inside; at its surface it is on the sphere while −∇f points outwards, else free. What is
/// stationary then is a point of Karush, Kuhn and Tucker, and its index counts directions along the sphere. A constraint goes around a
/// ridge, not into one.
/// Source: Absil, Mahony, Sepulchre 2008, Optimization Algorithms on Matrix Manifolds, sections 3.6 and 5.3.
package struct Constrained<F: TwiceDifferentiable>: TwiceDifferentiable {
    package let function: F
    package let blocks: [HeldBlock]
    /// How far from the surface, over its radius, still is at it: rounding of a step that was drawn back.
    private static var surfaceError: Double { 1e-12 }

    /// - Precondition: blocks do not overlap and are within w.
    package init(_ function: F, _ blocks: [HeldBlock]) {
        let entries = blocks.flatMap { Array($0.range) }
        precondition(Set(entries).count == entries.count, "blocks do not overlap")
        precondition(entries.allSatisfy { (0..<function.dimension).contains($0) }, "blocks are within w")
        (self.function, self.blocks) = (function, blocks)
    }

    package var dimension: Int { function.dimension }

    /// Blocks on their sphere at w, with ⟨w_b, ∇f_b⟩/r².
    private func held(_ w: [Double], _ gradient: [Double]) -> [HeldDirection] {
        blocks.compactMap { block in
            let length = norm(Array(w[block.range]))
            let along = block.range.reduce(0) { $0 + w[$1] * gradient[$1] }
            guard
                block.surface == .sphere || length >= block.radius * (1 - Self.surfaceError) && along <= 0
            else { return nil }
            return HeldDirection(
                range: block.range, normal: block.range.map { w[$0] / length },
                multiplier: along / (length * length))
        }
    }

    package func gradient(at w: [Double]) -> (value: Double, gradient: [Double]) {
        var (value, gradient) = function.gradient(at: w)
        for block in held(w, gradient) { block.project(&gradient) }
        return (value, gradient)
    }

    package func hessian(at w: [Double]) -> ConstrainedHessian<F.Hessian> {
        let held = held(w, function.gradient(at: w).gradient)
        return ConstrainedHessian(hessian: function.hessian(at: w), held: held)
    }

    package func moved(_ w: [Double], along p: [Double], by a: Double) -> [Double] {
        var moved = zip(w, p).map { $0 + a * $1 }
        for block in blocks {
            let length = norm(Array(moved[block.range]))
            guard length > 0, block.surface == .sphere || length > block.radius else { continue }
            for i in block.range { moved[i] *= block.radius / length }
        }
        return moved
    }

    package func normals(at w: [Double]) -> [[Double]] {
        held(w, function.gradient(at: w).gradient).map { block in
            var normal = [Double](repeating: 0, count: dimension)
            normal.replaceSubrange(block.range, with: block.normal)
            return normal
        }
    }

    /// A ball whose surface is reached without a force towards it holds w or not: that is not clear.
    package func isRegular(at w: [Double], tolerance: Double) -> Bool {
        let gradient = function.gradient(at: w).gradient
        return function.isRegular(at: w, tolerance: tolerance)
            && blocks.allSatisfy { block in
                let length = norm(Array(w[block.range]))
                guard block.surface == .ball, length >= block.radius * (1 - 1e-6) else { return true }
                let force = block.range.reduce(0) { $0 - w[$1] * gradient[$1] } / length
                return length >= block.radius * (1 - Self.surfaceError) && force > 10 * tolerance
            }
    }

    package func kink(at w: [Double], within reach: Double) -> Kink? { function.kink(at: w, within: reach) }
}

/// The direction in which a block is held, and the multiplier of its constraint.
struct HeldDirection {
    let range: Range<Int>
    /// [range.count], of unit length.
    let normal: [Double]
    let multiplier: Double

    /// Takes away of v, [n], what goes across the sphere.
    func project(_ v: UnsafeMutablePointer<Double>) {
        let along = normal.indices.reduce(0) { $0 + normal[$1] * v[range.lowerBound + $1] }
        for (i, entry) in normal.enumerated() { v[range.lowerBound + i] -= along * entry }
    }
}

/// P (H − Σ_b ⟨w_b, ∇f_b⟩/r² I_b) P.
package struct ConstrainedHessian<H: LinearOperator<Double>>: LinearOperator {
    let hessian: H
    let held: [HeldDirection]
    package var dimension: Int { hessian.dimension }

    package func apply(_ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        let tangent = MatrixBuffer<Double>(1, dimension)
        tangent.base.update(from: x, count: dimension)
        for block in held { block.project(tangent.base) }
        hessian.apply(tangent.base, out)
        for block in held {
            for i in block.range { out[i] -= block.multiplier * tangent.base[i] }
            block.project(out)
        }
    }
}
