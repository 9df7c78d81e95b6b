import LinearAlgebra
import Sampling
import Testing

/// Blocks of several squares, with one place and with many, against the sum written out.
@Test(arguments: [1, 3], [1, 4]) func tangentKernelsMatchTheirDefinition(outputs: Int, places: Int) {
    for (rows, columns, isSymmetric) in [(70, 70, true), (61, 33, false), (300 / outputs, 300 / outputs, places == 1)] {
        let (p, q) = (5, 7)
        func random(_ name: String, _ count: Int) -> MatrixBuffer<Double> {
            let matrix = MatrixBuffer<Double>(1, count)
            RandomStream(seed: 6, name).fillNormal(matrix.base, count: count, standardDeviation: 1)
            return matrix
        }
        let x = random("x", rows * places * p)
        let d = random("d", rows * outputs * places * q)
        let otherX = isSymmetric ? x : random("otherX", columns * places * p)
        let otherD = isSymmetric ? d : random("otherD", columns * outputs * places * q)
        let gradients = random("g", rows * outputs * q)
        let otherGradients = isSymmetric ? gradients : random("otherG", columns * outputs * q)
        func pair(_ a: MatrixBuffer<Double>, _ b: MatrixBuffer<Double>) -> (
            UnsafePointer<Double>, UnsafePointer<Double>
        ) {
            (UnsafePointer(a.base), UnsafePointer(b.base))
        }
        let factors = [
            TangentFactor(
                x: pair(x, otherX), d: pair(d, otherD), places: places, xLength: p, dLength: q, scale: 0.7,
                constant: 0.3),
            TangentFactor(
                x: nil, d: pair(gradients, otherGradients), places: 1, xLength: 0, dLength: q, scale: 0, constant: 1),
        ]
        let (m, n) = (rows * outputs, columns * outputs)
        let kernel = MatrixBuffer<Double>(m, n + 3)
        Double.tangentKernel(
            factors, outputs: outputs, rows: rows, columns: columns, isSymmetric: isSymmetric, into: kernel.base,
            leading: n + 3)
        var worst = 0.0
        for r in stride(from: 0, to: m, by: 7) {
            for c in stride(from: 0, to: n, by: 5) {
                var sum = Double.dot(q, gradients.base + r * q, otherGradients.base + c * q)
                for s in 0..<places {
                    for t in 0..<places {
                        let left = Double.dot(
                            p, x.base + (r / outputs * places + s) * p, otherX.base + (c / outputs * places + t) * p)
                        let right = Double.dot(q, d.base + (r * places + s) * q, otherD.base + (c * places + t) * q)
                        sum += (0.7 * left + 0.3) * right
                    }
                }
                worst = max(worst, abs(sum - kernel[r, c]))
            }
        }
        #expect(worst < 1e-11)
        #expect((0..<m).allSatisfy { kernel[$0, n] == 0 }, "the gap between rows was written to")
        if isSymmetric {
            #expect((0..<m).allSatisfy { r in (0..<r).allSatisfy { kernel[r, $0] == kernel[$0, r] } })
        }
    }
}

@Test func symmetricMatricesAreDecomposed() throws {
    let n = 130
    let a = MatrixBuffer<Double>(n, n)
    RandomStream(seed: 7, "a").fillNormal(a.base, count: a.count, standardDeviation: 1)
    for i in 0..<n { for j in 0..<i { a[i, j] = a[j, i] } }
    let eigen = try #require(SymmetricEigen(destroying: MatrixBuffer(n, n, a.entries), vectors: true))
    let vectors = try #require(eigen.vectors)
    let image = MatrixBuffer<Double>(n, n)
    MatrixBuffer.product(vectors, .no, a, .no, into: image)
    let gram = MatrixBuffer<Double>(n, n)
    MatrixBuffer.product(vectors, .no, vectors, .yes, into: gram)
    for k in 0..<n {
        for j in 0..<n {
            #expect(abs(image[k, j] - eigen.values[k] * vectors[k, j]) < 1e-12 * Double(n))
            #expect(abs(gram[k, j] - (k == j ? 1 : 0)) < 1e-13 * Double(n))
        }
    }
    let values = try #require(SymmetricEigen(destroying: MatrixBuffer(n, n, a.entries), vectors: false)).values
    #expect(zip(values, eigen.values).allSatisfy { abs($0 - $1) < 1e-12 * Double(n) })
    a[3, 4] = .nan
    #expect(SymmetricEigen(destroying: a, vectors: false) == nil)
}
