import LinearAlgebra
import NetworkCases
import Networks
import Sampling
import TangentKernels
import Testing

/// The kernel from explicit gradients, one pullback for each row of the Jacobian.
private struct Oracle {
    let instance: Instance<Double>
    let jacobian: [ParameterVector<Double>]

    init(_ i: Instance<Double>) {
        instance = i
        let n = i.y.count
        jacobian = (0..<n).map { row in
            let gradient = ParameterVector<Double>(i.model.layout)
            _ = i.outputs(i.w)
            for k in 0..<n { i.workspace.outputCotangent[k] = k == row ? 1 : 0 }
            i.workspace.pullback(i.w.base, into: GradientSink(target: gradient.base, alpha: 1, beta: 0))
            return gradient
        }
    }

    /// [nK, nK] or [n, n], of the tensors that a predicate names.
    func kernel(_ outputs: KernelOutputs, _ isWanted: (Tensor) -> Bool = { _ in true }) -> [[Double]] {
        let k = instance.model.outputCount
        let entries = instance.model.layout.trained.filter { isWanted($0.tensor) }
        func product(_ a: Int, _ b: Int) -> Double {
            entries.reduce(0.0) { sum, entry in
                sum
                    + Double.dot(
                        entry.tensor.count, jacobian[a].base + entry.offset, jacobian[b].base + entry.offset)
            }
        }
        let n = instance.x.rows
        switch outputs {
        case .full: return (0..<(n * k)).map { a in (0..<(n * k)).map { product(a, $0) } }
        case .trace:
            return (0..<n).map { i in
                (0..<n).map { j in (0..<k).reduce(0.0) { $0 + product(i * k + $1, j * k + $1) } }
            }
        }
    }
}

private func largestDifference<S: Scalar>(_ a: MatrixBuffer<S>, _ b: [[Double]]) -> Double {
    let scale = b.joined().reduce(0) { max($0, abs($1)) }
    var worst = 0.0
    for r in 0..<a.rows { for c in 0..<a.columns { worst = max(worst, abs(Double(a[r, c]) - b[r][c])) } }
    return worst / max(scale, 1e-300)
}

/// Every algorithm against the Jacobian: full and trace, in passes of all samples and of one.
@Test(arguments: Case.all) func kernelMatchesTheJacobian(c: Case) throws {
    let i = try Instance<Double>(c)
    let oracle = Oracle(i)
    for outputs in KernelOutputs.allCases {
        let expected = oracle.kernel(outputs)
        for algorithm in [nil, KernelPlan.Algorithm.products, .gradients] {
            let plan = try KernelPlan(i.model, outputs, samples: c.rows, only: algorithm)
            for bytes in [EmpiricalKernel<Double>.defaultWorkspaceBytes, 1] {
                let kernel = EmpiricalKernel<Double>(i.model, plan, samples: c.rows, workspaceBytes: bytes)
                let found = kernel.kernel(i.w, i.x)
                #expect(largestDifference(found, expected) < 1e-12, "\(outputs) \(String(describing: algorithm))")
                let isSymmetric = (0..<found.rows).allSatisfy { r in (0..<r).allSatisfy { found[r, $0] == found[$0, r] }
                }
                #expect(isSymmetric)
            }
        }
    }
}

/// Layer by layer and tensor by tensor; the layers add up to the whole, and their traces too.
@Test(arguments: Case.all) func kernelOfEachTensorMatchesTheJacobian(c: Case) throws {
    let i = try Instance<Double>(c)
    let oracle = Oracle(i)
    for outputs in KernelOutputs.allCases {
        for algorithm in KernelPlan.Algorithm.allCases {
            let plan = try KernelPlan(i.model, outputs, samples: c.rows, only: algorithm)
            let kernel = EmpiricalKernel<Double>(i.model, plan, samples: c.rows)
            let whole = oracle.kernel(outputs)
            let scale = whole.joined().reduce(0) { max($0, abs($1)) }
            let block = kernel.block(capacity: c.rows)
            kernel.fill(block, i.w, i.x.base, samples: c.rows)
            let traces = kernel.layerTraces(block)
            for (index, layer) in plan.layers.enumerated() {
                let parts: [(KernelPart, (Tensor) -> Bool)] = [
                    (.layer(index), { $0.layer == layer.name }),
                    (.weight(index), { $0.layer == layer.name && $0.role == "weight" }),
                    (.bias(index), { $0.layer == layer.name && $0.role == "bias" }),
                ]
                for (part, isWanted) in parts {
                    let expected = oracle.kernel(outputs, isWanted)
                    let found = kernel.kernel(i.w, i.x, part)
                    let own = expected.joined().reduce(0) { max($0, abs($1)) }
                    #expect(largestDifference(found, expected) * own < 1e-12 * scale, "\(part)")
                }
                let own = oracle.kernel(outputs) { $0.layer == layer.name }
                let trace = own.indices.reduce(0) { $0 + own[$1][$1] }
                #expect(abs(traces[index] - trace) <= 1e-12 * (1 + abs(trace)))
            }
        }
    }
}

/// Rows and columns of different samples, in float32 as well.
@Test(arguments: Case.all) func kernelBetweenSamplesIsABlockOfTheWhole(c: Case) throws {
    let i = try Instance<Double>(c)
    let single = try Instance<Float>(c)
    for outputs in KernelOutputs.allCases {
        let plan = try KernelPlan(i.model, outputs, samples: c.rows)
        let kernel = EmpiricalKernel<Double>(i.model, plan, samples: c.rows)
        let whole = kernel.kernel(i.w, i.x)
        let top = kernel.block(capacity: 4)
        let rest = kernel.block(capacity: 2)
        kernel.fill(top, i.w, i.x.base, samples: 4)
        kernel.fill(rest, i.w, i.x.base + 4 * i.x.columns, samples: 2)
        let side = outputs.rows(c.outputs)
        let block = MatrixBuffer<Double>(2 * side, 4 * side)
        kernel.kernel(rest, top, into: block.base, leading: 4 * side)
        let expected = (0..<(2 * side)).map { r in (0..<(4 * side)).map { whole[4 * side + r, $0] } }
        #expect(largestDifference(block, expected) < 1e-12)
        let low = EmpiricalKernel<Float>(i.model, plan, samples: c.rows).kernel(single.w, single.x)
        let all = (0..<whole.rows).map { r in (0..<whole.columns).map { whole[r, $0] } }
        #expect(largestDifference(low, all) < 1e-4)
    }
}
