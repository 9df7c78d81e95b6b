import LinearAlgebra
import RealModule
import Sampling
import StationaryPoints
import Testing

/// Two linear layers on data with XXᵀ = I: their stationary points are known.
private struct TwoLayers {
    let f: DeepLinear
    /// Singular values of Y Xᵀ, descending, all different.
    let singular: [Double]

    /// Y = diag(singular) and X = I, turned by random rotations.
    init?(inputs: Int, hidden: Int, singular: [Double], seed: UInt64) {
        let outputs = singular.count
        guard let left = SymmetricEigen(destroying: randomSymmetric(outputs, seed: seed), vectors: true)?.vectors,
            let right = SymmetricEigen(destroying: randomSymmetric(inputs, seed: seed + 1), vectors: true)?.vectors
        else { return nil }
        var y = Matrix(outputs, inputs)
        for (k, value) in singular.enumerated() {
            for i in 0..<outputs { for j in 0..<inputs { y[i, j] += value * left[k, i] * right[k, j] } }
        }
        f = DeepLinear(widths: [inputs, hidden, outputs], x: Matrix.identity(inputs), y: y)
        self.singular = singular
    }

    /// Value, index and rank of each: Baldi and Hornik 1989, fact 4: W_2 W_1 projects on a set of singular directions, as many as
    /// units or fewer. Each pair of one inside and a larger one outside is a direction down, and so is each pair of an
    /// unused unit and one outside.
    var known: [(value: Double, index: Int)] {
        let all = 0..<singular.count
        return (0..<(1 << singular.count)).compactMap { set in
            let inside = all.filter { set >> $0 & 1 == 1 }
            let outside = all.filter { set >> $0 & 1 == 0 }
            guard inside.count <= f.widths[1] else { return nil }
            let pairs = inside.reduce(0) { sum, i in sum + outside.count { singular[$0] > singular[i] } }
            return (
                outside.reduce(0) { $0 + singular[$1] * singular[$1] / 2 },
                pairs + (f.widths[1] - inside.count) * outside.count
            )
        }.sorted { $0.value < $1.value }
    }

    /// W_2 W_1 = U S Vᵀ as W_2 = U √S, W_1 = √S Vᵀ, each pair with the sign that makes the largest entry of U positive.
    func balanced(_ w: [Double]) -> [Double] {
        let weights = f.weights(w)
        let product = weights[1] * weights[0]
        let gram = product.transposed * product
        let n = gram.rows
        guard
            let vectors = SymmetricEigen(destroying: MatrixBuffer(n, n, gram.entries), vectors: true)?.vectors
        else { return w }
        var (first, second) = (Matrix(f.widths[1], n), Matrix(f.widths[2], f.widths[1]))
        for k in 0..<min(f.widths[1], n) {
            let v = Matrix(n, 1, (0..<n).map { vectors[n - 1 - k, $0] })
            let u = product * v
            let size = u.squares.squareRoot()
            guard size > 1e-6 else { continue }
            let sign = (u.entries.max { abs($0) < abs($1) } ?? 1) < 0 ? -1.0 : 1
            for j in 0..<n { first[k, j] = sign * size.squareRoot() * v.entries[j] }
            for i in 0..<second.rows { second[i, k] = sign * u.entries[i] / size.squareRoot() }
        }
        return first.entries + second.entries
    }
}

/// Shapes, starts that find each of their points, and whether that takes minutes.
private struct Shape {
    let inputs: Int
    let hidden: Int
    let singular: [Double]
    let starts: Int
    let seeds: Int

    static let all = [
        Shape(inputs: 2, hidden: 1, singular: [1, 2], starts: 100, seeds: isLong ? 10 : 2),
        Shape(inputs: 3, hidden: 1, singular: [1, 1.5, 2.5], starts: 200, seeds: isLong ? 10 : 1),
        Shape(inputs: 2, hidden: 2, singular: [0.7, 1.9], starts: 150, seeds: isLong ? 10 : 1),
        Shape(inputs: 3, hidden: 2, singular: [1, 1.5, 2.5], starts: 1500, seeds: isLong ? 4 : 0),
        Shape(inputs: 3, hidden: 3, singular: [1, 2, 3], starts: 3000, seeds: isLong ? 2 : 0),
    ]
}

/// All values are found with their indices, and none that is not there. Searches that let one layer grow and the other
/// vanish, where ‖g‖ → 0 at infinity, do not converge.
@Test func twoLinearLayersHaveThePointsOfBaldiAndHornik() throws {
    for shape in Shape.all {
        for seed in 0..<shape.seeds {
            let layers = try #require(
                TwoLayers(inputs: shape.inputs, hidden: shape.hidden, singular: shape.singular, seed: UInt64(10 * seed))
            )
            let points = DistinctPoints(
                survey(layers.f, shape.starts, seed: UInt64(seed), canonical: layers.balanced))
            let known = layers.known
            #expect(points.count == known.count...known.count, "\(shape), seed \(seed)\n\(summary(points))")
            for (found, (value, index)) in zip(points.found, known) {
                #expect(
                    abs(found.point.place.value - value) < 1e-11 * (1 + value), "\(found.point.place.value), \(value)")
                #expect(found.point.spectrum?.index == index...index, "\(value): \(summary(points))")
            }
            // A point that is not balanced has another spectrum: nothing is merged then, and nothing taken for another.
            let plain = DistinctPoints(survey(layers.f, 40, seed: UInt64(seed)))
            #expect(plain.count.lowerBound <= known.count, "\(plain.count)")
        }
    }
}
