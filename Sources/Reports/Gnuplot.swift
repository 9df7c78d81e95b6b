import Foundation
import Programs

/// gnuplot, within a time.
struct Gnuplot {
    /// The most that one figure may take, and all figures of a page together, in seconds.
    static let mostSeconds = 30
    static let mostSecondsOfAll = 120

    private let start = ContinuousClock.now

    /// Runs a script in a folder.
    /// - Returns: what went wrong, in one line; nil where nothing did.
    func run(script: String, in folder: String) -> String? {
        let began = ContinuousClock.now
        let left = Self.mostSecondsOfAll - Int((began - start).components.seconds)
        guard left > 0 else { return "the figures took longer than \(Self.mostSecondsOfAll) s" }
        let seconds = min(Self.mostSeconds, left)
        do {
            // It stops what gnuplot may have started too, also where this program has ended before.
            let limit = ["/usr/bin/timeout", "--kill-after=1", "\(seconds)"]
            let program = try Program(running: ["/usr/bin/env", "-C", folder] + limit + ["gnuplot", script])
            guard ContinuousClock.now - began < .seconds(seconds) else {
                return "gnuplot took longer than \(seconds) s and was stopped"
            }
            return problem(program)
        } catch {
            return "\(error)"
        }
    }

    private func problem(_ program: Program) -> String? {
        switch program.ending {
        case .exit(0): return nil
        case .exit(127): return "gnuplot was not found; install it (Debian: apt-get install gnuplot-nox)"
        case .exit(let code):
            // The place in the script comes first, the problem last.
            let lines = program.said.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
            let words = lines.last.map { ": \(Language.gnuplot.escapeText(String($0.prefix(200))))" } ?? ""
            return "gnuplot ended with exit code \(code)\(words)"
        case .outOfTime: return "gnuplot was stopped"
        case .signal(let number): return "gnuplot was ended by signal \(number), \(String(cString: strsignal(number)))"
        }
    }
}
