import Datasets
import Foundation
import LinearAlgebra
import TestSupport
import Testing

private let files = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Files").path

/// Everything that a source holds.
private func all(_ source: any SampleSource) -> RawSamples { source.selecting(Array(0..<source.count)) }

/// Value (n, y, x, c) of 32x32x3 images, as `make_svhn.py` and the script below write them.
private func pixel(_ n: Int, _ y: Int, _ x: Int, _ c: Int) -> Double {
    let byte: Int = 3 * y + 5 * x + 7 * c + 11 * n
    return Double(byte % 256) / 255
}

private func hasTheRightPixels(_ raw: RawSamples, from first: Int = 0) -> Bool {
    guard raw.shape == [32, 32, 3] else { return false }
    return (0..<raw.inputs.count).allSatisfy { i in
        let expected = pixel(first + i / 3072, i / 96 % 32, i / 3 % 32, i % 3)
        return raw.inputs.base[i] == expected
    }
}

/// Files that scipy wrote, compressed and not.
@Test func svhnFilesOfScipy() throws {
    let packed = try SVHNReader(path: files + "/packed.mat").read()
    #expect(packed.labels == (0..<12).map { ($0 % 10 + 1) % 10 })
    #expect(hasTheRightPixels(all(packed)))
    #expect(hasTheRightPixels(packed.selecting([5]), from: 5))
    let plain = try SVHNReader(path: files + "/plain.mat").read()
    #expect(plain.labels == [1] && hasTheRightPixels(all(plain)))
}

@Test(arguments: [
    ("labels.mat", "labels from 0 to 10, found 77"), ("gray.mat", "shape [32, 32, 3, n]"),
    ("nox.mat", "an array named X"),
])
func otherMATLABFilesAreRefused(file: String, words: String) {
    let error = #expect(throws: DatasetError.self) { try SVHNReader(path: files + "/" + file).read() }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
}

/// Many lengths that the file can be cut to, and bits of it flipped in turn: an error each time, or the same
/// images where the change lies in what is not read (the checksum covers what is).
@Test func damagedMATLABFilesAreRefused() throws {
    let folder = TestFolder()
    let whole = try [UInt8](Data(contentsOf: URL(fileURLWithPath: files + "/packed.mat")))
    let original = all(try SVHNReader(path: files + "/packed.mat").read())
    var refused = 0
    for length in stride(from: 0, to: whole.count, by: 37) {
        let path = folder.write("cut.mat", Array(whole.prefix(length)))
        #expect(throws: DatasetError.self) { try SVHNReader(path: path).read() }
    }
    for position in stride(from: 124, to: whole.count, by: 5) {
        var flipped = whole
        flipped[position] ^= UInt8(1 << (position % 8))
        let path = folder.write("flipped.mat", flipped)
        do {
            let read = all(try SVHNReader(path: path).read())
            #expect(read.inputs.entries == original.inputs.entries && read.labels == original.labels)
        } catch is DatasetError {
            refused += 1
        }
    }
    #expect(refused > 100)
    // A tag that claims four gigabytes of compressed data.
    var claiming = whole
    claiming.replaceSubrange(132..<136, with: [0xFF, 0xFF, 0xFF, 0xFF])
    let error = #expect(throws: DatasetError.self) {
        try SVHNReader(path: folder.write("claim.mat", claiming)).read()
    }
    #expect(error?.description.contains("expected 4294967295 bytes") == true, "\(error?.description ?? "")")
}

/// Folders of the published data sets, with the official names, as Python's struct and gzip write them.
private func published() throws -> TestFolder {
    let folder = TestFolder()
    let script = """
        import gzip, os, struct
        def plane(n, c): return bytes((3 * y + 5 * x + 7 * c + 11 * n) % 256 for y in range(32) for x in range(32))
        def image(n): return b''.join(plane(n, c) for c in range(3))
        def put(path, data):
            os.makedirs(os.path.dirname(path), exist_ok=True); open(path, 'wb').write(data)
        for b in range(5):
            put(f'cifar-10/data_batch_{b + 1}.bin', b''.join(bytes([n % 10]) + image(n) for n in range(2 * b, 2 * b + 2)))
        put('cifar-10/test_batch.bin.gz', gzip.compress(bytes([7]) + image(3)))
        put('cifar-100/cifar-100-binary/train.bin', b''.join(bytes([n, 99 - n]) + image(n) for n in range(4)))
        put('cifar-100/cifar-100-binary/test.bin', bytes([19, 42]) + image(0))
        idx = lambda *shape: struct.pack('>BBBB', 0, 0, 8, len(shape)) + struct.pack(f'>{len(shape)}I', *shape)
        pixels = bytes(range(24))
        for name in ('mnist', 'fashion-mnist'):
            put(f'{name}/train-images-idx3-ubyte.gz', gzip.compress(idx(2, 3, 4) + pixels))
            put(f'{name}/train-labels-idx1-ubyte', idx(2) + bytes([5, 9]))
        """
    let output = try python(script, folder: folder.path)
    #expect(output.code == 0, "\(output.err)")
    return folder
}

