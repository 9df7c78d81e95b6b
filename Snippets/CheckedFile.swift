// Writing and reading a checked HDF5 file.
//
// A file appears whole or not at all, and is compared with what was meant before it gets its name. It carries a digest of its
// own bytes, so that a flipped bit is found before libhdf5 parses any of them. Any HDF5 program reads it.

import Files
import HDF5

let path = "checked.h5"
try HDF5Writer.write(to: path) { file in
    try file.dataset("/kernel/theta", [2.0, 1, 1, 2], shape: [2, 2], attributes: ["long_name": "tangent kernel"])
    try file.attribute("samples", of: "/kernel", 2)
    try file.strings("/kernel/layers", ["W1", "output"])
}
print("digest: \(try FileDigest.verify(path))")

let file = try HDF5File(reading: path)
let theta = try file.read("/kernel/theta", as: Double.self, limit: 100)
print("theta \(theta.shape): \(theta.values)")
print("samples:", try file.integer("samples", of: "/kernel") ?? 0)
print("layers:", try file.strings("/kernel/layers", limit: 10))

// One bit of damage at the end of the file.
var bytes = try PlainFile.read(path, limit: 1 << 20)
bytes[bytes.count - 1] ^= 1
try WholeFile.write(to: path) { descriptor, _ in try WholeFile.append(bytes, to: descriptor, path) }
print("digest after a flipped bit: \(try FileDigest.verify(path))")
try WholeFile.remove(path)
