import Foundation
import TestSupport
import Testing

/// PyTorch's answers, from `References/torch_reference.py`.
let referenceFile = repository + "/Tests/LabTests/References/torch.h5"

@Test(arguments: ["float64", "float32"]) func ourNumbersAreThoseOfPyTorch(precision: String) throws {
    let output = try run(ntklab, ["verify", referenceFile, "--precision", precision])
    #expect(output.code == 0, "\(output.out)")
    #expect(output.out.contains("756 compared, 0 differ, 0 not compared"), "\(output.out.suffix(200))")
}

@Test func jsonHasOneObjectAQuantity() throws {
    let output = try run(ntklab, ["verify", referenceFile, "--json"])
    let lines = output.out.split(separator: "\n")
    #expect(lines.count == 756)
    for line in lines {
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        for key in ["file", "case", "quantity", "shape", "error", "tolerance", "status"] {
            #expect(object?[key] != nil, "\(key) in \(line)")
        }
    }
}

/// Python around a change to the layers `l` of an image case.
private let cnn = "import json; c = f['cases/cnn_flatten']; l = json.loads(c.attrs['arch'])\n"
private let store = "\nc.attrs['arch'] = np.bytes_(json.dumps(l))"

/// Copies the reference file, changes one thing in it with h5py, and verifies.
private func verifyChanged(_ change: String) throws -> Output {
    let folder = TestFolder()
    try FileManager.default.copyItem(atPath: referenceFile, toPath: folder.file("a.h5"))
    let changed = try python(
        "import h5py, numpy as np\nf = h5py.File('a.h5', 'r+')\nc = f['cases/tanh_squared_mean']\n" + change,
        folder: folder.path)
    #expect(changed.code == 0, "\(changed.err)")
    return try run(ntklab, ["verify", folder.file("a.h5")])
}

@Test(arguments: [
    "c['f'][2, 1] += 1e-8", "c['loss'][0] *= 1 + 1e-9", "c['grads/fc2.W'][0, 0] += 1e-8", "c['hvp/Hv/fc0.b'][1] *= -1",
    "c['gd/losses'][20] *= 1.000001", "c['gd/drift'][3] *= 1.000001", "c['sgd/params/fc4.b'][0] += 1e-7",
    "c['hessian_eigenvalues'][5] *= 1 + 1e-6", "c['jvp/Jt'][0, 0] = float('nan')",
    "c['sgd/order'][5] = c['sgd/order'][5][::-1] * 0",
])
func aWrongNumberIsFound(change: String) throws {
    let output = try verifyChanged(change)
    #expect(output.code == 1, "\(change): \(output.out.suffix(300))")
    #expect(output.out.contains("differs"))
}

@Test(arguments: [
    ("del c['params/fc0.W']", "fc0.W"),
    ("del c['x']; c['x'] = np.zeros((7, 4))", "takes samples of shape [5], not [4]"),
    ("del c['y']; c['y'] = np.zeros((6, 3))", "/y"), ("c.attrs['arch'] = np.bytes_('[{]')", "arch"),
    ("c.attrs['reduction'] = np.bytes_('max')", "reduction"), ("c.attrs['loss'] = np.bytes_('hinge')", "loss"),
    (cnn + "l[0]['kernel'] = [0, 2]" + store, "kernel"), (cnn + "l[0]['stride'] = [1]" + store, "stride"),
    (cnn + "l[0]['padding'] = [[0, -1], [0, 0]]" + store, "padding"),
    (cnn + "l[0]['in'] = 2" + store, "shape [9, 8, 3]"),
    (cnn + "l[0]['kernel'] = [99, 2]" + store, "from 1 to 64"),
    (cnn + "l.insert(0, dict(type='residual'))" + store, "branch"),
    ("c['sgd/order'][0, 0] = 99", "sgd/order"),
    ("del c['params/fc0.W']; c['params/fc0.W'] = np.zeros((5, 9))", "expected shape"),
    ("del c['gd'].attrs['lr']", "lr"), ("c['gd'].attrs['steps'] = -3", "steps"), ("del f['cases']", "cases"),
])
func aMalformedReferenceFileGetsOneMessage(change: String, word: String) throws {
    let output = try verifyChanged(change)
    #expect(output.code == 2 && output.signal == nil, "\(change): \(output.code) \(output.err)")
    #expect(output.err.contains(word), "\(change): \(output.err)")
}

@Test func whatCannotBeComparedIsListed() throws {
    let output = try verifyChanged(
        "c['fisher'] = np.zeros(7)\nf['cases/tanh_partly_frozen'].attrs['arch'] = np.bytes_('[{\"type\": \"attention\"}]')"
    )
    #expect(output.code == 0, "\(output.err)")
    #expect(output.out.contains("no layer of type attention") && output.out.contains("not compared"))
    let nothing = try verifyChanged(
        "for k in list(f['cases']):\n  f['cases'][k].attrs['arch'] = np.bytes_('[{\"type\": \"attention\"}]')")
    #expect(nothing.code == 1, "\(nothing.out.suffix(200))")
}
