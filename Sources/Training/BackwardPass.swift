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

/// How far the backward vectors b_l(x) = ∂f/∂g_l(x) = B D_L W_L … W_{l+1} D_l are from those at the start.
///
/// ‖b_l − b_l(0)‖_F/‖b_l(0)‖_F over samples and outputs, for each ReLU layer above the first trained one (g_l is
/// what the units of layer l are given). Source: Cao, Gu 2019, Lemma B.2: of order ω^(1/3) for ‖W − W_0‖₂ ≤ ω.
/// Memory: K numbers for each unit and sample, twice.
struct BackwardChange<S: Scalar> {
    private let model: Model
    private let samples: Samples<S>
    private let count: Int
    private let rectifiers: [(name: String, index: Int)]
    private let start: [Int: [S]]

    init(_ model: Model, _ start: ParameterVector<S>, _ samples: Samples<S>, limit: Int) {
        self.model = model
        self.samples = samples
        count = min(limit, samples.count)
        rectifiers = ActivationPatterns.rectifiers(of: model).map { ($0.name, $0.index) }
        self.start = Self.vectors(model, start, samples, count: count, rectifiers.map(\.index))
    }

    /// `backward_change.<layer>` of each layer.
    func measure(_ w: ParameterVector<S>) -> [Metric] {
        let now = Self.vectors(model, w, samples, count: count, rectifiers.map(\.index))
        return rectifiers.compactMap { name, index in
            guard let before = start[index], let after = now[index] else { return nil }
            let initial = S.dot(before.count, before, before)
            let change = S.squaredDistance(before.count, after, before)
            return Metric("backward_change.\(name)", initial > 0 ? (change / initial).squareRoot() : .nan)
        }
    }

    /// b of each stage, block after block.
    private static func vectors(
        _ model: Model, _ w: ParameterVector<S>, _ samples: Samples<S>, count: Int, _ stages: [Int]
    ) -> [Int: [S]] {
        var vectors: [Int: [S]] = [:]
        BackwardPass.visit(model, w, samples, count: count, stages: stages) { block in
            let unit = block.rows * block.size
            var b = [S](UnsafeBufferPointer(start: block.cotangents, count: model.outputCount * unit))
            for output in 0..<model.outputCount {
                for i in 0..<unit where block.value[i] <= 0 { b[output * unit + i] = 0 }
            }
            vectors[block.stage, default: []] += b
        }
        return vectors
    }
}
