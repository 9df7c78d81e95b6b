import Datasets
import LinearAlgebra
import Testing

private func samples(_ rows: [[Double]], labels: [Int]? = nil, shape: [Int]? = nil) -> RawSamples {
    let x = MatrixBuffer<Double>(rows.count, rows[0].count, rows.flatMap { $0 })
    return RawSamples(
        inputs: x, shape: shape ?? [rows[0].count], targets: .labels(labels ?? rows.indices.map { $0 % 2 }))
}

private func words<S: Scalar>(_ prepared: PreparedSamples<S>) -> String {
    prepared.remarks.map(\.text).joined(separator: "\n")
}

/// Constants whose mean a plain sum does not give back, and ones with the rounding of the last bit.
@Test(arguments: [0.1, 1e-300, 1e300, 123456.789, -0.7, 1 / 3.0])
func constantFeaturesBecomeZero(value: Double) throws {
    var p = Preprocessing()
    let rows = (0..<1000).map { [Double($0 % 7), $0 % 3 == 0 ? value.nextUp : value, value] }
    for (normalization, shape) in [(Normalization.standardize, [3]), (.standardizeChannels, [1, 1, 3])] {
        p.normalization = normalization
        let prepared = try p.apply(samples(rows, shape: shape), as: Double.self)
        #expect((0..<1000).allSatisfy { prepared.train.inputs[$0, 1] == 0 && prepared.train.inputs[$0, 2] == 0 })
        #expect(
            words(prepared).contains("constant in the training samples and become zero: 2, 3"), "\(words(prepared))")
    }
}

/// A test sample in which a feature differs that is constant in training; and a feature that varies hardly, but does.
@Test func featuresThatVaryAreKept() throws {
    var p = Preprocessing()
    p.normalization = .standardize
    let train = samples((0..<100).map { [5, 1e8 + Double($0 % 2) * 1e-3, Double($0)] })
    let test = samples([[6, 1e8, 3], [7, 1e8 + 1e-3, 4]])
    let prepared = try p.apply(train, test: test, as: Double.self)
    #expect(prepared.test?.inputs[0, 0] == 0 && prepared.test?.inputs[1, 0] == 0)
    // 1e8 + 1e-3 is rounded to 1.5e-8.
    #expect(abs(abs(prepared.train.inputs[0, 1]) - 1) < 1e-4)
    #expect(words(prepared).contains("becomes zero: 1"))
}

@Test func inputsThatComeToCoincideAreNamed() throws {
    var p = Preprocessing()
    p.normalization = .unitSphere
    let line = (1...20).map(Double.init).flatMap { (r: Double) -> [[Double]] in [[r], [-r]] }
    #expect(
        words(try p.apply(samples(line), as: Float.self)).contains("of 40 different ones 2 are left; standardize or"))
    // Along rays of the plane.
    let rays = (1...10).map(Double.init).flatMap { (r: Double) -> [[Double]] in [[r, 2 * r], [3 * r, r / 7]] }
    #expect(words(try p.apply(samples(rays), as: Double.self)).contains("of 20 different ones 2 are left"))
    // Twins that were there before, and inputs that stay apart, are not named.
    #expect(!words(try p.apply(samples([[1, 2], [1, 2], [2, 1]]), as: Double.self)).contains("coincide"))
    // Nor are inputs that were as close before.
    let close = (0..<8).map { [0.6 + 1e-8 * Double($0), 0.8] }
    #expect(!words(try p.apply(samples(close), as: Double.self)).contains("coincide"))
    p.normalization = .standardize
    #expect(!words(try p.apply(samples(line), as: Float.self)).contains("coincide"))
}

@Test func hugeAndTinyInputsHavePlacesOnTheSphere() throws {
    var p = Preprocessing()
    p.normalization = .unitSphere
    let train = try p.apply(samples([[3e200, 4e200], [3e-200, -4e-200]]), as: Double.self).train
    #expect(zip(train.inputs.entries, [0.6, 0.8, 0.6, -0.8]).allSatisfy { abs($0 - $1) < 1e-15 })
}

