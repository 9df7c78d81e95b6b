import CHDF5

/// A number that HDF5 reads into Swift memory: the memory type always comes from here, never from
/// the file.
public protocol HDF5Element: Sendable {
    static var memoryType: Int32 { get }
    static var zero: Self { get }
}

extension Float: HDF5Element { public static var memoryType: Int32 { Int32(CH5_F32.rawValue) } }
extension Double: HDF5Element { public static var memoryType: Int32 { Int32(CH5_F64.rawValue) } }
extension Int64: HDF5Element { public static var memoryType: Int32 { Int32(CH5_I64.rawValue) } }
extension UInt8: HDF5Element { public static var memoryType: Int32 { Int32(CH5_U8.rawValue) } }

/// Type and shape of a dataset or an attribute.
public struct Description: Sendable, Equatable {
    public enum Kind: Sendable, Equatable { case integer, float, string, compound, other }

    public let kind: Kind
    /// Bytes of one element.
    public let size: Int
    public let isSigned: Bool
    public let shape: [Int]

    public var count: Int { shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).overflow ? .max : $0 * $1 } }

    /// `float32`, `int64`, `uint8`, `string`, `compound`: as `inspect` prints it.
    public var typeName: String {
        switch kind {
        case .integer: "\(isSigned ? "" : "u")int\(8 * size)"
        case .float: "float\(8 * size)"
        case .string: "string"
        case .compound: "compound"
        case .other: "other"
        }
    }

    init?(_ raw: ch5_description) {
        guard raw.rank >= 0, raw.rank <= 8 else { return nil }
        let kinds: [Int32: Kind] = [0: .integer, 1: .float, 3: .string, 6: .compound]
        kind = kinds[raw.type_class] ?? .other
        size = raw.type_size
        isSigned = raw.is_signed != 0
        shape = withUnsafeBytes(of: raw.shape) { bytes in
            bytes.bindMemory(to: UInt64.self).prefix(Int(raw.rank)).map { Int(clamping: $0) }
        }
    }
}
