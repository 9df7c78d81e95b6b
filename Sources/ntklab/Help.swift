import ArgumentParser
import Foundation

/// For the help of a command that has subcommands: what the one takes that is meant by default, or most of the time.
/// - Parameters:
///   - call: how it is called.
///   - does: what that does.
func helpOf(_ command: any ParsableCommand.Type, _ call: String, _ does: String) -> String {
    // The manual, which is made from this dump, has the arguments at the subcommand itself.
    guard !CommandLine.arguments.contains("--experimental-dump-help") else { return "`\(call)` \(does)." }
    let help = command.helpMessage()
    let sections = help.components(separatedBy: "\nARGUMENTS:").dropFirst().joined()
    let own = sections.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.contains("-h, --help") }
    return "`\(call)` \(does). It takes:\n\nARGUMENTS:\n"
        + own.joined(separator: "\n").trimmingCharacters(in: .newlines)
}
