import Datasets
import LinearAlgebra
import TestSupport
import Testing

/// Arrays as NumPy writes them, the key that says what they are, and what they are taken as: K classes, or targets.
private let arrays: [(targets: String, kind: TargetKind?, classes: Int?, words: String)] = [
    ("np.arange(6) % 3", nil, 3, "3 classes: 0 1 2, from int64 [6]"),
    ("(np.arange(6) % 3).reshape(6, 1)", nil, 3, "from int64 [6, 1]"),
    ("(np.arange(6) % 2).reshape(6, 1).astype('u1')", nil, 2, "from uint8 [6, 1]"),
    ("(np.arange(6) % 2).reshape(6, 1).astype(bool)", nil, 2, "from bool [6, 1]"),
    ("(np.arange(6) % 3).astype('u8')", nil, 3, "from uint64 [6]"),
    ("(np.arange(6) % 3).astype('f4')", nil, 3, "from float32 [6]"),
    ("np.eye(3)[np.arange(6) % 3]", nil, 3, "one-hot rows [6, 3]"),
    ("np.eye(3, dtype=bool)[np.arange(6) % 3]", nil, 3, "one-hot rows"),
    ("np.eye(3)[np.arange(6) % 3]", .values, nil, "3 real targets a sample"),
    ("np.arange(6) % 3", .values, nil, "1 real target a sample, int64 [6]"),
    ("(np.arange(6) % 3).reshape(6, 1)", .values, nil, "int64 [6, 1]"),
    ("(np.arange(6) % 3).reshape(6, 1) * 1.0", nil, nil, "all of them integers: data.labels: classes"),
    ("(np.arange(6) % 3).reshape(6, 1) * 1.0", .classes, 3, "from float64 [6, 1]"),
    ("np.linspace(0, 1, 6).reshape(6, 1)", nil, nil, "1 real target a sample, float64 [6, 1]"),
    ("np.ones((6, 2))", nil, nil, "2 real targets a sample"),
    ("np.array([-1, 1, -1, 1, 1, 1])", nil, 2, "-1 1"),
    ("np.arange(6) % 2 - (1 << 53) + 1", nil, 2, "from int64 [6]"),
    ("np.arange(6)", nil, 6, "hardly two samples share one; data.labels: values"),
]

@Test(arguments: arrays.indices) func answersAreWhatTheirKeyOrTheirTypeSays(index: Int) throws {
    let (targets, kind, classes, words) = arrays[index]
    let folder = TestFolder()
    let script = "import numpy as np; np.savez('a.npz', x=np.ones((6, 2)), y=\(targets))"
    #expect(try python(script, folder: folder.path).code == 0)
    let raw = try NPYReader(.archive(path: folder.file("a.npz"), inputs: "x", targets: "y"), as: kind).read()
    switch raw.targets {
    case .labels(let labels): #expect(Set(labels).count == classes)
    case .values(let targets): #expect(classes == nil && targets.rows == 6)
    }
    #expect(raw.remarks.count == 1 && raw.remarks[0].text.contains(words), "\(raw.remarks)")
}

@Test(arguments: [
    ("np.linspace(0, 1, 6)", TargetKind?.none, "data.labels: values"),
    ("np.arange(6) + (1 << 60)", nil, "integer label"), ("np.ones((6, 2))", .classes, "single 1"),
    ("np.ones((6, 2, 1))", nil, "[6, 2, 1]"), ("np.ones((1, 6))", nil, "[1, 6]"),
    ("np.array([0, 1, 2, 0, 1, np.nan])", nil, "nan"),
])
func answersThatCannotBeWhatTheyAreSaidToBeAreRefused(targets: String, kind: TargetKind?, word: String) throws {
    let folder = TestFolder()
    let script = "import numpy as np; np.save('x.npy', np.ones((6, 2))); np.save('y.npy', \(targets))"
    #expect(try python(script, folder: folder.path).code == 0)
    let error = #expect(throws: DatasetError.self) {
        try NPYReader(.files(inputs: folder.file("x.npy"), targets: folder.file("y.npy")), as: kind).read()
    }
    #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
}

