import ArgumentParser
import Console

/// How results are printed, for every command that has some.
struct ResultOptions: ParsableArguments {
    @Flag(help: "Print JSON in place of text, with nothing else on standard output.") var json = false

    /// Prints results as one line of JSON, or in lines that fit the terminal.
    func show(_ value: some Encodable, lines: (Int) -> [String]) throws {
        if json { return try printJSON(value) }
        lines(Terminal.width).forEach { print($0) }
    }
}

/// A file that was written, for programs.
struct WrittenFile: Encodable { let file: String }

/// A line of results, in which names out of files can't command the terminal.
func print(_ text: String) { Swift.print(visible(text)) }

/// A line for the user that is not a result.
func note(_ text: String) { Diagnostics.line(text) }

/// One JSON value, on one line.
func printJSON(_ value: some Encodable) throws { print(try JSONText.line(value)) }
