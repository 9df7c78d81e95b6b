import ArgumentParser

/// For the help of a command that has subcommands: what the one takes that is meant by default, or most of the time.
/// - Parameters:
///   - call: how it is called.
///   - does: what that does.
func helpOf(_ command: any ParsableCommand.Type, _ call: String, _ does: String) -> String {
    let help = command.helpMessage()
    let sections = help.range(of: "\nARGUMENTS:").map { String(help[$0.lowerBound...]) } ?? ""
    return "`\(call)` \(does). It takes:\n" + sections.trimmingSuffix(while: \.isNewline)
}

extension String {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
        String(reversed().drop(while: predicate).reversed())
    }
}
