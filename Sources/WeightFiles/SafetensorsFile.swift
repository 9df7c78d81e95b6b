import Files
import Foundation
import LinearAlgebra

/// A safetensors file: the length of a header in 8 bytes, the header in JSON, then the numbers of all arrays without gaps.
///
/// Source: https://github.com/huggingface/safetensors, section Format. What a header claims is compared with the file
/// before any memory is taken for it: at most 100 MB of header, arrays that follow one another without holes or
/// overlaps and fill the file, no key twice.
final class SafetensorsFile: WeightFile {
    static let format = "safetensors"
    let path: String
    let names: [String]
    let metadata: [String: String]
    var isOurs: Bool { false }
    private let bytes: DescriptorBytes
    /// Where the numbers begin in the file.
    private let start: Int
    private let arrays: [String: Entry]

    static let mostHeaderBytes = 100_000_000

    struct Entry {
        let type: String
        let shape: [Int]
        let offsets: Range<Int>
    }

    /// - Throws: `LabError` that says what is wrong with the header.
    init(_ path: String) throws {
        let descriptor = try PlainFile.open(path)
        let bytes = DescriptorBytes(descriptor, path)
        do {
            (start, arrays, names, metadata) = try Self.header(bytes)
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.bytes = bytes
    }

    deinit { close(bytes.descriptor) }

    private static func header(_ bytes: DescriptorBytes) throws -> (Int, [String: Entry], [String], [String: String]) {
        func problem(_ text: String) -> LabError { LabError("\(bytes.path): as safetensors: \(text)") }
        let size = try bytes.size()
        let head = try bytes.read(upTo: 8, at: 0)
        guard head.count == 8 else { throw problem("cut off: expected 8 bytes of a header's length, found \(size)") }
        let claimed = head.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard claimed <= UInt64(mostHeaderBytes) else {
            throw problem("expected a header of at most \(mostHeaderBytes) bytes, found a claim of \(claimed)")
        }
        let length = Int(claimed)
        let text = try bytes.read(upTo: length, at: 8)
        guard text.count == length else {
            throw problem("cut off: expected a header of \(length) bytes, found \(text.count)")
        }
        let pairs: [(key: String, value: HeaderJSON)]
        do {
            guard let found = try HeaderJSON(text).object else { throw problem("expected an object as header") }
            pairs = found
        } catch let wrong as HeaderJSON.Problem { throw problem("the header \(wrong)") }
        var metadata: [String: String] = [:]
        var arrays: [(name: String, entry: Entry)] = []
        for (name, value) in pairs {
            if name == "__metadata__" {
                guard let texts = value.texts else { throw problem("__metadata__: expected texts by name") }
                metadata = texts
            } else {
                guard let entry = Entry(value) else {
                    throw problem("\(excerpt(name)): expected a dtype, a shape and two data_offsets")
                }
                arrays.append((name, entry))
            }
        }
        try check(arrays, bytes: size - 8 - length, problem)
        return (
            8 + length, Dictionary(uniqueKeysWithValues: arrays.map { ($0.name, $0.entry) }), arrays.map(\.name),
            metadata
        )
    }

    /// Offsets have to be those of the shapes, one after another, from the first byte to the last.
    private static func check(
        _ arrays: [(name: String, entry: Entry)], bytes: Int, _ problem: (String) -> LabError
    ) throws {
        var end = 0
        for (name, entry) in arrays.sorted(by: {
            ($0.entry.offsets.lowerBound, $0.entry.offsets.upperBound) < (
                $1.entry.offsets.lowerBound, $1.entry.offsets.upperBound
            )
        }) {
            let name = excerpt(name)
            guard let size = sizes[entry.type] else { throw problem("\(name): unknown dtype \(excerpt(entry.type))") }
            guard let count = product(entry.shape + [size]), count == entry.offsets.count else {
                throw problem(
                    "\(name): expected data_offsets of \(entry.type) \(entry.shape), found \(entry.offsets.count) bytes"
                )
            }
            guard entry.offsets.lowerBound == end else {
                throw problem(
                    "\(name): expected data_offsets from \(end) on, found \(entry.offsets.lowerBound): arrays "
                        + (entry.offsets.lowerBound < end ? "overlap" : "leave a hole"))
            }
            end = entry.offsets.upperBound
            guard end <= bytes else {
                throw problem("\(name): cut off: expected \(end) bytes of numbers, found \(bytes)")
            }
        }
        guard end == bytes else { throw problem("expected \(end) bytes of numbers, found \(bytes)") }
    }

    /// Of a shape with the element's size; nil where it overflows.
    private static func product(_ factors: [Int]) -> Int? {
        if factors.contains(0) { return 0 }
        return factors.reduce(1) { product, factor in
            product.flatMap {
                let (next, overflow) = $0.multipliedReportingOverflow(by: factor)
                return overflow ? nil : next
            }
        }
    }

    /// Bytes of an element.
    private static let sizes = [
        "F64": 8, "F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1, "I64": 8, "U64": 8, "I32": 4, "U32": 4,
        "I16": 2, "U16": 2, "I8": 1, "U8": 1, "BOOL": 1, "C64": 8,
    ]

    func describe(_ name: String) throws -> (shape: [Int], type: String, precision: Precision?) {
        guard let entry = arrays[name] else { throw LabError("\(path): expected an array named \(name)") }
        let precisions: [String: Precision] = ["F32": .float32, "F64": .float64]
        return (entry.shape, entry.type, precisions[entry.type])
    }

    func values(_ name: String) throws -> MatrixBuffer<Double> {
        guard let entry = arrays[name] else { throw LabError("\(path): expected an array named \(name)") }
        let read = try bytes.read(upTo: entry.offsets.count, at: start + entry.offsets.lowerBound)
        guard read.count == entry.offsets.count else { throw LabError("\(path): \(name): cut off while it was read") }
        return read.withUnsafeBytes { raw in
            entry.type == "F64" ? Self.decode(raw, Double.self) : Self.decode(raw, Float.self)
        }
    }

    private static func decode<S: Scalar>(_ bytes: UnsafeRawBufferPointer, _ type: S.Type) -> MatrixBuffer<Double> {
        let size = MemoryLayout<S>.size
        let result = MatrixBuffer<Double>(1, bytes.count / size)
        for i in 0..<result.count { result.base[i] = Double(bytes.loadUnaligned(fromByteOffset: i * size, as: S.self)) }
        return result
    }
}

extension SafetensorsFile.Entry {
    /// nil where it is no description of an array.
    init?(_ value: HeaderJSON) {
        guard let pairs = value.object, Set(pairs.map(\.key)) == ["dtype", "shape", "data_offsets"] else { return nil }
        let fields = Dictionary(uniqueKeysWithValues: pairs.map { ($0.key, $0.value) })
        guard let type = fields["dtype"]?.text, let shape = fields["shape"]?.numbers, shape.count <= 32,
            let offsets = fields["data_offsets"]?.numbers, offsets.count == 2, offsets[0] <= offsets[1]
        else { return nil }
        self.init(type: type, shape: shape, offsets: offsets[0]..<offsets[1])
    }
}
