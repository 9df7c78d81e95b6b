/// A symmetric linear map known by its product alone: a kernel J Jᵀ, a Hessian, ΔWᵀ ΔW.
public protocol LinearOperator<S> {
    /// The precision of its vectors.
    associatedtype S: Scalar
    /// Length of the vectors it maps.
    var dimension: Int { get }
    /// out ← A x. Both have `dimension` entries and do not overlap.
    func apply(_ x: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>)
}

extension LinearOperator {
    /// All of it, [dimension, dimension]: its mean with its transpose. Cost: `dimension` products.
    /// - Returns: the matrix, and ‖A − Aᵀ‖_F of what was computed: what rounding made of its symmetry.
    public func dense() -> (matrix: MatrixBuffer<Double>, asymmetry: Double) {
        let n = dimension
        let result = MatrixBuffer<Double>(n, n)
        let (unit, column) = (MatrixBuffer<S>(1, n), MatrixBuffer<S>(1, n))
        for j in 0..<n {
            unit.base[j] = 1
            apply(unit.base, column.base)
            convert(n, column.base, result.base + j * n)
            unit.base[j] = 0
        }
        var squares = 0.0
        for i in 0..<n {
            for j in 0..<i {
                let (a, b) = (result[i, j], result[j, i])
                squares += 2 * (a - b) * (a - b)
                (result[i, j], result[j, i]) = ((a + b) / 2, (a + b) / 2)
            }
        }
        return (result, squares.squareRoot())
    }

    /// Makes v, [dimension] and not zero, a unit vector, and returns vᵀ A v with ‖A v − (vᵀ A v) v‖. Cost: a product.
    public func rayleighQuotient(_ v: UnsafeMutablePointer<S>) -> RitzValue {
        let n = dimension
        S.scale(n, S(1 / S.dot(n, v, v).squareRoot()), v)
        let image = MatrixBuffer<S>(1, n)
        apply(v, image.base)
        let value = S.dot(n, v, image.base)
        S.axpy(n, S(-value), v, image.base)
        return RitzValue(value: value, residual: S.dot(n, image.base, image.base).squareRoot())
    }
}
