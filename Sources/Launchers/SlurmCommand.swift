import Files
import Programs

/// A command of Slurm, run within a time.
enum SlurmCommand {
    /// What it printed.
    /// - Parameter mostPrinted: bytes that are kept of it.
    /// - Throws: `SlurmError`.
    static func run(
        _ words: [String], within seconds: Double, mostPrinted: Int = 1 << 16, environment: [String: String?] = [:]
    ) throws -> String {
        let program: Program
        do throws(ProgramError) {
            program = try Program(
                running: words, within: seconds, mostPrinted: mostPrinted, environment: environment)
        } catch {
            throw error.isMissing ? SlurmError.missing("\(error)") : SlurmError.refused("\(error)")
        }
        let said = said(program.said, by: words[0])
        switch program.ending {
        case .exit(0):
            guard program.isWhole else {
                throw SlurmError.refused("\(words[0]) printed more than \(mostPrinted) bytes")
            }
            return program.printed
        case .exit(let code):
            throw SlurmError.refused(said.isEmpty ? "\(words[0]) ended with exit code \(code)" : said)
        case .signal(let number):
            throw SlurmError.noAnswer("\(words[0]) was ended by signal \(number)" + (said.isEmpty ? "" : ": \(said)"))
        case .outOfTime:
            throw SlurmError.noAnswer(
                "\(words[0]) gave no answer within \(Int(seconds.rounded(.up))) s"
                    + (said.isEmpty ? "" : "; it said: \(said)"))
        }
    }

    /// What a command said, in one line, without its name before each.
    private static func said(_ text: String, by command: String) -> String {
        text.split(separator: "\n").map { line in
            ["\(command): error: ", "\(command): fatal: ", "\(command): "].reduce(line) {
                $0.hasPrefix($1) ? $0.dropFirst($1.count) : $0
            }
        }.map { excerpt(String($0), 300) }.suffix(5).joined(separator: "; ")
    }
}

/// Why a command of Slurm gave no result, in words.
enum SlurmError: Error {
    /// It is not there.
    case missing(String)
    /// It said no, or could not be started.
    case refused(String)
    /// Nothing is known of what it has done.
    case noAnswer(String)

    var words: String {
        switch self {
        case .missing(let words), .refused(let words), .noAnswer(let words): words
        }
    }
}
