import Datasets
import LinearAlgebra
import Measurements
import Networks

/// Which ReLU units are on, for each sample and each layer: the diagonals D_{i,l} of the theory.
///
/// D = [g > 0], one bit a unit (Allen-Zhu, Li, Song 2019, section 2).
package struct ActivationPatterns: Sendable {
    /// Name of the layer below each activation, its number of units times samples, and their bits:
    /// sample after sample, filled up with zeros to whole bytes after each block of the workspace.
    package let layers: [(name: String, count: Int, bits: [UInt8])]

    /// The patterns of the first `limit` samples at w. Cost: one forward pass over them.
    /// - Parameter isForwarded: the workspace still holds the forward pass of all samples at w, so that
    ///   none is needed where they are one block.
    package init<S: Scalar>(
        _ workspace: Workspace<S>, _ w: ParameterVector<S>, _ samples: Samples<S>, limit: Int,
        isForwarded: Bool = false
    ) {
        let model = workspace.model
        let rectifiers = Self.rectifiers(of: model)
        let samplesUsed = min(limit, samples.count)
        var layers = rectifiers.map { (name: $0.name, count: samplesUsed * model.size($0.index + 1), bits: [UInt8]()) }
        workspace.forEachBlock(of: samplesUsed) { first, rows in
            if !isForwarded || samples.count > workspace.capacity {
                workspace.forward(w.base, samples.inputs.base + first * model.inputCount, rows: rows)
            }
            for (i, (s, _)) in rectifiers.enumerated() {
                let count = rows * model.size(s + 1)
                var bits = [UInt8](repeating: 0, count: (count + 7) / 8)
                S.signPattern(count, workspace.value(s + 1), &bits)
                layers[i].bits += bits
            }
        }
        self.layers = layers
    }

    /// Stages that are piecewise linear activations, with the name of the layer with weights that they
    /// follow, and a number where two follow the same.
    package static func rectifiers(of model: Model) -> [(index: Int, name: String)] {
        var name = "input"
        var result: [(index: Int, name: String)] = []
        var count: [String: Int] = [:]
        for (s, stage) in model.stages.enumerated() {
            guard case .layer(let layer) = stage.operation else { continue }
            if let tensor = layer.tensors.first { name = tensor.layer }
            guard layer.rectifierSlope != nil else { continue }
            count[name, default: 0] += 1
            result.append((s, count[name] == 1 ? name : "\(name)#\(count[name] ?? 0)"))
        }
        return result
    }

    /// Share of bits that differ from another pattern of the same network and samples, by layer.
    package func flips(since start: ActivationPatterns) -> [(name: String, share: Double)] {
        zip(layers, start.layers).map { now, before in
            let different = patternDistance(8 * now.bits.count, now.bits, before.bits)
            return (now.name, Double(different) / Double(max(now.count, 1)))
        }
    }
}

/// Which units of the ReLU layers have another sign than at initialization.
struct PatternKind: ProbeKind {
    static let key = ProbeOption.count(
        "pattern_samples", 256, certifying: 1 << 20, upTo: 1 << 24,
        "samples whose ReLU patterns are followed; 0 for none")
    var option: ProbeOption? { Self.key }
    var families: [MetricFamily] { [.patternFlips] }
    var readsForwardPass: Bool { true }

    /// A bit for each ReLU unit and sample, at the start and now.
    func bytes(_ cost: ProbeCost) -> Double {
        2 * Double(min(cost.selection.patternSamples, cost.samples)) * Double(cost.rectifierUnits) / 8
    }

    func probe<S: Scalar>(_ run: ProbedRun<S>) -> (any Probe<S>)? {
        run.selection.patternSamples > 0 ? PatternProbe(run) : nil
    }
}

private final class PatternProbe<S: Scalar>: Probe {
    private let start: ActivationPatterns

    init(_ run: ProbedRun<S>) {
        start = ActivationPatterns(
            run.function.workspace, run.start, run.train, limit: run.selection.patternSamples)
    }

    func measure(_ moment: Moment<S>) -> [Metric] {
        let run = moment.run
        let now = ActivationPatterns(
            run.function.workspace, run.point(moment.w), run.train, limit: run.selection.patternSamples,
            isForwarded: true)
        return now.flips(since: start).map { Metric(.patternFlips, of: $0.name, $0.share) }
    }
}
