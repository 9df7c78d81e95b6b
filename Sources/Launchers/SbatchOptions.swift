import Files

/// The user's own options of sbatch, and those that are not the user's.
enum SbatchOptions {
    private struct Reserved {
        let name: String
        var letter: Character?
        /// The variable of the environment that stands for it.
        var variable: String?
        let reason: String
    }

    private static let ours = "the script sets it"
    private static let reserved = [
        Reserved(name: "array", letter: "a", variable: "SBATCH_ARRAY_INX", reason: "--workers and --at-once say it"),
        Reserved(name: "error", letter: "e", variable: "SBATCH_ERROR", reason: ours),
        Reserved(name: "help", letter: "h", reason: "it submits nothing"),
        Reserved(name: "job-name", letter: "J", variable: "SBATCH_JOB_NAME", reason: ours),
        Reserved(name: "open-mode", variable: "SBATCH_OPEN_MODE", reason: ours),
        Reserved(name: "output", letter: "o", variable: "SBATCH_OUTPUT", reason: ours),
        Reserved(name: "quiet", letter: "Q", reason: "the number of the job is needed"),
        Reserved(name: "signal", variable: "SBATCH_SIGNAL", reason: ours),
        Reserved(name: "test-only", reason: "it submits nothing"),
        Reserved(name: "usage", letter: "u", reason: "it submits nothing"),
        Reserved(name: "version", letter: "V", reason: "it submits nothing"),
        Reserved(name: "wait", letter: "W", variable: "SBATCH_WAIT", reason: "nothing waits for the workers here"),
        Reserved(name: "wrap", reason: "the script is ours"),
    ]

    /// Options that no word follows as their value; those of newer versions that are missing here are taken for such that one does.
    private static let flags: Set = [
        "contiguous", "exclusive", "get-user-env", "hold", "ignore-pbs", "nice", "no-kill", "no-requeue", "overcommit",
        "oversubscribe", "parsable", "propagate", "reboot", "requeue", "share", "spread-job", "stepmgr",
        "use-min-nodes",
        "verbose", "wait-all-nodes",
    ]
    private static let flagLetters: Set<Character> = ["H", "I", "k", "O", "s", "v"]

    /// Variables that would have their way against the script.
    static let variables = reserved.compactMap(\.variable)

    /// Whether they name another cluster, of which nothing is known here.
    static func nameCluster(_ options: [String]) -> Bool {
        options.contains { $0.hasPrefix("-M") || $0.hasPrefix("--cl") }
    }

    /// - Throws: `LabError` for an option that contradicts what the script says, and for what is no option.
    static func check(_ options: [String]) throws {
        var isValue = false
        for word in options {
            guard !word.unicodeScalars.contains(where: ArrayJob.endsLine) else {
                throw LabError("--slurm: a line break in \(excerpt(word)): expected options of sbatch")
            }
            if isValue {
                isValue = false
            } else if word.hasPrefix("--"), word != "--" {
                isValue = try takesNext(long: String(word.dropFirst(2)))
            } else if word.hasPrefix("-"), word != "-", word != "--" {
                isValue = try takesNext(letters: word.dropFirst())
            } else {
                throw LabError("--slurm: expected options of sbatch, found \(excerpt(word)); the script is ours")
            }
        }
    }

    /// Whether the next word is the value of an option; sbatch takes the beginning of a name for the name.
    private static func takesNext(long word: String) throws -> Bool {
        let name = String(word.prefix { $0 != "=" })
        for option in reserved where option.name.hasPrefix(name) { throw refusal(of: "--" + name, option) }
        return name == word && !flags.contains(name)
    }

    private static func takesNext(letters: Substring) throws -> Bool {
        for (index, letter) in letters.enumerated() {
            for option in reserved where option.letter == letter { throw refusal(of: "-\(letter)", option) }
            if !flagLetters.contains(letter) { return index == letters.count - 1 }
        }
        return false
    }

    private static func refusal(of word: String, _ option: Reserved) -> LabError {
        let name = word == "--" + option.name ? word : "\(word) (--\(option.name))"
        return LabError("--slurm: \(name) can't be given: \(option.reason)")
    }
}
