import LinearAlgebra
import NetworkCases
import Networks
import Sampling
import TangentKernels
import Testing

/// J Jᵀ by products against the explicit Jacobian, whole and in blocks smaller than the data.
@Test(arguments: Case.all) func tangentKernelOperatorMatchesTheJacobian(c: Case) throws {
    let i = try Instance<Double>(c)
    let n = i.y.count
    let jacobian = (0..<n).map { row -> ParameterVector<Double> in
        let gradient = ParameterVector<Double>(i.model.layout)
        _ = i.outputs(i.w)
        for k in 0..<n { i.workspace.outputCotangent[k] = k == row ? 1 : 0 }
        i.workspace.pullback(i.w.base, into: GradientSink(target: gradient.base, alpha: 1, beta: 0))
        return gradient
    }
    let x = (0..<n).map { RandomStream(seed: 3, "x").normal($0) }
    let expected = (0..<n).map { a in (0..<n).reduce(0.0) { $0 + jacobian[a].dot(jacobian[$1]) * x[$1] } }
    for rows in [c.rows, 4, 1] {
        let kernel = TangentKernelOperator(Workspace<Double>(i.model, rows: rows), i.w, inputs: i.x)
        var out = [Double](repeating: .nan, count: n)
        kernel.apply(x, &out)
        let largest = expected.map(abs).max() ?? 0
        #expect(zip(out, expected).allSatisfy { abs($0 - $1) <= 1e-11 * (1 + largest) })
    }
}
