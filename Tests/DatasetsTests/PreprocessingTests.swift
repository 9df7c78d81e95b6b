import Datasets
import LinearAlgebra
import Testing

private func digits() -> RawSamples {
    let x = MatrixBuffer<Double>(12, 3, (0..<36).map { Double(($0 * 7) % 11) + 1 })
    return RawSamples(inputs: x, shape: [3], targets: .labels((0..<12).map { [2, 5, 9][$0 % 3] }))
}

private func norm(_ samples: Samples<Double>, _ row: Int) -> Double {
    let d = samples.inputs.columns
    let start = samples.inputs.base + row * d
    return Double.dot(d, start, start).squareRoot()
}

@Test func classesSubsetsAndSplit() throws {
    var p = Preprocessing()
    p.classes = [9, 2]
    p.trainCount = 5
    p.testCount = 3
    let prepared = try p.apply(digits(), as: Float.self)
    let (train, test) = (prepared.train, prepared.test)
    #expect(train.labels == [1, 0, 1, 0, 1] && test?.labels == [0, 1, 0])
    #expect(train.targets.entries == [0, 1, 1, 0, 0, 1, 1, 0, 0, 1])
    p.testCount = 4
    #expect(throws: DatasetError.self) { try p.apply(digits(), as: Float.self) }
    p.classes = [4, 2]
    #expect(throws: DatasetError.self) { try p.apply(digits(), as: Float.self) }
}

@Test func normalizations() throws {
    var p = Preprocessing()
    p.isCentered = true
    p.normalization = .unitSphere
    var train = try p.apply(digits(), as: Double.self).train
    #expect((0..<12).allSatisfy { abs(norm(train, $0) - 1) < 1e-14 })
    p.addsBiasCoordinate = true
    train = try p.apply(digits(), as: Double.self).train
    #expect(
        (0..<12).allSatisfy { abs(norm(train, $0) - 1) < 1e-14 && abs(train.inputs[$0, 3] - 0.5.squareRoot()) < 1e-15 })
    p = Preprocessing()
    p.normalization = .standardize
    p.trainCount = 9
    p.testCount = 3
    train = try p.apply(digits(), as: Double.self).train
    for c in 0..<3 {
        let column = (0..<9).map { train.inputs[$0, c] }
        #expect(abs(column.reduce(0, +)) < 1e-12 && abs(column.reduce(0) { $0 + $1 * $1 } / 9 - 1) < 1e-12)
    }
}

@Test func encodingsAndNoise() throws {
    var p = Preprocessing()
    p.encoding = .sign
    #expect(try p.apply(digits(), as: Double.self).train.targets.entries.prefix(3) == [1, -1, -1])
    p.classes = [2, 5]
    #expect(try p.apply(digits(), as: Double.self).train.targets.entries.prefix(3) == [-1, 1, -1])
    p = Preprocessing()
    p.labelNoise = 1
    let (clean, noisy) = (
        try Preprocessing().apply(digits(), as: Double.self).train, try p.apply(digits(), as: Double.self).train
    )
    #expect(zip(clean.labels ?? [], noisy.labels ?? []).allSatisfy { $0 != $1 })
}

@Test func sphereGenerator() throws {
    for hasBias in [false, true] {
        let generator = SphereGenerator(
            count: 40, dimension: 6, hasBiasCoordinate: hasBias, separation: 0.3, targets: .classes(3), seed: 4)
        let samples = try Preprocessing().apply(generator.generate(), as: Double.self).train
        #expect((0..<40).allSatisfy { abs(norm(samples, $0) - 1) < 1e-14 })
        if hasBias { #expect((0..<40).allSatisfy { abs(samples.inputs[$0, 5] - 0.5.squareRoot()) < 1e-15 }) }
        #expect((samples.separation ?? 0) >= 0.3)
    }
    let tooMany = SphereGenerator(count: 100, dimension: 2, separation: 0.5, targets: .gaussian, seed: 0)
    #expect(throws: DatasetError.self) { try tooMany.generate() }
    // The teacher without noise is a function of the inputs, and noise adds its variance.
    func targets(_ noise: Double) throws -> [Double] {
        let raw = try SphereGenerator(count: 4000, dimension: 5, targets: .teacher(width: 3, noise: noise), seed: 1)
            .generate()
        guard case .values(let y) = raw.targets else { return [] }
        return y.entries
    }
    let differences = zip(try targets(0.5), try targets(0)).map { $0 - $1 }
    let variance = differences.reduce(0) { $0 + $1 * $1 } / 4000
    #expect(abs(variance / 0.25 - 1) < 5 * (2.0 / 4000).squareRoot())
}

@Test func separationIsTheLeastDistance() throws {
    // Many points in few dimensions: blocks that are far apart are passed over.
    for (count, d) in [(2, 4), (30, 4), (700, 4), (2600, 2)] {
        let raw = try SphereGenerator(count: count, dimension: d, targets: .gaussian, seed: 8).generate()
        var least = Double.infinity
        for i in 0..<count {
            for j in 0..<i {
                least = min(least, Double.squaredDistance(d, raw.inputs.base + d * i, raw.inputs.base + d * j))
            }
        }
        let wide = try Preprocessing().apply(raw, as: Double.self).train
        let narrow = try Preprocessing().apply(raw, as: Float.self).train
        #expect(abs((wide.separation ?? 0) - least.squareRoot()) < 1e-14)
        #expect(abs((narrow.separation ?? 0) - least.squareRoot()) < 1e-6)
    }
    let twins = MatrixBuffer<Float>(2, 2, [0.6, 0.8, 0.6, 0.8])
    #expect(Samples(inputs: twins, targets: twins, labels: nil, shape: [2]).separation == 0)
}
