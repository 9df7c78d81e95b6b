import CHDF5

/// A number that HDF5 reads into Swift memory: the memory type always comes from here, never from
/// the file.
public protocol HDF5Element: Sendable {
    /// The number by which CHDF5 knows the type.
    static var memoryType: Int32 { get }
    /// Stands in for the memory that an empty array does not have.
    static var zero: Self { get }
}

extension Float: HDF5Element { public static var memoryType: Int32 { Int32(CH5_F32.rawValue) } }
extension Double: HDF5Element { public static var memoryType: Int32 { Int32(CH5_F64.rawValue) } }
extension Int64: HDF5Element { public static var memoryType: Int32 { Int32(CH5_I64.rawValue) } }
extension UInt8: HDF5Element { public static var memoryType: Int32 { Int32(CH5_U8.rawValue) } }
