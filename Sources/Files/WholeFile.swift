import Glibc

/// Files that appear whole or not at all.
///
/// They are filled under a temporary name in the same folder, synced, closed and renamed, and the folder is synced. No
/// result of these calls is dropped: a file under its final name holds what was written to it.
public enum WholeFile {
    /// Marks the names of files that are being written.
    public static let unfinishedMark = ".writing-"

    /// Whether a file or folder of this name is being written, or was by a process that is gone.
    package static func isUnfinished(_ name: String) -> Bool {
        guard let mark = name.ranges(of: unfinishedMark).last else { return false }
        let rest = name[mark.upperBound...]
        return !rest.isEmpty && rest.allSatisfy { $0.isASCII && $0.isNumber }
    }

    /// Tells the unfinished files of this process from those of any other, on other hosts too, where numbers of processes are the
    /// same.
    package static let ownMark = "\(UInt32.random(in: .min ... .max))"

    /// Fills a new file, open for reading and writing, and puts it into its place, over what may be there.
    /// - Parameter isDurable: whether it outlives a power cut; another one may then hold anything.
    /// - Throws: `FileError`, or what `body` throws; nothing is left of the file then.
    public static func write(
        to path: String, isDurable: Bool = true, _ body: (_ descriptor: Int32, _ temporary: String) throws -> Void
    ) throws {
        let temporary = "\(path)\(unfinishedMark)\(ownMark)"
        let descriptor = open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError(path, "cannot be created") }
        do {
            do {
                try body(descriptor, temporary)
                guard !isDurable || fsync(descriptor) == 0 else { throw FileError(path, "cannot be written") }
            } catch {
                close(descriptor)
                throw error
            }
            guard close(descriptor) == 0 else { throw FileError(path, "cannot be written") }
            guard rename(temporary, path) == 0 else { throw FileError(path, "cannot be put in place") }
        } catch {
            // What can't be deleted now is, by its name, when the folder is next used.
            unlink(temporary)
            throw error
        }
        if isDurable { try syncFolder(of: path) }
    }

    /// A small file with a text.
    /// - Throws: `FileError`.
    public static func write(_ text: String, to path: String) throws {
        try write(to: path) { descriptor, _ in try append(Array(text.utf8), to: descriptor, path) }
    }

    /// Deletes a file, which need not be there.
    /// - Throws: `FileError`.
    public static func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw FileError(path, "cannot be deleted") }
    }

    /// Makes a folder, which may be there already; who may use it is what the process allows (umask).
    /// - Throws: `FileError`.
    public static func makeFolder(_ path: String) throws {
        guard mkdir(path, 0o777) != 0 else { return }
        let error = FileError(path, "cannot be made")
        var status = stat()
        guard errno == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { throw error }
    }

    /// Makes a folder with all those above it.
    /// - Throws: `FileError`.
    public static func makeFolders(_ path: String) throws {
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex, access(path, F_OK) != 0 {
            try makeFolders(String(path[..<slash]))
        }
        if !path.isEmpty { try makeFolder(path) }
    }

    /// Writes all bytes at the place where an open file stands.
    /// - Throws: `FileError`.
    public static func append(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws {
        try bytes.withUnsafeBytes { try append($0, to: descriptor, path) }
    }

    /// The same of bytes anywhere in memory.
    /// - Throws: `FileError`.
    public static func append(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String) throws {
        var done = 0
        while done < bytes.count {
            let put = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            if put < 0, errno == EINTR { continue }
            guard put > 0 else { throw FileError(path, "cannot be written") }
            done += put
        }
    }

    /// Makes a rename, a new file or a deletion in a file's folder durable.
    /// - Throws: `FileError`.
    public static func syncFolder(of path: String) throws {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path, "its folder cannot be opened") }
        // Some file systems do not sync folders.
        let isSynced = fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP
        let error = FileError(path, "its folder cannot be synced")
        close(descriptor)
        guard isSynced else { throw error }
    }
}

/// A file that can't be used, or a call of the operating system that failed, with its reason in words.
public struct FileError: Error, CustomStringConvertible, Sendable {
    /// The file that is meant.
    public let path: String
    /// What was tried and why it failed, in words.
    public let problem: String
    /// The system's error number; 0 where it was no call that failed.
    public let number: Int32

    /// - Parameter number: the system's error number, that of the call just made by default.
    public init(_ path: String, _ what: String, _ number: Int32 = errno) {
        (self.path, self.number) = (path, number)
        problem = "\(what): \(String(cString: strerror(number)))"
    }

    /// A file that is not what it has to be.
    public init(_ path: String, expected: String, found: String) {
        (self.path, number) = (path, 0)
        problem = "expected \(expected), found \(found)"
    }

    public var description: String { "\(path): \(problem)" }
}
