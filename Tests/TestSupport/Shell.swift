import Foundation

/// What a program printed and how it ended.
public struct Output: Sendable {
    public let code: Int32
    /// The signal that ended it; nil where it exited by itself.
    public let signal: Int32?
    public let out: String
    public let err: String

    /// What it printed, with a single space for all there is between two words: lines are broken where the terminal ends.
    public var words: String { out.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}

/// A program running in the background.
public final class Child {
    public let process = Process()
    private let outFile: URL
    private let errFile: URL

    /// - Parameter environment: what differs from this process's; nil takes a variable away.
    public init(_ program: String, _ arguments: [String], folder: String? = nil, environment: [String: String?] = [:])
        throws
    {
        let base = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent(UUID().uuidString)
        outFile = base.appendingPathExtension("out")
        errFile = base.appendingPathExtension("err")
        for file in [outFile, errFile] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = environment.reduce(into: ProcessInfo.processInfo.environment) { $0[$1.key] = $1.value }
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: outFile)
        process.standardError = try FileHandle(forWritingTo: errFile)
        try process.run()
    }

    public func wait() throws -> Output {
        process.waitUntilExit()
        defer { for file in [outFile, errFile] { unlink(file.path) } }
        let bySignal = process.terminationReason == .uncaughtSignal
        return Output(
            code: process.terminationStatus, signal: bySignal ? process.terminationStatus : nil,
            out: try String(contentsOf: outFile, encoding: .utf8), err: try String(contentsOf: errFile, encoding: .utf8)
        )
    }
}

/// Runs a program to its end.
public func run(_ program: String, _ arguments: [String], folder: String? = nil, environment: [String: String?] = [:])
    throws -> Output
{
    try Child(program, arguments, folder: folder, environment: environment).wait()
}

/// The `ntklab` that was built beside the tests.
public let ntklab = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appendingPathComponent("ntklab").path

/// Debian's Python, for which `make setup` installs h5py and xarray.
public func python(_ script: String, _ arguments: [String] = [], folder: String? = nil) throws -> Output {
    try run("/usr/bin/python3", ["-c", script] + arguments, folder: folder)
}
