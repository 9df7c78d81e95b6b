import Glibc

/// Reads anywhere in an open file.
package struct DescriptorBytes {
    package let descriptor: Int32
    package let path: String

    package init(_ descriptor: Int32, _ path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// - Throws: `FileError`.
    package func size() throws -> Int {
        let size = lseek(descriptor, 0, SEEK_END)
        guard size >= 0 else { throw FileError(path, "cannot be read") }
        return Int(size)
    }

    /// The bytes from a place on: fewer than `count` where the file ends.
    /// - Throws: `FileError`.
    package func read(upTo count: Int, at offset: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            done = try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
        }
    }

    /// Fills memory with the bytes from a place on.
    /// - Returns: how many they are: fewer where the file ends.
    /// - Throws: `FileError`.
    package func read(into memory: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
        var done = 0
        while done < memory.count {
            let got = pread(descriptor, memory.baseAddress.map { $0 + done }, memory.count - done, off_t(offset + done))
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw FileError(path, "cannot be read") }
            if got == 0 { break }
            done += got
        }
        return done
    }
}
