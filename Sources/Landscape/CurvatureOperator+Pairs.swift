import LinearAlgebra
import Networks

/// Pairs of a spectrum, each measured with a product of this operator.
extension CurvatureOperator {
    /// v becomes a unit vector; its Rayleigh quotient with the residual. Cost: a product.
    package func measure(_ v: UnsafeMutablePointer<S>, arithmeticError: Double) -> MeasuredEigenvalue {
        let pair = rayleighQuotient(v)
        return MeasuredEigenvalue(value: pair.value, residual: pair.residual, error: pair.residual + arithmeticError)
    }

    /// Both ends of what Lanczos found of this matrix, in its own precision or a lower one, with their unit vectors [largest and
    /// then smallest, trained weights]. Cost: a product for each pair.
    ///
    /// - Parameter gaussNewtonNorm: ‖G‖₂, for what products round.
    /// - Returns: nil where a number is not finite.
    package func ends<P: Scalar>(
        of lanczos: LanczosIteration<CurvatureOperator<P>>, top: Int, bottom: Int, gaussNewtonNorm: Double
    ) -> (spectrum: CurvatureSpectrum, vectors: MatrixBuffer<S>)? {
        let values = lanczos.ritz.map(\.value.value)
        let extreme = max(abs(values.first ?? 0), abs(values.last ?? 0))
        let error = surface.arithmeticError(norm: extreme, gaussNewtonNorm: gaussNewtonNorm)
        guard error.isFinite, lanczos.outcome != .nonFinite else { return nil }
        let (top, bottom) = shares(of: values.count, top: top, bottom: bottom)
        let found = lanczos.ritzVectors((0..<top).map { values.count - 1 - $0 } + Array(0..<bottom))
        let vectors = found as? MatrixBuffer<S> ?? converted(found)
        let pairs = (0..<found.rows).map { measure(vectors.base + $0 * dimension, arithmeticError: error) }
        guard pairs.allSatisfy(\.error.isFinite) else { return nil }
        // Measured values of crowded pairs may come in another order.
        let order =
            (0..<top).sorted { pairs[$0].value > pairs[$1].value }
            + (top..<(top + bottom)).sorted { pairs[$0].value < pairs[$1].value }
        let spectrum = CurvatureSpectrum(
            lanczos, kind, largest: order.prefix(top).map { pairs[$0] },
            smallest: order.suffix(bottom).map { pairs[$0] },
            arithmeticError: error, in: S.precision)
        return (spectrum, order == Array(order.indices) ? vectors : sorted(vectors, order))
    }

    private func converted<P: Scalar>(_ vectors: MatrixBuffer<P>) -> MatrixBuffer<S> {
        let result = MatrixBuffer<S>(vectors.rows, vectors.columns)
        convert(result.count, vectors.base, result.base)
        return result
    }

    private func sorted(_ vectors: MatrixBuffer<S>, _ order: [Int]) -> MatrixBuffer<S> {
        let result = MatrixBuffer<S>(vectors.rows, vectors.columns)
        for (row, index) in order.enumerated() {
            (result.base + row * dimension).update(from: vectors.base + index * dimension, count: dimension)
        }
        return result
    }
}

/// How many of `count` eigenvalues are of either end: what was asked for, or where that is more than there are, half of them or
/// more for the end that asked for more.
private func shares(of count: Int, top: Int, bottom: Int) -> (top: Int, bottom: Int) {
    let bottom = min(bottom, max(count - top, count / 2))
    return (min(top, count - bottom), bottom)
}

extension CurvatureSpectrum {
    /// Both ends of what Lanczos found in its own arithmetic, with the residuals of Ritz vectors. No product is made.
    ///
    /// - Returns: nil where a number is not finite.
    init?<P: Scalar>(
        _ lanczos: LanczosIteration<CurvatureOperator<P>>, of a: CurvatureOperator<P>, top: Int, bottom: Int,
        gaussNewtonNorm: Double
    ) {
        let ritz = lanczos.ritz.map(\.value)
        let extreme = max(abs(ritz.first?.value ?? 0), abs(ritz.last?.value ?? 0))
        let error = a.surface.arithmeticError(norm: extreme, gaussNewtonNorm: gaussNewtonNorm)
        guard error.isFinite, lanczos.outcome != .nonFinite, ritz.allSatisfy(\.residual.isFinite) else { return nil }
        func pair(_ found: RitzValue) -> MeasuredEigenvalue {
            MeasuredEigenvalue(value: found.value, residual: found.residual, error: found.residual + error)
        }
        let (top, bottom) = shares(of: ritz.count, top: top, bottom: bottom)
        self.init(
            lanczos, a.kind, largest: ritz.suffix(top).reversed().map(pair),
            smallest: ritz.prefix(bottom).map(pair), arithmeticError: error, in: P.precision)
    }

    /// - Parameter precision: in which `arithmeticError` is.
    fileprivate init<P: Scalar>(
        _ lanczos: LanczosIteration<CurvatureOperator<P>>, _ kind: Curvature, largest: [MeasuredEigenvalue],
        smallest: [MeasuredEigenvalue], arithmeticError: Double, in precision: Precision
    ) {
        let (values, dimension) = (lanczos.ritz.map(\.value.value), lanczos.vectors.columns)
        // Signs of T are those of the operator in the precision of Lanczos.
        let rounding = arithmeticError * P.precision.unitRoundoff / precision.unitRoundoff
        self.init(
            kind: kind, dimension: dimension, method: .lanczos(steps: lanczos.steps, lanczos.outcome ?? .converged),
            largest: largest, smallest: smallest, values: nil, inertia: Inertia(ritz: values, error: rounding),
            arithmeticError: arithmeticError)
    }
}
