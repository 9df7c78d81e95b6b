import LinearAlgebra
import RealModule
import Sampling
import SpinGlasses
import Testing

@Test func boundsAreThePublishedOnes() {
    #expect((2...6).map { SpinShape(order: $0, dimension: 4).bound } == [4, 15, 40, 85, 156])
    for shape in shapes(3...8, 2...12) {
        let power = (0..<shape.dimension).reduce(1) { product, _ in product * (shape.order - 1) }
        #expect(shape.bound == (power - 1) / (shape.order - 2))
    }
}

/// √(3 H − 2) for Λ = 2, by Rice's formula for the zeros of the derivative of a process with covariance cos^H; Λ for H
/// = 2.
@Test func meanCountsAreClosedFormsWhereThereAreSome() {
    for order in 2...8 {
        #expect(abs(SpinShape(order: order, dimension: 2).meanCount - Double.sqrt(Double(3 * order - 2))) < 1e-12)
    }
    for dimension in 2...12 {
        #expect(abs(SpinShape(order: 2, dimension: dimension).meanCount - Double(dimension)) < 1e-12)
    }
}

/// The integral over the density of eigenvalues is a mean over random matrices, within five standard errors.
@Test(arguments: [(3, 3), (3, 6), (4, 5), (6, 8)]) func meanCountsAreThoseOfRandomMatrices(order: Int, dimension n: Int)
    throws
{
    let shape = SpinShape(order: order, dimension: n)
    let rate = Double(order - 2) / Double(2 * order)
    let sums = try (0..<4000).map { seed in
        let stream = RandomStream(seed: UInt64(seed), "ensemble")
        let matrix = MatrixBuffer<Double>(n, n)
        for i in 0..<n {
            for j in 0..<i {
                let entry = stream.normal(i * n + j) * Double.sqrt(0.5)
                (matrix[i, j], matrix[j, i]) = (entry, entry)
            }
            matrix[i, i] = stream.normal(i * n + i)
        }
        let eigen = try #require(SymmetricEigen(destroying: matrix, vectors: false))
        return eigen.values.reduce(0) { $0 + Double.exp(-rate * $1 * $1) }
    }
    let mean = sums.reduce(0, +) / 4000
    let variance = sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3999
    let factor = Double.sqrt(2 / Double(order)) * shape.leadingOrder
    #expect(abs(factor * mean - shape.meanCount) < 5 * factor * (variance / 4000).squareRoot())
}

/// Over draws the mean count is the exact one, within 4.5 standard errors: what was found is neither too little nor too
/// much.
@Test(arguments: shapes(3...6, 2...3) + [SpinShape(order: 3, dimension: 4), SpinShape(order: 4, dimension: 4)])
func meanCountsAreFound(shape: SpinShape) {
    let draws = isLong ? 1000 : 120
    let counts = (0..<draws).map { seed in
        Double(SpinDraw(shape, seed: UInt64(seed), mostSearches: 1 << 14).count.lowerBound)
    }
    let mean = counts.reduce(0, +) / Double(draws)
    let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws - 1)
    #expect(abs(mean - shape.meanCount) < 4.5 * (variance / Double(draws)).squareRoot())
}

/// In 1,000 draws and more no bound is crossed, and no sum is wrong.
@Test func noBoundIsCrossed() {
    var draws = 0
    for shape in shapes(2...6, isLong ? 2...5 : 2...3) + (isLong ? [] : shapes(2...3, 4...5)) {
        for seed in 1000..<UInt64(isLong ? 1200 : shape.dimension < 4 ? 1095 : 1015) {
            let draw = SpinDraw(shape, seed: seed, mostSearches: 1 << 14)
            draws += 1
            #expect(draw.count.upperBound <= shape.bound && draw.count.lowerBound == draw.count.upperBound)
            #expect(draw.isEulers == true && [.complete, .cannotTell].contains(draw.standing), "\(shape) \(seed)")
        }
    }
    #expect(draws >= 1000)
}
