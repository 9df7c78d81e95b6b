import Datasets
import LinearAlgebra
import Networks

/// ∂f/∂h_l(x) of all outputs at chosen ReLU layers, for the first samples, a block of them at a time.
enum BackwardPass {
    /// Memory of the reverse passes, unless one sample takes more.
    static var bytes: Int { 16_000_000 }

    /// What a visit sees: cotangents [K, rows, size] at the output of a stage, the samples first ..< first + rows.
    struct Block<S: Scalar> {
        let stage: Int
        let first: Int
        let rows: Int
        let size: Int
        /// h_l(x), [rows, size].
        let value: UnsafePointer<S>
        let cotangents: UnsafePointer<S>
    }

    /// Visits each of `stages` that lies above the first trained layer. Cost: a forward pass and K reverse passes.
    static func visit<S: Scalar>(
        _ model: Model, _ w: ParameterVector<S>, _ samples: Samples<S>, count: Int, stages: [Int],
        _ body: (Block<S>) -> Void
    ) {
        let row = (model.outputCount * model.reverseCount + model.workspaceCount(rows: 1)) * MemoryLayout<S>.stride
        let block = min(max(bytes / max(row, 1), 1), count)
        let workspace = Workspace<S>(model, rows: block)
        let pullback = JacobianPullback(workspace)
        workspace.forEachBlock(of: count) { first, rows in
            workspace.forward(w.base, samples.inputs.base + first * model.inputCount, rows: rows)
            pullback.run(w.base, at: { stages.contains($0) }) { stage, _, yBar in
                body(
                    Block(
                        stage: stage, first: first, rows: rows, size: model.size(stage + 1),
                        value: UnsafePointer(workspace.value(stage + 1)), cotangents: UnsafePointer(yBar)))
            }
        }
    }
}
