/// A model that cannot be built, in words for its author.
public struct ModelError: Error, CustomStringConvertible, Sendable {
    /// What is wrong, in a sentence.
    public let description: String
    /// An error with its sentence.
    public init(_ description: String) { self.description = description }
}
