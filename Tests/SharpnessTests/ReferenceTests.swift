import Foundation
import Landscape
import Layers
import LinearAlgebra
import Networks
import Sharpness
import Testing

/// A network with its sharpness as SciPy has it: `References/sharpness_reference.py` writes them.
private struct Reference: Decodable, CustomStringConvertible {
    let name, function, loss, reduction: String
    let width, depth, outputs: Int
    let bias: Bool
    let epsilon, value, full, subspace, relative: Double
    let x, y, w, directions: [Double]

    var description: String { name }

    static let all: [Reference] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("References/sharpness.json")
        return (try? JSONDecoder().decode([Reference].self, from: Data(contentsOf: file))) ?? []
    }()

    func surface() throws -> LossSurface<Double> {
        let function = try #require(Activation.Function(rawValue: function))
        let objective = Objective(
            try #require(LossKind(rawValue: loss)), try #require(Reduction(rawValue: reduction)))
        let builder = ModelBuilder(parametrization: .standard, activation: Activation(function), hasBias: bias)
        let inputs = 4
        let model = try builder.model(
            MLP(width: width, depth: depth).layers(builder), inputShape: [inputs], outputs: outputs)
        let rows = x.count / inputs
        let surface = LossSurface(
            TrainedFunction(Workspace<Double>(model, rows: rows)), objective, MatrixBuffer(rows, inputs, x),
            MatrixBuffer(rows, outputs, y))
        let weights = ParameterVector<Double>(model.layout)
        #expect(weights.count == w.count)
        weights.base.update(from: w, count: w.count)
        surface.move(to: weights)
        return surface
    }
}

/// φ in the full space, in a subspace and of relative changes, against the same ten iterations of SciPy's L-BFGS-B on
/// losses that NumPy computes.
@Test(arguments: Reference.all) private func sharpnessIsThatOfSciPy(reference: Reference) throws {
    let meter = SharpnessMeter(try reference.surface())
    let subspace = Subspace(
        directions: MatrixBuffer(reference.directions.count / meter.dimension, meter.dimension, reference.directions))
    for (name, reach, expected) in [
        ("full", Reach.full, reference.full), ("subspace", .subspace(subspace), reference.subspace),
        ("relative", .relative, reference.relative),
    ] {
        let rise = try #require(try meter.rise(reach, epsilon: reference.epsilon, iterations: 10))
        #expect(abs(rise.loss - reference.value) <= 1e-12 * (1 + reference.value), "\(reference): F")
        #expect(
            abs(rise.sharpness - expected) <= 1e-8 * expected, "\(reference), \(name): \(rise.sharpness), \(expected)")
    }
}

@Test func allReferencesAreThere() { #expect(Reference.all.count == 10) }
