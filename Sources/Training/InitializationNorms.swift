import Datasets
import LinearAlgebra
import Measurements
import Networks

/// Norms of the samples in the ReLU layers of a network at its start, and how well the samples are kept apart.
///
/// Source: Allen-Zhu, Li, Song 2019, Lemmas 7.1 (forward), 7.4 (backward) and 7.5 (separation).
package struct InitializationNorms {
    /// The size that initialization preserves from layer to layer.
    package enum PreservedNorm: Sendable {
        /// The mean over places of the squared norm of a place's channels, as in the parametrization of the paper.
        case ofPlaces
        /// The mean of all squared entries, as in the others.
        case ofEntries
    }

    package let layers: [String]
    /// ‖h_l(x)‖ over what is kept of ‖x‖, [layers, samples]: 1 on average; 0 for a sample that is zero.
    package let forward: MatrixBuffer<Double>
    /// min over pairs of ‖(I − ĥ_i ĥ_iᵀ) h_j‖/‖h_j‖, the sine of an angle, for each layer.
    package let separation: [Double]
    /// min ‖x̂_i − x̂_j‖ of the inputs' directions.
    package let inputSeparation: Double
    /// ‖∂f/∂h_l(x)‖_F over all outputs, [layers, samples]; zero below the first trained layer.
    package let backward: MatrixBuffer<Double>

    /// The norms of the first `limit` training samples, at most as many as the workspace takes.
    /// Cost: a forward pass, K reverse passes and n² products of vectors in each layer.
    /// Memory: K cotangents for some samples at a time, about 16 MB.
    package init<S: Scalar>(
        _ workspace: Workspace<S>, _ start: ParameterVector<S>, _ train: Samples<S>, limit: Int,
        preserving preserved: PreservedNorm
    ) {
        let model = workspace.model
        let count = min(limit, train.count, workspace.capacity)
        // The h_l are hidden: a ReLU of the outputs is none, and nothing keeps its norm.
        let rectifiers = ActivationPatterns.rectifiers(of: model).filter { $0.index + 1 < model.stages.count }
        layers = rectifiers.map(\.name)
        workspace.forward(start.base, train.inputs.base, rows: count)
        forward = MatrixBuffer(rectifiers.count, count)
        let inputs = Self.norms(train.inputs.base, rows: count, model.inputCount)
        for (l, rectifier) in rectifiers.enumerated() {
            let own = Self.norms(workspace.value(rectifier.index + 1), rows: count, model.size(rectifier.index + 1))
            let scale = Self.scale(preserved, from: model.shapes[0], to: model.shapes[rectifier.index + 1]).squareRoot()
            for i in 0..<count { forward[l, i] = inputs[i] > 0 ? scale * own[i] / inputs[i] : 0 }
        }
        separation = rectifiers.map { stage, _ in
            // The sine of the angle whose chord this is.
            let chord = Self.leastChord(workspace.value(stage + 1), rows: count, model.size(stage + 1))
            return chord * max(1 - chord * chord / 4, 0).squareRoot()
        }
        inputSeparation = Self.leastChord(train.inputs.base, rows: count, model.inputCount)
        backward = Self.backwardNorms(model, start, train, count: count, rectifiers.map(\.index))
    }

    private static func norms<S: Scalar>(_ x: UnsafePointer<S>, rows: Int, _ size: Int) -> [Double] {
        (0..<rows).map { S.dot(size, x + $0 * size, x + $0 * size).squareRoot() }
    }

    /// What ‖h‖²/‖x‖² is multiplied with, so that initialization keeps it at 1: for entries the ratio of their numbers,
    /// for places (of pictures; a vector is one place, and so is a picture that a vector is made of) that of theirs.
    private static func scale(_ preserved: PreservedNorm, from x: [Int], to h: [Int]) -> Double {
        func places(_ shape: [Int]) -> Int { shape.dropLast().reduce(1, *) }
        switch preserved {
        case .ofEntries: return Double(x.reduce(1, *)) / Double(h.reduce(1, *))
        case .ofPlaces: return h.count > 1 ? Double(places(x)) / Double(places(h)) : 1
        }
    }

    /// min ‖x̂_i − x̂_j‖ over pairs of directions of rows, in float64; 0 where a row is zero, NaN where one has no
    /// direction that is a number.
    ///
    /// Products find the pairs that can be the nearest, differences measure them, so that near ones lose no digits.
    private static func leastChord<S: Scalar>(_ x: UnsafePointer<S>, rows: Int, _ size: Int) -> Double {
        let unit = MatrixBuffer<Double>(rows, size)
        convert(rows * size, x, unit.base)
        for i in 0..<rows {
            let norm = Double.dot(size, unit.base + i * size, unit.base + i * size).squareRoot()
            guard norm.isFinite else { return .nan }
            if norm == 0, rows > 1 { return 0 }
            Double.scale(size, norm > 0 ? 1 / norm : 0, unit.base + i * size)
        }
        let gram = MatrixBuffer<Double>(rows, rows)
        MatrixBuffer.product(unit, .no, unit, .yes, into: gram)
        let pairs = (0..<rows).flatMap { i in (0..<i).map { (i, $0) } }
        let largest = pairs.map { gram[$0, $1] }.max() ?? 0
        let least = pairs.filter { gram[$0, $1] >= largest - 1e-9 }.map {
            Double.squaredDistance(size, unit.base + $0 * size, unit.base + $1 * size)
        }.min()
        return (least ?? 2).squareRoot()
    }

    private static func backwardNorms<S: Scalar>(
        _ model: Model, _ start: ParameterVector<S>, _ train: Samples<S>, count: Int, _ stages: [Int]
    ) -> MatrixBuffer<Double> {
        let norms = MatrixBuffer<Double>(stages.count, count)
        let places = Dictionary(uniqueKeysWithValues: zip(stages, stages.indices))
        BackwardPass.visit(model, start, train, count: count, stages: stages) { block in
            for i in 0..<block.rows {
                let squares = (0..<model.outputCount).reduce(0.0) { sum, a in
                    let row = block.cotangents + (a * block.rows + i) * block.size
                    return sum + S.dot(block.size, row, row)
                }
                norms[places[block.stage] ?? 0, block.first + i] = squares.squareRoot()
            }
        }
        return norms
    }

    /// Memory of the reverse passes, unless one sample takes more.
    package static var backwardBytes: Int { BackwardPass.bytes }
}

/// The norms at the start: a file of its own (`initialization.h5`), and no metric along the run.
struct InitializationKind: ProbeKind {
    static let key = ProbeOption.count(
        "initialization", 128, certifying: 4096, upTo: 1 << 16,
        "first training samples whose norms and separation are measured in every layer at the start; 0 for none")
    var option: ProbeOption? { Self.key }
    var families: [MetricFamily] { [] }
}
