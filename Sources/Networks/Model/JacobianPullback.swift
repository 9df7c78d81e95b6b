import LinearAlgebra

/// The reverse pass for all K outputs of every sample at once: what each trained layer sees of it.
///
/// Row (a, i) of a cotangent, [K, rows, ...], is that of output a at sample i, so that a layer without weights
/// meets its forward pass K times over, and a product with a weight is one product with K·rows rows.
/// Memory: `Model.reverseCount` numbers for each of K·capacity rows. Cost: K backward passes without weight
/// gradients.
package final class JacobianPullback<S: Scalar> {
    private let workspace: Workspace<S>
    private let outputs: Int
    private let cotangents: [MatrixBuffer<S>]

    package init(_ workspace: Workspace<S>) {
        self.workspace = workspace
        outputs = workspace.model.outputCount
        let rows = outputs * workspace.capacity
        cotangents = workspace.model.reverse.sizes.map { MatrixBuffer(rows, $0) }
    }

    /// Runs down from the outputs of the workspace's last forward pass.
    ///
    /// - Parameters:
    ///   - isVisited: whether a stage is visited; nil for those that are trained.
    ///   - visit: called at these stages, last first, with the input x [rows, inputs] and the cotangents
    ///     [K, rows, outputs] of the stage; both are good during the call only.
    package func run(
        _ w: UnsafePointer<S>, at isVisited: ((Int) -> Bool)? = nil,
        visit: (_ stage: Int, _ x: UnsafePointer<S>, _ yBar: UnsafePointer<S>) -> Void
    ) {
        let isVisited = isVisited ?? { self.workspace.model.stages[$0].isTrained }
        seed()
        for operation in workspace.model.reverse.operations {
            guard case .pullback(let s, let yBar, let xBar) = operation else {
                ReversePlan.move(operation, cotangents, rows: outputs * workspace.rows)
                continue
            }
            if isVisited(s) {
                visit(s, workspace.value(workspace.model.stages[s].source), cotangents[yBar].base)
            }
            if let xBar { workspace.pullback(s, count: outputs, w, cotangents[yBar].base, cotangents[xBar].base) }
        }
    }

    /// Cotangent a of every sample is the a-th unit vector.
    private func seed() {
        let rows = workspace.rows
        let start = cotangents[0].base
        start.update(repeating: 0, count: outputs * rows * outputs)
        for a in 0..<outputs {
            for i in 0..<rows { start[(a * rows + i) * outputs + a] = 1 }
        }
    }
}
