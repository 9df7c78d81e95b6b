import Glibc

/// A problem that the person at the keyboard can mend: bad input, a run that cannot go on.
///
/// Its text names file, key, expected and found; the program prints it and exits with code 2.
package struct LabError: Error, CustomStringConvertible, Sendable {
    package let description: String
    package init(_ description: String) { self.description = description }

    /// A call of the operating system on a file that just failed, in the system's words.
    package init(system path: String) { self.init("\(path): \(String(cString: strerror(errno)))") }
}
