import Landscape
import Layers
import LinearAlgebra
import NetworkCases
import Networks
import Sampling
import Sharpness
import Testing

extension Instance<Double> {
    fileprivate func surface(at w: ParameterVector<Double>) -> LossSurface<Double> {
        let surface = LossSurface(
            TrainedFunction(Workspace<Double>(model, rows: x.rows)), objective, x, y)
        surface.move(to: w)
        return surface
    }
}

/// F = ½ Σ (w_i − c_i)²: a linear map of orthonormal samples.
private func parabola(_ w: [Double], _ c: [Double]) throws -> LossSurface<Double> {
    let n = w.count
    let builder = ModelBuilder(parametrization: .standard)
    let model = try builder.model(MLP(width: 1, depth: 0).layers(builder), inputShape: [n], outputs: 1)
    let x = MatrixBuffer<Double>(n, n)
    for i in 0..<n { x[i, i] = 1 }
    let surface = LossSurface(
        TrainedFunction(Workspace<Double>(model, rows: n)), Objective(.squared, .sum), x, MatrixBuffer(n, 1, c))
    let weights = ParameterVector<Double>(model.layout)
    weights.base.update(from: w, count: n)
    surface.move(to: weights)
    return surface
}

/// φ of a parabola, whose maximum in a box of half-widths b is at the corner away from c.
private func expected(_ w: [Double], _ c: [Double], _ bounds: [Double]) -> Double {
    func loss(_ w: [Double]) -> Double { zip(w, c).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / 2 } }
    let corner = w.indices.map { w[$0] + (w[$0] > c[$0] ? bounds[$0] : -bounds[$0]) }
    return 100 * (loss(corner) - loss(w)) / (1 + loss(w))
}

private let w = [0.5, -2, 0.01, 3, -0.4, 1.5]
private let c = [0.2, -1.5, 0.3, 3.3, -0.5, 1.4]

/// All weights, relative changes, and three subspaces that are the whole space in other coordinates: signed and in
/// another order, stretched by 2, and by factors of their own.
@Test(arguments: [1e-3, 5e-2]) func sharpnessOfAParabolaIsKnown(epsilon: Double) throws {
    let meter = SharpnessMeter(try parabola(w, c))
    func found(_ reach: Reach) throws -> Double {
        try #require(try meter.rise(reach, epsilon: epsilon, iterations: 100)).sharpness
    }
    func stretched(_ factors: [Double], _ order: [Int]) -> Reach {
        let directions = MatrixBuffer<Double>(6, 6)
        for (row, column) in order.enumerated() { directions[row, column] = factors[column] }
        return .subspace(Subspace(directions: directions))
    }
    let full = expected(w, c, w.map { epsilon * (abs($0) + 1) })
    #expect(abs(try found(.full) - full) < 1e-10 * full)
    #expect(abs(try found(stretched([1, -1, 1, -1, -1, 1], [2, 0, 1, 5, 4, 3])) - full) < 1e-10 * full)
    let relative = expected(w, c, w.map { epsilon * abs($0) })
    #expect(abs(try found(.relative) - relative) < 1e-10 * relative)
    for factors in [[2, 2, 2, 2, 2, 2], [0.1, -3, 1, 7, 0.5, 20]] {
        // |z_i| ≤ ε (|w_i/a_i| + 1), and w_i moves by a_i z_i.
        let known = expected(w, c, zip(w, factors).map { epsilon * (abs($0) + abs($1)) })
        #expect(abs(try found(stretched(factors, [5, 4, 3, 2, 1, 0])) - known) < 1e-10 * known)
    }
}

/// A⁺ v leaves nothing of v in the span of A's columns; with as many columns as weights, nothing at all.
@Test(arguments: [1, 5, 40, 60]) func coordinatesAreThoseOfLeastSquares(dimension: Int) throws {
    let n = 60
    let a = Subspace(random: 3, dimension: dimension, weights: n, seed: 7).directions
    let stream = RandomStream(seed: 1, "v")
    let v = MatrixBuffer(1, n, (0..<n).map { stream.normal($0) })
    let z = try #require(Subspace(directions: a).coordinates(of: v)).entries
    let rest = (0..<n).map { i in v.base[i] - (0..<dimension).reduce(0) { $0 + a[$1, i] * z[$1] } }
    for k in 0..<dimension {
        #expect(abs((0..<n).reduce(0) { $0 + a[k, $1] * rest[$1] }) < 1e-11)
    }
    if dimension == n { #expect(rest.allSatisfy { abs($0) < 1e-11 }) }
}

@Test func directionsThatDependOnOneAnotherAreRefused() throws {
    let directions = MatrixBuffer<Double>(3, 6)
    for k in 0..<6 { (directions[0, k], directions[1, k]) = (1, Double(k)) }
    for k in 0..<6 { directions[2, k] = 2 + 3 * Double(k) }
    let subspace = Subspace(directions: directions)
    #expect(subspace.coordinates(of: MatrixBuffer(1, 6, w)) == nil)
    #expect(try SharpnessMeter(parabola(w, c)).rise(.subspace(subspace), epsilon: 1e-3, iterations: 5) == nil)
}

/// Subspaces are functions of the seed and their number.
@Test func subspacesAreDrawnFromTheSeed() {
    func entries(_ index: Int, _ seed: UInt64) -> [Double] {
        Subspace(random: index, dimension: 50, weights: 80, seed: seed).directions.entries
    }
    #expect(entries(0, 1) == entries(0, 1) && entries(0, 1) != entries(1, 1) && entries(0, 1) != entries(0, 2))
    let all = entries(0, 1)
    let square = all.reduce(0) { $0 + $1 * $1 } / 4000
    #expect(abs(square - 1) < 0.1 && abs(all.reduce(0, +) / 4000) < 0.08)
}

/// What is frozen or held at 0 stays, and what is trained moves within its box.
@Test(arguments: Case.all.filter { ["frozen inside", "sparse relu", "resnet of the paper"].contains($0.description) })
func whatIsNotTrainedStays(c: Case) throws {
    let instance = try Instance<Double>(c)
    let surface = instance.surface(at: instance.w)
    let meter = SharpnessMeter(surface)
    #expect(meter.dimension == instance.model.layout.trainedCount)
    let before = instance.loss(instance.w)
    for reach in [
        Reach.full, .relative, .subspace(Subspace(random: 0, dimension: 4, weights: meter.dimension, seed: 1)),
    ] {
        let rise = try #require(try meter.rise(reach, epsilon: 1e-4, iterations: 10))
        #expect(abs(rise.loss - before) < 1e-12 * (1 + before) && rise.largest > rise.loss)
        // To first order no more than Σ b_i |∂F/∂w_i|.
        if case .full = reach {
            let slopes = zip(instance.gradient(instance.w).entries, instance.w.entries)
            let most = slopes.reduce(0) { $0 + 1e-4 * abs($1.0) * (abs($1.1) + 1) }
            #expect(abs((rise.largest - rise.loss) / most - 1) < 0.05, "\(c): \(rise), \(most)")
        }
        #expect(surface.weights.entries == instance.w.entries, "\(c)")
    }
}