@Test func publishedDataSetsAreFoundUnderTheirNames() throws {
    let folder = try published()
    func read(_ dataset: KnownDataset?, _ part: KnownDataset.Part) throws -> any SampleSource {
        try #require(dataset).read(part, folder: folder.path)
    }
    let cifar10 = KnownDataset.named("cifar-10")
    #expect(hasTheRightPixels(all(try read(cifar10, .train))))
    #expect(try read(cifar10, .train).labels == Array(0..<10))
    #expect(try read(cifar10, .test).labels == [7] && hasTheRightPixels(all(read(cifar10, .test)), from: 3))
    #expect(try read(KnownDataset.named("cifar-100"), .train).labels == [99, 98, 97, 96])
    #expect(try read(KnownDataset.coarseCIFAR100, .train).labels == [0, 1, 2, 3])
    #expect(hasTheRightPixels(all(try read(KnownDataset.coarseCIFAR100, .train))))
    for name in ["mnist", "fashion-mnist"] {
        let raw = all(try read(KnownDataset.named(name), .train))
        #expect(raw.inputs.entries == (0..<24).map { Double($0) / 255 } && raw.shape == [3, 4, 1])
        #expect(raw.labels == [5, 9])
        let error = #expect(throws: DatasetError.self) { try read(KnownDataset.named(name), .test) }
        #expect(error?.description.contains("\(name)/t10k-images-idx3-ubyte: is missing") == true)
    }
    #expect(KnownDataset.named("mnist")?.status(.train, folder: folder.path).map(\.isPresent) == [true, true])
    #expect(KnownDataset.named("mnist")?.status(.test, folder: folder.path).map(\.isPresent) == [false, false])
}

/// What is done to a file, and what the refusal has to say.
@Test(arguments: [
    ("cifar-10", "data_batch_2.bin", "open(p, 'ab').write(b'x')", "records of 3073 bytes, found 6147"),
    ("cifar-10", "data_batch_2.bin", "open(p, 'r+b').truncate(3000)", "records of 3073 bytes, found 3000"),
    ("cifar-10", "data_batch_2.bin", "open(p, 'r+b').truncate(0)", "found 0 bytes"),
    ("cifar-10", "data_batch_2.bin", "f = open(p, 'r+b'); f.seek(3073); f.write(bytes([10]))", "record 1 (from 0)"),
    ("cifar-10", "data_batch_2.bin", "open(p, 'wb').truncate(50001 * 3073)", "at most 50,000 records"),
    ("cifar-100", "cifar-100-binary/train.bin", "f = open(p, 'r+b'); f.seek(1); f.write(bytes([100]))", "0 to 99"),
    ("mnist", "train-images-idx3-ubyte.gz", "open(p, 'r+b').truncate(40)", "train-images"),
    ("mnist", "train-images-idx3-ubyte.gz", "f = open(p, 'r+b'); f.seek(20); f.write(b'zzzz')", "damaged gzip"),
    ("mnist", "train-labels-idx1-ubyte", "open(p, 'ab').write(b'x')", "more bytes than its shape"),
    ("mnist", "train-labels-idx1-ubyte", "f = open(p, 'r+b'); f.seek(4); f.write(b'\\xff' * 4)", "cut off"),
    ("mnist", "train-labels-idx1-ubyte", "f = open(p, 'r+b'); f.seek(2); f.write(bytes([13]))", "cut off"),
])
func damagedDataSetsAreRefused(name: String, file: String, change: String, words: String) throws {
    let folder = try published()
    let changed = try python("p = '\(name)/\(file)'\n" + change, folder: folder.path)
    #expect(changed.code == 0, "\(changed.err)")
    let error = #expect(throws: DatasetError.self) {
        try KnownDataset.named(name)?.read(.train, folder: folder.path)
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
}

@Test func imagesAreChangedAsAsked() throws {
    let folder = try published()
    let cifar = try #require(KnownDataset.named("cifar-10")).read(.train, folder: folder.path)
    var p = Preprocessing()
    p.images.isGrayscale = true
    p.images.averagePool = 5
    p.trainCount = 2
    let prepared = try p.apply(cifar, as: Double.self)
    let (train, test) = (prepared.train, prepared.test)
    #expect(train.shape == [6, 6, 1] && test == nil)
    var mean = 0.0
    for y in 5..<10 {
        for x in 10..<15 {
            let color = (0..<3).map { pixel(1, y, x, $0) }
            mean += (0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2]) / 25
        }
    }
    #expect(abs(train.inputs[1, 6 + 2] - mean) < 1e-14)
    p = Preprocessing()
    p.normalization = .standardizeChannels
    p.testCount = 1
    let other = try #require(KnownDataset.named("cifar-10")).read(.test, folder: folder.path)
    let samples = try p.apply(cifar, test: other, as: Double.self)
    #expect(samples.train.count == 10 && samples.test?.count == 1 && samples.test?.labels == [7])
    for c in 0..<3 {
        let values = stride(from: c, to: samples.train.inputs.count, by: 3).map { samples.train.inputs.base[$0] }
        let mean = values.reduce(0, +) / Double(values.count)
        #expect(abs(mean) < 1e-12 && abs(values.reduce(0) { $0 + $1 * $1 } / Double(values.count) - 1) < 1e-12)
    }
    p.testCount = 2
    #expect(throws: DatasetError.self) { try p.apply(cifar, test: other, as: Double.self) }
}

/// Test files of other images, or with labels that the training files do not have.
@Test func trainingAndTestSamplesHaveToMatch() throws {
    func samples(_ shape: [Int], _ labels: [Int]) -> RawSamples {
        RawSamples(
            inputs: MatrixBuffer<Double>(
                labels.count, shape.reduce(1, *), (0..<(labels.count * shape.reduce(1, *))).map { Double($0) }),
            shape: shape, targets: .labels(labels))
    }
    var p = Preprocessing()
    p.testCount = 2
    let train = samples([2, 2, 1], [0, 1, 0, 1])
    #expect(try p.apply(train, test: samples([2, 2, 1], [1, 0]), as: Float.self).test?.labels == [1, 0])
    for (test, words) in [(samples([3, 3, 1], [0, 1]), "shape [2, 2, 1]"), (samples([2, 2, 1], [0, 7]), "label 7")] {
        let error = #expect(throws: DatasetError.self) { try p.apply(train, test: test, as: Float.self) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
}
