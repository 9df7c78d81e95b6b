import Console
import Foundation
import TestSupport
import Testing

private let config = """
    name: small
    data: {source: sphere, samples: 8, dimension: 3, class_count: 2}
    model: {width: 2, depth: 1, parametrization: standard, initialize_from: w}
    training: {learning_rate: 0.1, stop: {steps: 1}}
    """

private let first = #""0.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}"#
private let second = #""2.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[24,40]}"#
private let numbers = (0..<10).flatMap { i in withUnsafeBytes(of: Float(i + 1)) { Array($0) } }

/// A safetensors file with a header as it is given; `length` is what the file claims of it.
private func safetensors(_ header: String, _ data: [UInt8] = numbers, length: UInt64? = nil) -> [UInt8] {
    withUnsafeBytes(of: length ?? UInt64(header.utf8.count)) { Array($0) } + Array(header.utf8) + data
}

private func changed(_ old: String, _ new: String) -> [UInt8] {
    safetensors("{\(first),\(second)}".replacing(old, with: new))
}

private func with(_ value: Float) -> [UInt8] {
    safetensors("{\(first),\(second)}", Array(numbers.dropLast(4)) + withUnsafeBytes(of: value) { Array($0) })
}

private let sound = safetensors("{\(first),\(second)}")

/// Files of weights with one thing wrong, and the words that their message needs.
private let badFiles: [(name: String, bytes: [UInt8], words: [String])] = [
    ("empty", [], ["empty file"]), ("text", Array("a,b,c\n1,2,3\n".utf8), ["safetensors, NPZ", "something else"]),
    ("a pickle", [0x80, 2, 0x8A, 10], ["pickle", "save_file"]),
    ("cut off in the header", Array(sound.prefix(40)), ["cut off", "header"]),
    ("cut off in the numbers", sound.dropLast(1), ["2.weight", "cut off", "40", "39"]),
    ("too many numbers", sound + [0], ["40 bytes of numbers", "found 41"]),
    ("a huge header", safetensors("{\(first)}", length: 1 << 40), ["100000000", "1099511627776"]),
    ("the largest header", safetensors("{\(first)}", length: .max), ["100000000", "18446744073709551615"]),
    ("a header of 99 MB", safetensors("{\(first)}", length: 99_000_000), ["cut off", "99000000"]),
    ("no JSON", safetensors("{,}"), ["header", "byte 1"]), ("no object", safetensors("{\"a\":[]} x"), ["header"]),
    ("levels", safetensors("{\"a\":" + String(repeating: "[", count: 200_000)), ["levels"]),
    ("no UTF-8", safetensors("{\"", [0xFF, 0xFE, 0x22], length: 5), ["UTF-8"]),
    ("half a pair", safetensors(#"{"\ud800":1}"#), ["surrogates"]),
    ("a key twice", safetensors("{\(first),\(first)}"), ["0.weight", "twice"]),
    (
        "a field twice", changed(#""dtype":"F32","shape":[2,3]"#, #""dtype":"F32","dtype":"F32","shape":[2,3]"#),
        ["dtype", "twice"]
    ),
    ("metadata of numbers", changed("{\"0", #"{"__metadata__":{"a":1},"0"#), ["__metadata__", "texts"]),
    ("no shape", changed(#""shape":[2,3],"#, ""), ["0.weight", "shape"]),
    ("a negative shape", changed("[2,3]", "[-2,-3]"), ["header", "whole number"]),
    (
        "a shape that overflows", changed("[2,3]", "[4611686018427387903,4611686018427387903]"),
        ["0.weight", "data_offsets"]
    ),
    ("a number that overflows", changed("[2,3]", "[99999999999999999999,3]"), ["99999999999999999999"]),
    ("a broken number", changed("[2,3]", "[2.0,3]"), ["header"]),
    ("overlapping", changed("[24,40]", "[20,36]"), ["2.weight", "overlap"]),
    (
        "a hole", safetensors("{\(first),\(second.replacing("[24,40]", with: "[28,44]"))}", numbers + [0, 0, 0, 0]),
        ["hole"]
    ),
    ("backwards", changed("[24,40]", "[40,24]"), ["2.weight", "data_offsets"]),
    ("of another length", changed("[24,40]", "[24,44]"), ["2.weight", "20 bytes"]),
    ("beyond the file", changed("[0,24]", "[4611686018427387800,4611686018427387824]"), ["hole"]),
    ("another type", changed(#""F32","shape":[2,3]"#, #""I32","shape":[2,3]"#), ["0.weight", "I32", "float32"]),
    (
        "half precision",
        safetensors(
            "{\(first.replacing("F32", with: "BF16").replacing("24", with: "12")),\(second.replacing("[24,40]", with: "[12,28]"))}",
            Array(numbers.prefix(28))), ["BF16", "save it"]
    ),
    ("an unknown type", changed(#""F32","shape":[2,3]"#, #""F33","shape":[2,3]"#), ["F33"]),
    ("another shape", changed("[2,3]", "[3,2]"), ["0.weight", "W1", "expected shape [2, 3], found [3, 2]"]),
    ("a flat shape", changed("[2,3]", "[6]"), ["expected shape [2, 3], found [6]"]),
    ("another name", changed("2.weight", "1.weight"), ["lacks 2.weight", "has 1.weight", "names"]),
    ("none", safetensors("{}", []), ["lacks 0.weight, 2.weight"]),
    ("one missing", safetensors("{\(first)}", Array(numbers.prefix(24))), ["lacks 2.weight"]),
    (
        "one too many",
        safetensors(#"{\#(first),\#(second),"2.bias":{"dtype":"F32","shape":[0],"data_offsets":[40,40]}}"#),
        ["has 2.bias"]
    ),
    ("not a number", with(.nan), ["2.weight", "nan", "finite"]), ("infinite", with(-.infinity), ["-inf", "finite"]),
    ("no zip", [0x50, 0x4B, 3, 4] + sound, ["NPZ"]),
    ("no HDF5", [0x89] + Array("HDF\r\n\u{1A}\n".utf8) + sound, ["checkpoint"]),
]

@Test func soundWeightsAreTaken() throws {
    let lab = Lab(config)
    _ = lab.folder.write("w", sound)
    let output = try lab.call(["train", "config.yaml", "--dry-run"])
    #expect(output.code == 0 && output.out.contains("safetensors, F32, 2 tensors"), "\(output)")
    let trained = try lab.train(["training.stop.steps=0"])
    #expect(trained.output.code == 0, "\(trained.output.err)")
    let read = try python(
        "import h5py, sys; p = h5py.File(sys.argv[1])['parameters']; print(p['W1/weight'][()].tolist(), p['output/weight'][()].tolist())",
        [trained.path + "/initial.h5"])
    #expect(read.out == "[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]] [[7.0, 8.0], [9.0, 10.0]]\n", "\(read)")
}

@Test(arguments: badFiles) func badWeightsAreOneMessage(file: (name: String, bytes: [UInt8], words: [String])) throws {
    let lab = Lab(config)
    _ = lab.folder.write("w", file.bytes)
    for arguments in [["--dry-run"], ["--quiet"]] {
        let output = try lab.call(["train", "config.yaml"] + arguments)
        let errors = output.err.split(separator: "\n").filter { $0.hasPrefix("error:") }
        #expect(output.code == 2 && errors.count == 1, "\(file.name): \(output)")
        for word in file.words { #expect(output.err.contains(word), "\(file.name): \(word) in \(output.err)") }
    }
    #expect(!FileManager.default.fileExists(atPath: lab.folder.file("runs")))
}

/// Archives that NumPy or torch made, and places where no file is.
@Test func badArchivesAndPlacesAreOneMessage() throws {
    let lab = Lab(config)
    let made = try python(
        """
        import h5py, numpy as np, zipfile
        a, b = np.ones((2, 3), 'f4'), np.ones((2, 2), 'f4')
        def save(name, **arrays): np.savez(name, **arrays)
        save('half.npz', **{'0.weight': a.astype('f2'), '2.weight': b})
        save('whole.npz', **{'0.weight': a.astype('i8'), '2.weight': b})
        save('fortran.npz', **{'0.weight': np.asfortranarray(a), '2.weight': b})
        save('nan.npz', **{'0.weight': a * np.nan, '2.weight': b})
        save('large.npz', **{'0.weight': a.astype('f8') * 1e300, '2.weight': b})
        save('object.npz', **{'0.weight': np.array([None]), '2.weight': b})
        save('shape.npz', **{'0.weight': a.T.copy(), '2.weight': b})
        save('good.npz', **{'0.weight': a, '2.weight': b})
        data = open('good.npz', 'rb').read()
        open('cut.npz', 'wb').write(data[:len(data) // 2])
        with zipfile.ZipFile('torch.npz', 'w') as z: z.writestr('archive/data.pkl', b'x')
        with zipfile.ZipFile('twice.npz', 'w') as z:
            import warnings; warnings.simplefilter('ignore')
            for i in range(2): z.writestr('0.weight.npy', b'x')
        with h5py.File('theirs.h5', 'w') as f: f['parameters/W1/weight'] = a
        """, folder: lab.folder.path)
    #expect(made.code == 0, "\(made.err)")
    let cases: [(String, String)] = [
        ("half.npz", "<f2"), ("whole.npz", "found int64"), ("fortran.npz", "Fortran order"), ("nan.npz", "nan"),
        ("large.npz", "1e+300, expected a finite number of float32"), ("object.npz", "|O"),
        ("shape.npz", "expected shape [2, 3], found [3, 2]"), ("cut.npz", "sound NPZ"), ("torch.npz", "torch.save"),
        ("twice.npz", "twice"), ("theirs.h5", "no checkpoint of this program"), (".", "without checkpoints"),
        ("none.npz", "No such file"), ("none", "no such run"), ("/dev/null", "found a device"), ("''", "path"),
        ("{path: good.npz, scales: fold}", "as-trained, folded"), ("{path: good.npz, name: {}}", "did you mean names"),
        ("{path: good.npz, names: {W9: 0.weight}}", "no tensor W9: there are W1, output"),
        ("{path: good.npz, names: {W1: 2.weight}}", "two tensors are to be 2.weight"),
        ("{path: good.npz, names: [W1]}", "names by tensor"), ("{path: good.npz, digest: abc}", "expected digest abc"),
        ("{scales: folded}", "path: is missing"), ("[good.npz]", "keys and values"),
    ]
    for (place, message) in cases {
        let output = try lab.call(["train", "config.yaml", "--dry-run", "--set", "model.initialize_from=\(place)"])
        #expect(output.code == 2 && output.err.contains(message), "\(place): \(output)")
    }
    let good = try lab.call(["train", "config.yaml", "--dry-run", "--set", "model.initialize_from=good.npz"])
    #expect(good.code == 0, "\(good.err)")
    let wide = try lab.call(
        ["train", "config.yaml", "--dry-run", "--set", "model.initialize_from=good.npz", "--set", "model.width=3"])
    #expect(wide.code == 2 && wide.err.contains("expected shape [3, 3], found [2, 3]"), "\(wide.err)")
}

/// Cells of a sweep begin from the file as it was when the sweep did.
@Test func sweepsBeginFromOneFile() throws {
    let lab = Lab(config + "\nsweep: {axes: {seed: 0..1}}")
    _ = lab.folder.write("w", sound)
    func sweep(_ sets: [String] = [], _ more: [String] = []) throws -> Output {
        try lab.call(["sweep", "config.yaml"] + more + sets.flatMap { ["--set", $0] })
    }
    let whole = try sweep([], ["--quiet"])
    #expect(whole.code == 0 && whole.err.contains("all seeds have the same weights"), "\(whole.err)")
    #expect(try sweep([], ["--dry-run"]).out.contains("2, 0 to run"))
    try FileManager.default.moveItem(atPath: lab.folder.file("w"), toPath: lab.folder.file("moved"))
    #expect(try lab.call(["sweep", "status", "runs/small"]).out.contains("2: 2 done"))
    #expect(try sweep(["model.initialize_from=moved"], ["--dry-run"]).out.contains("2, 0 to run"))
    _ = lab.folder.write("w", with(11))
    let other = try sweep([], ["--quiet"])
    #expect(other.code == 2 && other.err.contains("model.initialize_from.digest"), "\(other.err)")
    let files = try sweep(["name=files", "sweep.axes={model.initialize_from.path: [w, moved]}"], ["--quiet"])
    #expect(files.code == 0, "\(files.err)")
    let widths = try sweep(["sweep.axes={model.width: [2, 3]}"], ["--dry-run"])
    #expect(widths.code == 2 && widths.err.contains("whose weights have one width"), "\(widths.err)")
}
