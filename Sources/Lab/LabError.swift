/// A problem that the person at the keyboard can mend: bad input, a run that cannot go on.
///
/// Its text names file, key, expected and found; the program prints it and exits with code 2.
public struct LabError: Error, CustomStringConvertible, Sendable {
    public let description: String
    public init(_ description: String) { self.description = description }
}
