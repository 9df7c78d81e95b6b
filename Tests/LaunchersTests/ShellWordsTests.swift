import Files
import Foundation
import Launchers
import TestSupport
import Testing

private let texts = [
    "--partition=long --time=08:00:00", "  a\tb  c ", "''", "\"\" x", "a'b c'd", #"a"b c"d"#, #"a\ b"#,
    #""a\"b\\c\d\$""#,
    #"'a\b'"#, "--comment='it''s' -n4", "--comment=\"it's λ\"", "a\"'\"b", "a'\"'b", #"\\"#, #"\'"#, "",
]

/// Words are those that the shell makes.
@Test(arguments: texts) func wordsAreSplitAsAShellDoes(text: String) throws {
    let expected = try run("/bin/sh", ["-c", "printf '<%s>\\n' " + text])
    let words = try ShellWords.split(text, of: "--slurm")
    // printf prints its format once without words.
    #expect((words.isEmpty ? [""] : words).map { "<\($0)>\n" }.joined() == expected.out)
}

/// A quoted word is one word to the shell, and the same.
@Test(arguments: [
    "a", "a b", "it's", "\"", "$HOME", "`x`", "~", "", "λ ä", "a\\b", "100%", "#", "*", "a\nb", "-x=1,2:3",
])
func quotedWordsStayThemselves(word: String) throws {
    #expect(try run("/bin/sh", ["-c", "printf %s " + ShellWords.quoted(word)]).out == word)
    #expect(try ShellWords.split(ShellWords.quoted(word), of: "") == [word])
}

@Test(arguments: [
    ("a 'b c", "--slurm: a quote (') is opened and not closed: a 'b c"),
    ("a \"b' c", "--slurm: a quote (\") is opened and not closed: a \"b' c"),
    ("a \\", "--slurm: ends in a backslash: a \\"), ("\"a\\", "--slurm: ends in a backslash: \"a\\"),
])
func whatIsUnbalancedIsSaid(text: String, message: String) {
    #expect(#expect(throws: LabError.self) { try ShellWords.split(text, of: "--slurm") }?.description == message)
}
