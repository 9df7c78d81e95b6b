import Console
import Foundation
import HDF5
import TestSupport
import Testing

/// A file that h5py wrote, with `f` open in the script; other files are beside it.
private func foreign(_ folder: TestFolder, _ script: String) throws -> HDF5File {
    let path = folder.file("foreign.h5")
    let output = try python(
        "import h5py, numpy as np, sys\nwith h5py.File(sys.argv[1], 'w') as f:\n"
            + script.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"), [path], folder: folder.path)
    try #require(output.code == 0, "\(output.err)")
    return try HDF5File(reading: path)
}

private func message(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return "no error"
}

@Test func numbersOfAnyKindAreReadRight() throws {
    let folder = TestFolder()
    let file = try foreign(
        folder,
        """
        f['bool'] = np.array([True, False, True])
        f.create_dataset('enum', data=[2, 0, 7], dtype=h5py.enum_dtype({'a': 0, 'b': 2, 'c': 7}, basetype='u1'))
        f.create_dataset('big enum', data=[-2, 300, 7], dtype=h5py.enum_dtype({'a': -2, 'b': 300, 'c': 7}, basetype='>i4'))
        f['half'] = np.array([0.5, -2, 65504], 'f2')
        f['big half'] = np.array([0.5, -2, 6e-8], '>f2')
        f['big float'] = np.array([0.5, -2, 1e30], '>f4')
        f['big double'] = np.array([0.5, -2, 1e300], '>f8')
        f['big int'] = np.array([1, -2, 30000], '>i2')
        f['unsigned'] = np.array([1, 2, 2 ** 64 - 1], 'u8')
        f['matlab'] = np.array([1.0]); f['matlab'].attrs['MATLAB_class'] = np.bytes_('double')
        """)
    let expected: [(String, String, Description.Kind, [Double])] = [
        ("bool", "bool", .integer, [1, 0, 1]), ("enum", "enum of uint8", .integer, [2, 0, 7]),
        ("big enum", "enum of int32", .integer, [-2, 300, 7]), ("half", "float16", .float, [0.5, -2, 65504]),
        ("big half", "float16", .float, [0.5, -2, 5.9604644775390625e-8]),
        ("big float", "float32", .float, [0.5, -2, Double(Float(1e30))]),
        ("big double", "float64", .float, [0.5, -2, 1e300]), ("big int", "int16", .integer, [1, -2, 30000]),
        ("unsigned", "uint64", .integer, [1, 2, 0x1p64]),
    ]
    for (name, type, kind, values) in expected {
        let description = try file.describe(name)
        #expect(description.typeName == type && description.kind == kind && description.absence == nil, "\(name)")
        #expect(try file.read(name, as: Double.self, limit: 3).values == values, "\(name)")
        guard kind == .integer, name != "unsigned" else { continue }
        #expect(try file.read(name, as: Int64.self, limit: 3).values == values.map(Int64.init), "\(name)")
    }
    #expect(try file.hasAttribute("MATLAB_class", of: "matlab"))
    #expect(try !file.hasAttribute("MATLAB_class", of: "half"))
}

@Test func whatIsNoNumberIsRefusedByName() throws {
    let folder = TestFolder()
    let file = try foreign(
        folder,
        """
        f['complex64'] = np.ones(3, 'c8')
        f['compound'] = np.zeros(3, [('a', 'f4'), ('b', 'i4')])
        f['string'] = np.array([b'a', b'b'])
        f.create_dataset('opaque bytes', data=np.array([np.void(b'abc')] * 2))
        f['references'] = np.array([f['string'].ref], dtype=h5py.ref_dtype)
        f.create_dataset('lists', (1,), dtype=h5py.vlen_dtype('i4'))[0] = [1, 2]
        f['fixed arrays'] = np.zeros(2, [('a', 'f4', 3)])['a'].view([('v', '(3,)f4')])
        del f['fixed arrays']; f.create_dataset('fixed arrays', (2,), np.dtype('(3,)f4'))[...] = np.zeros((2, 3))
        """)
    for name in ["complex64", "compound", "string", "opaque bytes", "references", "lists", "fixed arrays"] {
        #expect(
            message { _ = try file.read(name, as: Double.self, limit: 100) }
                == "\(folder.file("foreign.h5")): \(name): expected numbers, found \(name)")
    }
}

