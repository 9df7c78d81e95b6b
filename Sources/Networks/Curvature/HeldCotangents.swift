import LinearAlgebra

/// The cotangents ȳ of one reverse pass at fixed weights, each in memory of its own, so that the tangents of that pass can
/// be taken along one direction after another.
package final class HeldCotangents<S: Scalar> {
    /// Nil for stages whose derivative does not read ȳ.
    private let ofStage: [MatrixBuffer<S>?]

    /// Memory for batches of up to that many rows: `Model.heldCount` numbers a row.
    package init(_ model: Model, rows: Int) {
        ofStage = model.stages.indices.map { s in
            model.needsCotangent(s) ? MatrixBuffer(rows, model.size(s + 1)) : nil
        }
    }

    subscript(stage: Int) -> UnsafeMutablePointer<S>? { ofStage[stage]?.base }

    /// Runs the reverse pass from `outputCotangent`, without weight gradients. Cost: a forward pass.
    func keep(_ workspace: Workspace<S>, _ w: UnsafePointer<S>) {
        let cotangents = workspace.cotangents
        for operation in workspace.model.reverse.operations {
            guard case .pullback(let s, let yBar, let xBar) = operation else {
                ReversePlan.move(operation, cotangents, rows: workspace.rows)
                continue
            }
            self[s]?.update(from: cotangents[yBar].base, count: workspace.rows * workspace.model.size(s + 1))
            if let xBar { workspace.pullback(s, w, cotangents[yBar].base, cotangents[xBar].base, into: nil) }
        }
    }
}

extension Model {
    /// Whether the derivative of a stage's pullback reads its cotangent: not where the stage is linear at the point.
    func needsCotangent(_ s: Int) -> Bool {
        guard dependsOnTrained[s + 1], let layer = stages[s].layer else { return false }
        return layer.tensors.contains(where: \.isTrained) || (layer.tensors.isEmpty && layer.rectifierSlope == nil)
    }

    /// Numbers a row that a held reverse pass keeps.
    package var heldCount: Int { stages.indices.reduce(0) { $0 + (needsCotangent($1) ? size($1 + 1) : 0) } }
    /// Numbers a row that tangents take beside a workspace.
    package var tangentCount: Int { workspaceCount(rows: 1) + inputCount }
}
