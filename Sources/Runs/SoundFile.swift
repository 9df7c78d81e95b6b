import Files
import HDF5

/// Files of ours that are read for figures and verdicts.
package enum SoundFile {
    /// A file of ours whose bytes match its digest, opened.
    /// - Throws: an error that names it otherwise.
    package static func open(_ path: String) throws -> HDF5File {
        guard Disk.exists(path) else { throw LabError("\(path): missing") }
        switch try FileDigest.verify(path) {
        case .sound: return try HDF5File(reading: path)
        case .damaged: throw LabError("\(path): damaged: its bytes differ from its digest")
        case .foreign: throw LabError("\(path): not written by ntklab")
        }
    }
}
