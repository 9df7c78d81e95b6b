import CFiles
import Glibc

/// XXH3-128 of all bytes of a file, as 32 hexadecimal digits.
/// - Throws: `FileError` where it cannot be read.
public func fileDigest(_ path: String) throws -> String {
    let descriptor = try PlainFile.open(path)
    defer { close(descriptor) }
    var digest = [CChar](repeating: 0, count: 33)
    guard cf_digest_file(descriptor, 0, 0, &digest) == 0 else { throw FileError(path, "cannot be read") }
    return String(decoding: digest.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// XXH3-128 of memory, as 32 hexadecimal digits.
public func memoryDigest(_ bytes: UnsafeRawBufferPointer) -> String {
    var digest = [CChar](repeating: 0, count: 33)
    cf_digest_memory(bytes.baseAddress, bytes.count, &digest)
    return String(decoding: digest.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// XXH3-128 of a text's UTF-8 bytes, as 32 hexadecimal digits.
public func memoryDigest(of text: String) -> String {
    Array(text.utf8).withUnsafeBytes(memoryDigest)
}
