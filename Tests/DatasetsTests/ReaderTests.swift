import Datasets
import Foundation
import LinearAlgebra
import TestSupport
import Testing

private func labels(_ raw: RawSamples) -> [Int] {
    guard case .labels(let labels) = raw.targets else { return [] }
    return labels
}

private func targets(_ raw: RawSamples) -> [Double] {
    guard case .values(let targets) = raw.targets else { return [] }
    return targets.entries
}

@Test func csvWithAndWithoutHeader() throws {
    let folder = TestFolder()
    let plain = folder.write("a.csv", "1,2,0\n3.5,-4e-1,1\r\n\n")
    var raw = try CSVReader(path: plain, targets: .lastLabel).read()
    #expect(raw.inputs.entries == [1, 2, 3.5, -0.4] && labels(raw) == [0, 1])
    let named = folder.write("b.csv", "label;a;b\n7; 1 ;2\n-3;3;4")
    raw = try CSVReader(path: named, targets: .firstLabel).read()
    #expect(raw.inputs.entries == [1, 2, 3, 4] && labels(raw) == [7, -3])
    let marked = folder.write("c.csv", [0xEF, 0xBB, 0xBF] + Array("1,2,0\n3,4,1".utf8))
    #expect(try CSVReader(path: marked, targets: .lastLabel).read().inputs.entries == [1, 2, 3, 4])
    raw = try CSVReader(path: plain, targets: .lastTargets(2)).read()
    #expect(raw.inputs.entries == [1, 3.5] && targets(raw) == [2, 0, -0.4, 1])
}

/// Files that NumPy and Python's gzip and struct wrote.
@Test func filesOfOtherPrograms() throws {
    let folder = TestFolder()
    let script = """
        import gzip, struct, numpy as np
        x = np.arange(24).reshape(4, 2, 3); y = np.array([3, 1, 4, 1])
        np.save('x.npy', x.astype('<f4')); np.save('y.npy', y.astype('<i8'))
        np.save('z.npy', np.array([[.5], [1.5], [2.5], [3.5]]))
        np.savez('plain.npz', x=x.astype('<u2'), y=y); np.savez_compressed('packed.npz', x=x / 2, y=y)
        np.save('fortran.npy', np.asfortranarray(np.ones((4, 2)))); np.save('complex.npy', np.ones((4, 2), complex))
        idx = struct.pack('>BBBBIII', 0, 0, 8, 3, 4, 2, 3) + x.astype('u1').tobytes()
        open('x.idx', 'wb').write(idx); gzip.open('x.idx.gz', 'wb').write(idx)
        open('y.idx', 'wb').write(struct.pack('>BBBBI', 0, 0, 8, 1, 4) + y.astype('u1').tobytes())
        open('f.idx', 'wb').write(struct.pack('>BBBBII', 0, 0, 14, 2, 4, 2) + np.arange(8).astype('>f8').tobytes())
        """
    let output = try python(script, folder: folder.path)
    #expect(output.code == 0, "\(output.err)")
    func file(_ name: String) -> String { folder.file(name) }
    let count = (0..<24).map(Double.init)

    var raw = try NPYReader(.files(inputs: file("x.npy"), targets: file("y.npy"))).read()
    #expect(raw.inputs.entries == count && raw.shape == [2, 3] && labels(raw) == [3, 1, 4, 1])
    raw = try NPYReader(.files(inputs: file("x.npy"), targets: file("z.npy"))).read()
    #expect(targets(raw) == [0.5, 1.5, 2.5, 3.5])
    raw = try NPYReader(.archive(path: file("plain.npz"), inputs: "x", targets: "y")).read()
    #expect(raw.inputs.entries == count && labels(raw) == [3, 1, 4, 1])
    raw = try NPYReader(.archive(path: file("packed.npz"), inputs: "x", targets: "y")).read()
    #expect(raw.inputs.entries == count.map { $0 / 2 })
    for images in ["x.idx", "x.idx.gz"] {
        raw = try IDXReader(images: file(images), labels: file("y.idx")).read()
        #expect(raw.inputs.entries == count && raw.shape == [2, 3, 1] && labels(raw) == [3, 1, 4, 1])
    }
    raw = try IDXReader(images: file("f.idx"), labels: file("y.idx")).read()
    #expect(raw.inputs.entries == (0..<8).map(Double.init))
    #expect(throws: DatasetError.self) {
        try NPYReader(.files(inputs: file("fortran.npy"), targets: file("y.npy"))).read()
    }
    #expect(throws: DatasetError.self) {
        try NPYReader(.files(inputs: file("complex.npy"), targets: file("y.npy"))).read()
    }
    #expect(throws: DatasetError.self) {
        try NPYReader(.archive(path: file("plain.npz"), inputs: "q", targets: "y")).read()
    }
}

/// The digits that ship with the project.
@Test func theDigitsAreWhatTheirAttributionSays() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let raw = try CSVReader(
        path: root.appendingPathComponent("datasets/digits/digits.csv.gz").path, targets: .lastLabel
    )
    .read()
    #expect(raw.count == 1797 && raw.shape == [64])
    #expect(Set(labels(raw)) == Set(0...9))
    #expect(raw.inputs.entries.allSatisfy { (0...16).contains($0) && $0 == $0.rounded() })
}