/// Shapes whose product is 0, and in another order beyond all numbers.
@Test func forgedShapesAreRefused() throws {
    let folder = TestFolder()
    let script = """
        import struct, h5py, numpy as np
        with open('x.npy', 'wb') as f:
            np.lib.format.write_array_header_1_0(f, {'descr': '<f8', 'fortran_order': False, 'shape': (0, 2**32, 2**32)})
        open('x.idx', 'wb').write(struct.pack('>BBBBIIII', 0, 0, 8, 4, 0, 2**32 - 1, 2**32 - 1, 2**32 - 1))
        with h5py.File('x.h5', 'w') as f:
            f.create_dataset('x', (0, 2**32, 2**32)); f['y'] = np.zeros(0, int)
        np.save('y.npy', np.arange(6) % 2); np.save('e.npy', np.zeros((0, 3)))
        """
    #expect(try python(script, folder: folder.path).code == 0)
    func file(_ name: String) -> String { folder.file(name) }
    for read in [
        { try NPYReader(.files(inputs: file("x.npy"), targets: file("y.npy"))).read() },
        { try NPYReader(.files(inputs: file("e.npy"), targets: file("y.npy"))).read() },
        { try IDXReader(images: file("x.idx"), labels: file("x.idx")).read() },
        { try HDF5Reader(path: file("x.h5")).read() },
        { try HDF5Reader(path: file("x.h5"), isTransposed: true).read() },
    ] { #expect(throws: (any Error).self) { try read() } }
}

/// Files that unpack to far more than their size.
@Test func bombsAreRefusedWhereTheyBegin() throws {
    let folder = TestFolder()
    let script = """
        import gzip, io, numpy as np, zipfile
        for name, piece in [('zeros', b'\\0' * 10**6), ('lines', b'1,2,0\\n' * 10**6), ('blank', b'\\n' * 10**6)]:
            with gzip.open(name + '.csv.gz', 'wb', 9) as f:
                for _ in range(150): f.write(piece)
        head = io.BytesIO(); np.lib.format.write_array_header_1_0(head, {'descr': '|u1', 'fortran_order': False, 'shape': (300, 1000000)})
        with zipfile.ZipFile('bomb.npz', 'w', zipfile.ZIP_DEFLATED) as z:
            with z.open('x.npy', 'w') as f:
                f.write(head.getvalue())
                for _ in range(300): f.write(b'\\0' * 10**6)
            with z.open('y.npy', 'w') as f:
                b = io.BytesIO(); np.save(b, np.arange(300) % 2); f.write(b.getvalue())
        # A header that claims more than there is.
        with zipfile.ZipFile('liar.npz', 'w', zipfile.ZIP_DEFLATED) as z:
            with z.open('x.npy', 'w') as f:
                head = io.BytesIO(); np.lib.format.write_array_header_1_0(head, {'descr': '<f8', 'fortran_order': False, 'shape': (1000, 1000)})
                f.write(head.getvalue() + b'abc')
            with z.open('y.npy', 'w') as f: f.write(b.getvalue())
        import h5py
        with h5py.File('bomb.h5', 'w') as f:
            f.create_dataset('x', data=np.zeros((2000, 10000)), chunks=(1000, 10000), compression='gzip')
            f['y'] = np.arange(2000) % 2
        idx = bytes([0, 0, 8, 3, 0, 0, 1, 44, 0, 0, 3, 232, 0, 0, 3, 232])
        with gzip.open('bomb.idx.gz', 'wb') as f:
            f.write(idx)
            for _ in range(300): f.write(b'\\0' * 10**6)
        """
    let made = try python(script, folder: folder.path)
    #expect(made.code == 0, "\(made.err)")
    func refusal(_ read: () throws -> RawSamples) -> String {
        (#expect(throws: DatasetError.self) { try read() })?.description ?? ""
    }
    for name in ["lines", "blank"] {
        let text = refusal { try CSVReader(path: folder.file(name + ".csv.gz"), targets: .lastLabel).read() }
        #expect(text.contains("unpacks to more than"), "\(text)")
    }
    #expect(
        refusal { try CSVReader(path: folder.file("zeros.csv.gz"), targets: .lastLabel).read() }.contains("no text"))
    let bomb = refusal { try NPYReader(.archive(path: folder.file("bomb.npz"), inputs: "x", targets: "y")).read() }
    #expect(bomb.contains("x: unpacks to more than"), "\(bomb)")
    let liar = refusal { try NPYReader(.archive(path: folder.file("liar.npz"), inputs: "x", targets: "y")).read() }
    #expect(liar.contains("cut off"), "\(liar)")
    let hdf5 = refusal { try HDF5Reader(path: folder.file("bomb.h5")).read() }
    #expect(hdf5.contains("x: unpacks to more than"), "\(hdf5)")
    let idx = refusal { try IDXReader(images: folder.file("bomb.idx.gz"), labels: "none").read() }
    #expect(idx.contains("unpacks to more than"), "\(idx)")
}

@Test func matlabsAxesAreNamedAndTurned() throws {
    let folder = TestFolder()
    let script = """
        import h5py, numpy as np
        x = np.arange(24.).reshape(6, 2, 2); y = (np.arange(6) % 2).reshape(6, 1) * 1.
        for name, (a, b) in {'thin.mat': (x, y), 'square.mat': (x[:, :, 0], y)}.items():
            with h5py.File(name, 'w') as f:
                for key, array in [('x', a), ('y', b)]:
                    f[key] = array.T
                    f[key].attrs['MATLAB_class'] = np.bytes_('double')
        with h5py.File('even.mat', 'w') as f:
            f['x'] = np.ones((6, 6)); f['y'] = np.arange(6) % 2; f['x'].attrs['MATLAB_class'] = np.bytes_('double')
        """
    #expect(try python(script, folder: folder.path).code == 0)
    for (name, shape) in [("thin.mat", [2, 2]), ("square.mat", [2])] {
        let path = folder.file(name)
        let error = #expect(throws: DatasetError.self) { try HDF5Reader(path: path).read() }
        #expect(error?.description.contains("data.transpose: true") == true)
        let raw = try HDF5Reader(path: path, as: .classes, isTransposed: true).read()
        let values = shape.count == 2 ? (0..<24).map(Double.init) : stride(from: 0, to: 24, by: 2).map(Double.init)
        #expect(raw.shape == shape && raw.inputs.entries == values && raw.labels == [0, 1, 0, 1, 0, 1])
    }
    let doubtful = try HDF5Reader(path: folder.file("even.mat")).read()
    #expect(doubtful.remarks.contains { $0.isWarning && $0.text.contains("data.transpose") })
}
