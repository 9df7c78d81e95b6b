import Execution
import Foundation
import Statistics
import TestSupport
import Testing

/// Runs the program on a pseudo-terminal of 80 columns, which becomes one of 50 once steps are shown, and prints each line that it
/// showed behind the width that the terminal had.
private let terminal = """
    import fcntl, os, pty, re, signal, struct, sys, termios, time
    child, terminal = pty.fork()
    if child == 0:
        time.sleep(0.2)
        os.environ["TERM"] = "xterm"
        os.execv(sys.argv[1], sys.argv[1:])
    def resize(columns):
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    resize(80)
    shown, narrow, begin = b"", None, time.monotonic()
    while True:
        try: read = os.read(terminal, 65536)
        except OSError: break
        if not read: break
        shown += read
        if narrow is None and shown.count(b"  about ") >= 5:
            resize(50)
            narrow = len(shown)
            begin = time.monotonic()
        if narrow is not None and time.monotonic() - begin > 1:
            os.kill(child, signal.SIGINT)
            begin = float("inf")
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    place = 0
    for line in re.split(rb"(?<=\\x1b\\[J)|\\r?\\n", shown):
        # One line may have been on its way when the window changed.
        width = 80 if narrow is None or place <= narrow + 100 else 50
        print(width, line.decode(errors="replace").removesuffix("\\x1b[J").removesuffix("\\r"))
        place += len(line)
    print("code", code)
    """

@Test func oneLineOfProgressFitsTheTerminal() throws {
    let lab = Lab()
    let output = try python(
        terminal,
        [
            ntklab, "train", lab.folder.file("config.yaml"), "--out", lab.folder.file("runs"), "--set",
            "training.stop={steps: 100000000, loss_ratio: 1e-300}", "--set", "tracking.every=1000000",
        ])
    #expect(output.code == 0 && output.out.contains("code 130"), "\(output)")
    let lines = output.out.split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.hasPrefix("80 before step 1: λ_max") }, "\(output)")
    let steps = lines.filter { $0.contains(" step ") && $0.contains("  loss ") }
    for width in [80, 50] {
        let live = steps.filter { $0.hasPrefix("\(width) ") }.map { $0.dropFirst(3) }
        #expect(live.count { $0.contains("  about ") } >= 3, "\(output.out)")
        for line in live { #expect(line.count < width, "\(line)") }
    }
    #expect(steps.contains { $0.hasPrefix("80 ") && $0.contains("steps/s") }, "\(output.out)")
    #expect(output.out.contains("at step 0, measured last"), "\(output.out)")
}

/// A log file has whole lines, few of them, and no characters that command terminals.
@Test func aLogHasWholeLines() throws {
    let lab = Lab()
    let output = try lab.call(["train", "config.yaml"])
    #expect(output.code == 0 && !output.err.contains("\r") && !output.err.contains("\u{1B}"), "\(output)")
    for line in ["start     ", "time      "] { #expect(output.err.contains("\n" + line), "\(output)") }
}

/// Steps of 0.1 s, at each of which `loss` is known.
private func estimate(
    after steps: Int, goal: Double?, steps most: Int = 1_000_000, limit: Double? = nil, loss: (Double) -> Double
) -> (seconds: Double, isLimit: Bool, pace: Double)? {
    var left = TimeLeft(goal: goal, steps: most, limit: limit)
    for step in 0...steps { left.record(step: step, loss: loss(Double(step)), seconds: 0.1 * Double(step)) }
    return left.estimate
}

@Test func timeLeftComesFromTheContraction() throws {
    // e^(−t/100) is 1e-8 after 1842 steps.
    for steps in [10, 500, 1500] {
        let found = try #require(estimate(after: steps, goal: 1e-8) { exp(-$0 / 100) })
        #expect(!found.isLimit && abs(found.seconds - 0.1 * (1842.07 - Double(steps))) < 0.1, "\(steps): \(found)")
        #expect(abs(found.pace - 0.1) < 1e-12)
    }
    // A fast mode first: what is gone by half of the steps counts no more.
    let slow = try #require(estimate(after: 1000, goal: 1e-8) { exp(-$0 / 10) + 1e-2 * exp(-$0 / 200) })
    #expect(abs(slow.seconds - 0.1 * (2763.1 - 1000)) < 1, "\(slow)")
    // Without a goal, a loss that doesn't fall, or a goal that is farther than the last step: at most the limit.
    for (goal, fall) in [(nil, 1.0), (1e-8, 0), (1e-8, -1), (1e-300, 1e-3)] as [(Double?, Double)] {
        let found = try #require(estimate(after: 100, goal: goal, steps: 2000) { exp(-fall * $0 / 100) })
        #expect(found.isLimit && abs(found.seconds - 190) < 1e-6, "\(found)")
    }
    let minutes = try #require(estimate(after: 100, goal: 1e-8, limit: 30) { exp(-$0 / 100) })
    #expect(minutes.isLimit && abs(minutes.seconds - 20) < 1e-9)
    // The goal is behind it.
    #expect(try #require(estimate(after: 100, goal: 1) { exp(-$0 / 100) }).seconds == 0)
    #expect(estimate(after: 0, goal: 1e-8) { exp(-$0) } == nil)
    #expect(try #require(estimate(after: 5, goal: 1e-8) { _ in .nan }).isLimit)
}
