import Glibc

/// What lies on disk under a path; links are followed.
package enum Disk {
    /// Whether anything does.
    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether it is a folder itself, and no link to one.
    package static func isOwnFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether something is there that is no folder.
    package static func isFile(_ path: String) -> Bool { exists(path) && !isFolder(path) }

    /// Has a file system that remembers what is in a folder, and what is not, ask its server again.
    /// - Throws: `FileError` where it can't be opened.
    package static func refresh(_ folder: String) throws(FileError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(folder, "cannot be opened") }
        close(descriptor)
    }

    /// The names in a folder, in no order.
    /// - Throws: `FileError` where it can't be read.
    package static func names(in folder: String) throws(FileError) -> [String] {
        guard let open = opendir(folder) else { throw FileError(folder, "cannot be read") }
        defer { closedir(open) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(open) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw FileError(folder, "cannot be read") }
        return names
    }

    /// The same; none where it can't be read.
    package static func namesIfAny(in folder: String) -> [String] {
        do { return try names(in: folder) } catch { return [] }
    }
}
