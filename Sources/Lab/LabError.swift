import Foundation

/// A problem that the person at the keyboard can mend: bad input, a run that cannot go on.
///
/// Its text names file, key, expected and found; the program prints it and exits with code 2.
public struct LabError: Error, CustomStringConvertible, Sendable {
    public let description: String
    public init(_ description: String) { self.description = description }
}

/// An error in words: our own speak for themselves, Foundation's are taken apart.
public func words(of error: any Error) -> String {
    guard type(of: error) is NSError.Type || error is CocoaError || error is POSIXError || error is DecodingError else {
        return "\(error)"
    }
    let path = (error as NSError).userInfo[NSFilePathErrorKey] as? String
    return (path.map { $0 + ": " } ?? "") + reason(error)
}

/// What the system said, without Foundation's wrapping.
func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let system = underlying ?? error as NSError
    if system.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(system.code))) }
    return system.localizedFailureReason ?? "\(system.domain) \(system.code)"
}
