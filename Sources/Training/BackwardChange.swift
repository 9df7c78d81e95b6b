import Datasets
import LinearAlgebra
import Measurements
import Networks

/// How far the backward vectors of the ReLU layers are from those at initialization.
struct BackwardKind: ProbeKind {
    static let key = ProbeOption.count(
        "backward_samples", 0, upTo: 1 << 24,
        "samples whose backward vectors ∂f/∂g in every ReLU layer are followed; 0 for none")
    var option: ProbeOption? { Self.key }
    var families: [MetricFamily] { [.backwardChange] }

    /// K numbers for each ReLU unit and sample, at the start and now, and the reverse passes.
    func bytes(_ cost: ProbeCost) -> Double {
        let samples = min(cost.selection.backwardSamples, cost.samples)
        guard samples > 0 else { return 0 }
        let vectors = 2 * samples * cost.rectifierUnits * cost.model.outputCount * cost.precision.byteCount
        return Double(vectors + BackwardPass.bytes)
    }

    func probe<S: Scalar>(_ run: ProbedRun<S>) -> (any Probe<S>)? {
        run.selection.backwardSamples > 0
            ? BackwardChange(run.model, run.start, run.train, limit: run.selection.backwardSamples) : nil
    }
}

/// How far the backward vectors b_l(x) = ∂f/∂g_l(x) = B D_L W_L … W_{l+1} D_l are from those at the start.
///
/// ‖b_l − b_l(0)‖_F/‖b_l(0)‖_F over samples and outputs, for each ReLU layer above the first trained one (g_l is
/// what the units of layer l are given). Source: Cao, Gu 2019, Lemma B.2: of order ω^(1/3) for ‖W − W_0‖₂ ≤ ω.
/// Memory: K numbers for each unit and sample, twice.
final class BackwardChange<S: Scalar>: Probe {
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
    func measure(_ moment: Moment<S>) -> [Metric] {
        let w = moment.run.point(moment.w)
        let now = Self.vectors(model, w, samples, count: count, rectifiers.map(\.index))
        return rectifiers.compactMap { name, index in
            guard let before = start[index], let after = now[index] else { return nil }
            let initial = S.dot(before.count, before, before)
            let change = S.squaredDistance(before.count, after, before)
            return Metric(.backwardChange, of: name, initial > 0 ? (change / initial).squareRoot() : .nan)
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
