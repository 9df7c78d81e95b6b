import CHDF5

/// A value that an attribute can hold.
public protocol AttributeValue: Sendable {
    /// Writes the value to an open object, by the id that libhdf5 knows it by; negative for a failure.
    func write(to object: Int64, _ key: String) -> Int32
    /// Whether a file that was read again has it.
    func isThere(_ key: String, of object: String, in file: HDF5File) throws -> Bool
}

extension String: AttributeValue {
    public func write(to object: Int64, _ key: String) -> Int32 { ch5_write_string_attribute(object, key, self) }
    public func isThere(_ key: String, of object: String, in file: HDF5File) throws -> Bool {
        // A C string ends at its first zero.
        try file.string(key, of: object) == String(prefix { $0 != "\0" })
    }
}

extension Int: AttributeValue {
    public func write(to object: Int64, _ key: String) -> Int32 {
        var value = Int64(self)
        return ch5_write_number_attribute(object, key, Int64.memoryType, &value)
    }
    public func isThere(_ key: String, of object: String, in file: HDF5File) throws -> Bool {
        try file.integer(key, of: object) == self
    }
}

extension Double: AttributeValue {
    public func write(to object: Int64, _ key: String) -> Int32 {
        var value = self
        return ch5_write_number_attribute(object, key, Double.memoryType, &value)
    }
    public func isThere(_ key: String, of object: String, in file: HDF5File) throws -> Bool {
        try file.number(key, of: object)?.bitPattern == bitPattern
    }
}
