import CHDF5

/// Type and shape of a dataset or an attribute.
public struct Description: Sendable, Equatable {
    /// Booleans and other enumerations are integers.
    public enum Kind: Sendable, Equatable { case integer, float, string, other }

    /// Where the values of a dataset are, if not in the file.
    public enum Absence: Sendable, Equatable { case empty, neverWritten, partlyWritten, virtual, external }

    /// What the values are.
    public let kind: Kind
    /// `float32`, `int64`, `bool`, `string`, `compound`: as `inspect` prints it.
    public let typeName: String
    /// Lengths of the axes; empty for a scalar.
    public let shape: [Int]
    /// Why the values are not in the file; nil where they are.
    public let absence: Absence?
    /// Bytes of the values as they are in memory; a packed file has fewer.
    public let unpackedBytes: Int
    /// Bytes that stand for the values in the file.
    public let storedBytes: Int

    /// Number of values; the largest integer where there are more.
    public var count: Int { shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).overflow ? .max : $0 * $1 } }

    init?(_ raw: ch5_description) {
        guard raw.rank >= 0, raw.rank <= 8 else { return nil }
        let kinds: [ch5_class: Kind] = [CH5_INTEGER: .integer, CH5_FLOAT: .float, CH5_STRING: .string]
        kind = kinds[ch5_class(UInt32(raw.type_class))] ?? .other
        typeName = withUnsafeBytes(of: raw.type_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        shape = withUnsafeBytes(of: raw.shape) { bytes in
            bytes.bindMemory(to: UInt64.self).prefix(Int(raw.rank)).map { Int(clamping: $0) }
        }
        storedBytes = Int(clamping: raw.stored_bytes)
        let size = Int(clamping: raw.element_bytes)
        unpackedBytes = shape.reduce(size) { $0.multipliedReportingOverflow(by: $1).overflow ? .max : $0 * $1 }
        absence =
            switch ch5_values(UInt32(raw.values)) {
            case CH5_NO_VALUES: .empty
            case CH5_NEVER_WRITTEN: .neverWritten
            case CH5_PARTLY_WRITTEN: .partlyWritten
            case CH5_VIRTUAL: .virtual
            case CH5_EXTERNAL_FILE: .external
            default: nil
            }
    }
}

extension Description.Absence {
    /// In few words, for a listing.
    public var name: String {
        switch self {
        case .empty: "empty"
        case .neverWritten: "never written"
        case .partlyWritten: "written in part"
        case .virtual: "virtual"
        case .external: "external storage"
        }
    }

    /// Why nothing is read, and what helps.
    var problem: String {
        let copy = "a copy that holds its values is made with h5repack -l CONTI OLD NEW"
        return switch self {
        case .empty: "is empty: it has a type, but no shape and no values"
        case .neverWritten: "was never written, and would be read as fill values"
        case .partlyWritten: "was written in part, and the rest would be read as fill values; \(copy)"
        case .virtual: "is a virtual dataset, whose values are in other files, where they may be missing; \(copy)"
        case .external: "has its values in another file (external storage), which is not opened; \(copy)"
        }
    }
}