/// Values that are not in the file, or not all of them, are not made up.
@Test func onlyValuesOfTheFileAreRead() throws {
    let folder = TestFolder()
    let file = try foreign(
        folder,
        """
        with h5py.File('other.h5', 'w') as other: other['x'] = np.ones((4, 3))
        layout = h5py.VirtualLayout((4, 3), 'f8')
        layout[:] = h5py.VirtualSource('other.h5', 'x', (4, 3))
        f.create_virtual_dataset('virtual', layout)
        open('raw', 'wb').write(bytes(96))
        f.create_dataset('external', (4, 3), 'f8', external=[('raw', 0, 96)])
        f.create_dataset('never', (4, 3))
        f.create_dataset('never chunked', (4, 3), chunks=(2, 3))
        f.create_dataset('part', (4, 3), chunks=(2, 3), compression='gzip')[:2] = 1
        f.create_dataset('whole', (5, 3), chunks=(2, 2), compression='gzip')[...] = 1
        f.create_dataset('compact', data=1.0)
        f['nothing'] = h5py.Empty('f4')
        f['no rows'] = np.zeros((0, 3))
        """)
    for (name, words) in [
        ("virtual", "virtual dataset"), ("external", "external storage"), ("never", "was never written"),
        ("never chunked", "was never written"), ("part", "was written in part"), ("nothing", "is empty"),
    ] {
        let found = message { _ = try file.read(name, as: Double.self, limit: 100) }
        #expect(found.hasPrefix("\(folder.file("foreign.h5")): \(name): ") && found.contains(words), "\(found)")
        #expect(found.contains("h5repack -l CONTI") == ["virtual", "external", "part"].contains(name), "\(found)")
    }
    #expect(try file.read("whole", as: Double.self, limit: 15).values == [Double](repeating: 1, count: 15))
    #expect(try file.read("compact", as: Double.self, limit: 1).values == [1])
    #expect(try file.read("no rows", as: Double.self, limit: 0).shape == [0, 3])
    // What the message says helps.
    let repacked = try run(
        "/usr/bin/env", ["h5repack", "-l", "CONTI", "foreign.h5", "plain.h5"], folder: folder.path)
    #expect(repacked.code == 0, "\(repacked.err)")
    let plain = try HDF5File(reading: folder.file("plain.h5"))
    #expect(try plain.read("virtual", as: Double.self, limit: 12).values == [Double](repeating: 1, count: 12))
    #expect(try plain.read("external", as: Double.self, limit: 12).values.allSatisfy { $0 == 0 })
    #expect(try plain.read("part", as: Double.self, limit: 12).values.reduce(0, +) == 6)
}

/// Wherever on a path they are; the files they name exist.
@Test func linksToOtherFilesAreNotFollowed() throws {
    let folder = TestFolder()
    let file = try foreign(
        folder,
        """
        with h5py.File('other.h5', 'w') as other: other['g/x'] = np.ones(3); other['x'] = np.ones(3)
        f['x'] = np.zeros(3)
        f['direct'] = h5py.ExternalLink('other.h5', '/x')
        f['group'] = h5py.ExternalLink('other.h5', '/g')
        f['soft'] = h5py.SoftLink('/group/x')
        f['softer'] = h5py.SoftLink('soft')
        f['same'] = h5py.ExternalLink('foreign.h5', '/x')
        f['dangling'] = h5py.SoftLink('/nowhere')
        f['one'] = h5py.SoftLink('/two'); f['two'] = h5py.SoftLink('/one')
        f['fine'] = h5py.SoftLink('/x')
        """)
    let start = "\(folder.file("foreign.h5")): "
    for name in ["/direct", "/group/x", "/soft", "/softer", "/same"] {
        let found = message { _ = try file.read(name, as: Double.self, limit: 3) }
        #expect(found.hasPrefix(start + name) && found.contains("is an external link to"), "\(found)")
        #expect(!file.contains(name))
    }
    #expect(
        message { _ = try file.describe("/softer") }
            == "\(start)/softer: is a soft link to soft: /soft is a soft link to /group/x: /group is an external link to "
            + "other.h5:/g, which is not followed; h5copy copies what it leads to into this file")
    #expect(
        message { _ = try file.describe("/dangling") }
            == "\(start)/dangling: is a soft link to /nowhere: /nowhere is missing")
    #expect(message { _ = try file.describe("/one") }.contains("is a soft link to /two"))
    #expect(try file.read("fine", as: Double.self, limit: 3).values == [0, 0, 0])
    #expect(file.link("/direct") == .external(target: "other.h5:/x"))
    #expect(file.link("/soft") == .soft(target: "/group/x") && file.link("/x") == .hard && file.link("/q") == nil)
}

@Test func aMissingFilterIsNamed() throws {
    let folder = TestFolder()
    let file = try foreign(folder, "f.create_dataset('x', data=np.ones(100), chunks=True, compression='lzf')")
    #expect(message { _ = try file.read("x", as: Double.self, limit: 100) }.contains("required filter 'lzf'"))
}
