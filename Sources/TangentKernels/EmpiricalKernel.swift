import LinearAlgebra
import Networks

/// The empirical tangent kernel Θ = J Jᵀ, J the Jacobian of all outputs in the trained weights.
///
/// Source: Jacot, Gabriel, Hongler 2018, section 4. J itself is never formed where its layers factor it.
/// Memory: `plan.sampleCount` numbers a sample in each `KernelBlock`, and one workspace.
public final class EmpiricalKernel<S: Scalar> {
    /// The network whose kernel it is.
    public let model: Model
    /// The algorithm of each layer.
    public let plan: KernelPlan
    private let workspace: Workspace<S>
    private let pullback: JacobianPullback<S>

    /// - Parameters:
    ///   - samples: n of the kernels to come; it decides the algorithms.
    ///   - workspaceBytes: about what forward and backward passes may take.
    public init(
        _ model: Model, _ plan: KernelPlan, samples: Int, workspaceBytes: Int = EmpiricalKernel.defaultWorkspaceBytes
    ) {
        self.model = model
        self.plan = plan
        let rows = Self.workspaceRows(model, samples: samples, bytes: workspaceBytes)
        workspace = Workspace(model, rows: rows)
        pullback = JacobianPullback(workspace)
    }

    /// 96 MiB: blocks of samples that are large enough for fast products.
    public static var defaultWorkspaceBytes: Int { 96 << 20 }

    /// Bytes that a sample takes in the workspace.
    public static func workspaceBytes(_ model: Model) -> Int {
        (model.workspaceCount(rows: 1) + model.outputCount * model.reverseCount) * MemoryLayout<S>.stride
    }

    private static func workspaceRows(_ model: Model, samples: Int, bytes: Int) -> Int {
        min(max(bytes / workspaceBytes(model), 1), max(samples, 1))
    }

    /// Memory for the factors of up to `capacity` samples.
    public func block(capacity: Int) -> KernelBlock<S> {
        KernelBlock(plan, outputs: model.outputCount, capacity: capacity)
    }

    /// Fills a block with the samples x [samples, inputs].
    /// Cost: `plan.passFlops` and the layers' `sampleFlops` for each.
    public func fill(_ block: KernelBlock<S>, _ w: ParameterVector<S>, _ x: UnsafePointer<S>, samples: Int) {
        precondition(samples <= block.capacity, "\(samples) samples in a block for \(block.capacity)")
        block.samples = samples
        workspace.forEachBlock(of: samples) { first, rows in
            workspace.forward(w.base, x + first * model.inputCount, rows: rows)
            pullback.run(w.base) { stage, x, yBar in
                guard let index = plan.layers.firstIndex(where: { $0.stage == stage }) else { return }
                block.layers[index].fill(at: first, x, yBar, workspace.extent(stage))
            }
        }
    }

    /// out ← the kernel of the samples of one block with those of another, `leading` numbers between rows.
    ///
    /// [rows·R, columns·R] with R = K for the full kernel, 1 for the trace; exactly symmetric where the two are
    /// the same block.
    public func kernel(
        _ rows: KernelBlock<S>, _ columns: KernelBlock<S>, _ part: KernelPart = .whole,
        into out: UnsafeMutablePointer<S>, leading: Int
    ) {
        let factors = rows.layers.indices.flatMap { index -> [TangentFactor<S>] in
            let (weight, bias): (Bool, Bool) =
                switch part {
                case .whole: (true, true)
                case .layer(let l): (l == index, l == index)
                case .weight(let l): (l == index, false)
                case .bias(let l): (false, l == index)
                }
            return rows.layers[index].factors(
                from: 0, columns: columns.layers[index], from: 0, weight: weight, bias: bias, plan.outputs)
        }
        S.tangentKernel(
            factors, outputs: plan.outputs.rows(model.outputCount), rows: rows.samples, columns: columns.samples,
            isSymmetric: rows === columns, into: out, leading: leading)
    }

    /// The kernel of samples x [n, inputs] with themselves, whole, in memory.
    public func kernel(_ w: ParameterVector<S>, _ x: MatrixBuffer<S>, _ part: KernelPart = .whole) -> MatrixBuffer<S> {
        let block = block(capacity: x.rows)
        fill(block, w, x.base, samples: x.rows)
        let side = x.rows * plan.outputs.rows(model.outputCount)
        let result = MatrixBuffer<S>(side, side)
        kernel(block, block, part, into: result.base, leading: side)
        return result
    }

    /// tr Θ of each layer: its share of the kernel is that over their sum.
    public func layerTraces(_ block: KernelBlock<S>) -> [Double] {
        block.layers.map { layer in
            layer.plan.places == 1 || layer.x == nil ? layer.trace(samples: block.samples) : trace(layer, block.samples)
        }
    }

    /// The trace from the diagonal blocks of the kernel.
    private func trace(_ layer: LayerBlock<S>, _ samples: Int) -> Double {
        let k = plan.outputs.rows(model.outputCount)
        let own = MatrixBuffer<S>(k, k)
        var total = 0.0
        for i in 0..<samples {
            let factors = layer.factors(from: i, columns: layer, from: i, weight: true, bias: true, plan.outputs)
            S.tangentKernel(factors, outputs: k, rows: 1, columns: 1, isSymmetric: true, into: own.base, leading: k)
            for a in 0..<k { total += Double(own[a, a]) }
        }
        return total
    }
}
