import Foundation

/// A program that can't be run, in words.
package struct ProgramError: Error, CustomStringConvertible {
    package let description: String
    /// Whether there is no such program.
    package let isMissing: Bool

    init(notFound program: String, _ place: String) {
        description = "\(program) was not found\(place)"
        isMissing = true
    }

    init(_ program: String, _ what: String, _ number: Int32) {
        description = "\(program) \(what): \(String(cString: strerror(number)))"
        isMissing = false
    }
}