@Test func samplesInTheOrderOfTheirClassesAreNamed() throws {
    var p = Preprocessing()
    p.trainCount = 40
    p.testCount = 10
    let sorted = samples((0..<60).map { [Double($0)] }, labels: (0..<60).map { $0 / 20 })
    #expect(words(try p.apply(sorted, as: Double.self)).contains("sorted by class"))
    #expect(words(try p.apply(sorted, as: Double.self)).contains("none of class 2"))
    p.isShuffled = true
    #expect(!words(try p.apply(sorted, as: Double.self)).contains("sorted"))
    p.isShuffled = false
    let mixed = samples((0..<60).map { [Double($0)] }, labels: (0..<60).map { $0 % 3 })
    #expect(!words(try p.apply(mixed, as: Double.self)).contains("class"))
    // All of them are taken: the order does not matter.
    p.trainCount = nil
    p.testCount = nil
    #expect(!words(try p.apply(sorted, as: Double.self)).contains("sorted"))
    // Sorted downwards, and a class that only comes late.
    p.trainCount = 30
    let down = samples((0..<60).map { [Double($0)] }, labels: (0..<60).map { -$0 / 20 })
    #expect(words(try p.apply(down, as: Double.self)).contains("sorted by class"))
    let late = samples((0..<60).map { [Double($0)] }, labels: (0..<60).map { $0 > 50 ? 9 : $0 % 2 })
    #expect(words(try p.apply(late, as: Double.self)).contains("none of class 9"))
}

/// Test targets of another width would be read beyond their end.
@Test func testTargetsHaveToBeOfTheSameKind() throws {
    func targets(_ count: Int, _ outputs: Int) -> RawSamples {
        RawSamples(
            inputs: MatrixBuffer(count, 2, (0..<2 * count).map(Double.init)), shape: [2],
            targets: .values(MatrixBuffer(count, outputs, [Double](repeating: 1, count: count * outputs))))
    }
    let labelled = samples([[1, 2], [3, 4], [5, 6]])
    for (train, test) in [(targets(6, 4), targets(3, 1)), (targets(6, 2), labelled), (labelled, targets(3, 2))] {
        let error = #expect(throws: DatasetError.self) { try Preprocessing().apply(train, test: test, as: Float.self) }
        #expect(error?.description.contains("test samples: expected") == true)
    }
}

@Test func channelsThatComeFirstAreNamedAndTurned() throws {
    var p = Preprocessing()
    let rows = (0..<2).map { n in (0..<48).map { Double($0) + 100 * Double(n) } }
    let doubtful = try p.apply(samples(rows, shape: [3, 2, 8]), as: Double.self)
    #expect(words(doubtful).contains("data.layout: channels-first"))
    p.images.layout = .channelsFirst
    let turned = try p.apply(samples(rows, shape: [3, 2, 8]), as: Double.self)
    #expect(turned.train.shape == [2, 8, 3] && !words(turned).contains("layout"))
    // (row 1, column 2, channel 1) was (1, 1, 2).
    #expect(turned.train.inputs[1, (1 * 8 + 2) * 3 + 1] == 100 + Double(1 * 16 + 1 * 8 + 2))
    // Vectors of planes, as CIFAR's.
    p.images.shape = [2, 8, 3]
    #expect(try p.apply(samples(rows), as: Double.self).train.inputs.entries == turned.train.inputs.entries)
    p.images.shape = nil
    #expect(throws: DatasetError.self) { try p.apply(samples(rows), as: Double.self) }
    // What is said to come first, and looks as if it came last.
    #expect(words(try p.apply(samples(rows, shape: [8, 2, 3]), as: Double.self)).contains("and look like"))
    // Channels last look like nothing else.
    p.images.layout = .channelsLast
    #expect(!words(try p.apply(samples(rows, shape: [4, 4, 3]), as: Double.self)).contains("layout"))
}
