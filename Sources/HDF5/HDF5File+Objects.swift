import CHDF5

/// Groups, and the links that lead to objects.
extension HDF5File {
    /// A link in a group.
    public enum Link: Sendable, Equatable {
        case hard
        case soft(target: String)
        /// To another file; never followed.
        case external(target: String)
        /// Of a kind that another program has made up; never followed.
        case userDefined
    }

    /// What an object is.
    public enum ObjectKind: Sendable { case group, dataset, namedType, unknown }

    /// Whether a group or dataset is there.
    public func contains(_ object: String) -> Bool {
        var known = ""
        for part in object.split(separator: "/") {
            known += "/" + part
            guard ch5_exists(storage, id, known) > 0 else { return false }
        }
        return true
    }

    /// What an object is, after hard and soft links.
    /// - Throws: `HDF5Error` where it is missing.
    public func kind(of object: String) throws -> ObjectKind {
        try withObject(object) { id in
            switch ch5_object(ch5_object_kind(storage, id)) {
            case CH5_GROUP: .group
            case CH5_DATASET: .dataset
            case CH5_NAMED_TYPE: .namedType
            default: .unknown
            }
        }
    }

    /// Where an object lies in the file: the same for all links to it.
    public func address(of object: String) throws -> Int64 {
        try withObject(object) { id in
            let address = ch5_object_address(storage, id)
            guard address >= 0 else { throw error(object, "cannot be found (\(String(cString: ch5_error_text())))") }
            return address
        }
    }

    /// The first names in a group, in alphabetical order.
    public func names(in group: String, limit: Int = 1 << 16) throws -> [String] {
        try withObject(group) { id in
            guard ch5_object_kind(storage, id) == Int32(CH5_GROUP.rawValue) else {
                throw error(group, "is not a group")
            }
            var names = [UnsafeMutablePointer<CChar>?](repeating: nil, count: limit)
            defer { names.forEach { ch5_free($0) } }
            let count = ch5_link_names(storage, id, UInt64(limit), &names)
            guard count >= 0 else {
                throw error(group, "has names that cannot be read (\(String(cString: ch5_error_text())))")
            }
            return names.prefix(Int(count)).map { $0.map { String(cString: $0) } ?? "" }
        }
    }

    /// The last link of a path; nil where there is none.
    public func link(_ path: String) -> Link? {
        var text: UnsafeMutablePointer<CChar>?
        defer { ch5_free(text) }
        let kind = ch5_link_kind(storage, id, path, &text)
        guard kind >= 0 else { return nil }
        let target = text.map { String(cString: $0) } ?? "?"
        return switch ch5_link(UInt32(kind)) {
        case CH5_HARD: .hard
        case CH5_SOFT: .soft(target: target)
        case CH5_EXTERNAL_LINK: .external(target: target)
        default: .userDefined
        }
    }

    /// Opens a group or dataset for the time of a call.
    func withObject<R>(_ object: String, _ body: (Int64) throws -> R) throws -> R {
        let target = object.isEmpty ? "/" : object
        guard target == "/" || contains(target) else { throw error(target, obstacle(target, depth: 0)) }
        let opened = ch5_open_object(storage, id, target)
        guard opened >= 0 else { throw error(target, "cannot be opened (\(String(cString: ch5_error_text())))") }
        defer { _ = ch5_close_object(storage, opened) }
        return try body(opened)
    }

    /// Why a path leads nowhere. A link to another file may be in the middle of it, or behind soft links.
    private func obstacle(_ object: String, depth: Int) -> String {
        var (known, folder) = ("", "")
        for part in object.split(separator: "/") {
            (known, folder) = (known + "/" + part, known)
            let place = depth == 0 && known == object ? "" : "\(known) "
            switch link(known) {
            case .hard: continue
            case .soft(let target):
                let aim = target.hasPrefix("/") ? target : "\(folder)/\(target)"
                // Soft links can form a circle.
                guard depth < 3, !contains(aim) else { continue }
                return "\(place)is a soft link to \(target): \(obstacle(aim, depth: depth + 1))"
            case .external(let target):
                return "\(place)is an external link to \(target), which is not followed; "
                    + "h5copy copies what it leads to into this file"
            case .userDefined: return "\(place)is a link of a kind that only its program can follow"
            case nil: return "\(place)is missing"
            }
        }
        return depth == 0 ? "is missing" : "\(object) is missing"
    }
}
