import LinearAlgebra
import StationaryPoints

/// J_n − J as a function of the weights.
package struct RiskGap<Sample: TwiceDifferentiable, Whole: TwiceDifferentiable>: TwiceDifferentiable {
    package let sample: Sample
    package let population: Whole

    /// - Precondition: both are functions of the same weights.
    package init(_ sample: Sample, _ population: Whole) {
        precondition(sample.dimension == population.dimension, "J and J_n have the same weights")
        (self.sample, self.population) = (sample, population)
    }

    package var dimension: Int { sample.dimension }

    package func gradient(at w: [Double]) -> (value: Double, gradient: [Double]) {
        Self.difference(sample.gradient(at: w), population.gradient(at: w))
    }

    package static func difference(
        _ a: (value: Double, gradient: [Double]), _ b: (value: Double, gradient: [Double])
    ) -> (value: Double, gradient: [Double]) {
        (a.value - b.value, zip(a.gradient, b.gradient).map { $0 - $1 })
    }

    package func hessian(at w: [Double]) -> HessianGap<Sample.Hessian, Whole.Hessian> {
        HessianGap(sample: sample.hessian(at: w), population: population.hessian(at: w))
    }
}

/// ∇²J_n − ∇²J.
package struct HessianGap<A: LinearOperator<Double>, B: LinearOperator<Double>>: LinearOperator {
    let sample: A
    let population: B
    package var dimension: Int { sample.dimension }

    package func apply(_ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
        let other = MatrixBuffer<Double>(1, dimension)
        population.apply(x, other.base)
        sample.apply(x, out)
        Double.axpy(dimension, -1, other.base, out)
    }
}
