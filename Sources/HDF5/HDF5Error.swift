import Files

/// What is wrong with an HDF5 file, in words for the person who has it: file, object, expected, found.
public struct HDF5Error: Error, CustomStringConvertible, Sendable {
    /// Path of the file.
    public let file: String
    /// Path of the object inside the file; empty where the file itself is meant.
    public let object: String
    /// What was expected and what was found.
    public let problem: String

    /// A problem of a file or of an object in it.
    public init(file: String, object: String = "", _ problem: String) {
        self.file = file
        self.object = object
        self.problem = problem
    }

    init(_ error: FileError) { self.init(file: error.path, error.problem) }

    public var description: String { object.isEmpty ? "\(file): \(problem)" : "\(file): \(object): \(problem)" }
}
