import Foundation

/// An error in words: our own speak for themselves, Foundation's are taken apart.
package func words(of error: any Error) -> String {
    guard type(of: error) is NSError.Type || error is CocoaError || error is POSIXError || error is DecodingError else {
        return "\(error)"
    }
    let path = (error as NSError).userInfo[NSFilePathErrorKey] as? String
    return (path.map { $0 + ": " } ?? "") + reason(error)
}

/// What the system said, without Foundation's wrapping.
package func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let system = underlying ?? error as NSError
    if system.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(system.code))) }
    return system.localizedFailureReason ?? "\(system.domain) \(system.code)"
}
