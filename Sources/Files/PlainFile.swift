import Glibc

/// Files that are opened for reading: plain ones only, and never one that has to be waited for.
public enum PlainFile {
    /// An open descriptor, which the caller closes.
    /// - Throws: `FileError` where there is none, or a folder, pipe, socket or device in its place.
    public static func open(_ path: String) throws(FileError) -> Int32 {
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileError(path, "cannot be read") }
        // Opening a device can do something already, so it is asked for before.
        try check(status, path)
        // What is there may be another since; the opening of a pipe would wait for a writer.
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw FileError(path, "cannot be read") }
        do throws(FileError) {
            guard fstat(descriptor, &status) == 0 else { throw FileError(path, "cannot be read") }
            try check(status, path)
        } catch {
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// All bytes of a small file.
    /// - Throws: `FileError`, also where there are more than `limit`.
    public static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
        let descriptor = try open(path)
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let got = Glibc.read(descriptor, &block, block.count)
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw FileError(path, "cannot be read") }
            guard got > 0 else { return bytes }
            bytes += block[..<got]
            guard bytes.count <= limit else {
                throw FileError(path, expected: "at most \(limit) bytes", found: "more")
            }
        }
    }

    private static func check(_ status: stat, _ path: String) throws(FileError) {
        let kinds: [mode_t: String] = [
            S_IFDIR: "a folder", S_IFIFO: "a pipe", S_IFSOCK: "a socket", S_IFCHR: "a device", S_IFBLK: "a device",
        ]
        guard let kind = kinds[status.st_mode & S_IFMT] else { return }
        throw FileError(path, expected: "a file", found: kind)
    }
}
