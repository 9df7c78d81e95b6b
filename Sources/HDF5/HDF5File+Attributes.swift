import CHDF5

extension HDF5File {
    /// The first names of an object's attributes, in alphabetical order.
    public func attributeNames(of object: String, limit: Int = 1 << 16) throws -> [String] {
        try withObject(object) { id in
            let count = ch5_attribute_count(storage, id)
            return try (0..<min(max(count, 0), Int64(limit))).map { index in
                try name(of: object) { ch5_attribute_name(storage, id, index, $0, $1) }
            }
        }
    }

    /// Whether an object has an attribute, of whatever type: MATLAB 7.3 marks its arrays, whose axes are reversed, with
    /// `MATLAB_class`.
    public func hasAttribute(_ name: String, of object: String) throws -> Bool {
        try withObject(object) { ch5_attribute_exists(storage, $0, name) > 0 }
    }

    /// A scalar string attribute, of fixed or variable length; nil where it is missing.
    public func string(_ attribute: String, of object: String) throws -> String? {
        try withObject(object) { id in
            guard let text = ch5_read_string_attribute(storage, id, attribute) else { return nil }
            defer { ch5_free(text) }
            return String(cString: text)
        }
    }

    /// A scalar numeric attribute; nil where it is missing.
    public func number(_ attribute: String, of object: String) throws -> Double? {
        try withObject(object) { id in
            var value = 0.0
            let status = ch5_read_number_attribute(storage, id, attribute, Double.memoryType, &value)
            return status >= 0 ? value : nil
        }
    }

    /// A scalar integer attribute; nil where it is missing.
    public func integer(_ attribute: String, of object: String) throws -> Int? {
        try withObject(object) { id in
            var value: Int64 = 0
            let status = ch5_read_number_attribute(storage, id, attribute, Int64.memoryType, &value)
            return status >= 0 ? Int(value) : nil
        }
    }

    /// An attribute that has to be there.
    public func required<T>(_ name: String, of object: String = "/", _ value: T?) throws -> T {
        guard let value else { throw error(object, "attribute \(name) is missing") }
        return value
    }

    /// A scalar attribute of whatever type; nil where it is missing, or neither text nor a single number.
    package func value(_ name: String, of object: String) throws -> (any AttributeValue)? {
        if let text = try string(name, of: object) { return text }
        return switch try describe(name, of: object) {
        case let found? where found.count == 1 && found.kind == .integer: try integer(name, of: object)
        case let found? where found.count == 1 && found.kind == .float: try number(name, of: object)
        default: nil
        }
    }

    /// One attribute as text, for a listing.
    public func attributeText(_ name: String, of object: String) throws -> String {
        if let value = try value(name, of: object) { return "\(value)" }
        guard let found = try describe(name, of: object),
            found.count != 1 || (found.kind != .integer && found.kind != .float)
        else { return "?" }
        return "\(found.typeName) \(found.shape)"
    }

    private func describe(_ attribute: String, of object: String) throws -> Description? {
        try withObject(object) { id in
            var raw = ch5_description()
            return ch5_describe_attribute(storage, id, attribute, &raw) >= 0 ? Description(raw) : nil
        }
    }
}
