import Benchmarks
import Foundation
import Studies
import TestSupport
import Testing
import Theory

/// Runs a program in a terminal of so many columns, for what it prints there; errors go nowhere.
private let terminal = """
    import fcntl, os, pty, struct, sys, termios
    child, screen = pty.fork()
    if child == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 40, int(sys.argv[1]), 0, 0))
        os.dup2(os.open('/dev/null', os.O_WRONLY), 2)
        os.execv(sys.argv[2], sys.argv[2:])
    text = b''
    while True:
        try:
            part = os.read(screen, 65536)
        except OSError:
            break
        if not part:
            break
        text += part
    sys.stdout.write(text.decode().replace('\\r\\n', '\\n'))
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """

/// A run and a sweep, and every command that prints results of them, of data or of the machine.
private struct Fixture {
    let lab = Lab()
    let commands: [(arguments: [String], isTable: Bool)]

    init() throws {
        let sets = [
            "name=grid", "sweep.axes={model.width: [8, 16, 32, 64], model.depth: [1, 2], seed: 0..1}",
            "sweep.stop_at={loss_ratio: 0.5}", "sweep.fit=[weight_drift, flips]",
            "sweep.critical_width={reach: 0.5, within: 60, from: 8, to: 64, seeds: 0.5, over: [model.depth]}",
            "tracking.kernel={samples: 48, outputs: full, precision: float64}",
        ]
        let grid = ["config.yaml", "--quiet"] + sets.flatMap { ["--set", $0] }
        let run = try lab.train(["tracking.kernel={samples: 16, per_decade: 2}", "tracking.landscape={directions: 1}"])
        #expect(run.output.code == 0, "\(run.output.err)")
        let sweep = try lab.call(["sweep"] + grid)
        #expect(sweep.code == 0 && sweep.out.contains("critical widths"), "\(sweep)")
        _ = lab.folder.write(
            "saddles.yaml",
            "data: {source: sphere, samples: 6, dimension: 2, class_count: 2}\nmodel: {width: 2, depth: 1, activation: tanh}"
        )
        _ = lab.folder.write("data.csv", "a,b,y\n1,2,0\n2,1,1\n3,1,0\n")
        commands = [
            (["train", "config.yaml", "--quiet", "--set", "name=short", "--set", "training.stop.steps=3"], true),
            (["resume", run.path, "--quiet", "--set", "training.stop.steps=70"], true),
            (["train", "config.yaml", "--dry-run"], true), (["list"], true), (["certify", "runs/small"], true),
            (["inspect", "runs/small"], false), (["inspect", run.path + "/metrics.h5"], false),
            (["ntk", "small", "--dry-run"], true), (["ntk", "small", "--out", "OUT.h5"], true),
            (["connect", "small", "small", "--path", "bezier", "--out", "OUT.h5"], true),
            (["sharpness", "small", "--subspace", "3"], true),
            (["stationary", "saddles.yaml", "--ridge", "0.1", "--starts", "20", "--out", "OUT.h5"], true),
            (["report", "small", "--out", "OUT"], false), (["sweep", "status", "grid"], true),
            (["sweep", "fit", "grid"], true), (["sweep"] + grid + ["--dry-run"], true), (["sweep"] + grid, true),
            (["study", "list"], true), (["study", "run", "du-2019", "--dry-run"], true),
            (["data", "list"], true), (["data", "samples", "small", "--to", "OUT.h5"], false),
            (["data", "batches", "small", "--steps", "0..2"], false),
            (["data", "import", "data.csv", "--format", "csv", "--to", "OUT.h5"], false),
            (["config"], true), (["config", "training.stop"], true), (["verify", referenceFile], true),
            (["bench", "gemm", "--size", "8"], true),
            (["bench", "train", "--width", "8", "--batch", "4", "--depth", "2"], true),
            (["bench", "checkpoint", "--parameters", "1000"], true), (["bench", "sweep", "--cells", "2"], true),
        ]
    }

    /// A command with a new file or folder for its output.
    func arguments(_ command: [String], _ number: Int) -> [String] {
        command.map { $0.replacing("OUT", with: lab.folder.file("out-\(number)")) }
    }
}

private func isSnakeCase(_ key: String) -> Bool {
    !key.isEmpty && key.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "_" }
}

/// Every key of a value, and of what is in it.
private func keys(_ value: Any) -> [String] {
    if let object = value as? [String: Any] { return object.keys + object.values.flatMap(keys) }
    return (value as? [Any] ?? []).flatMap(keys)
}

/// Nothing that is printed in lines is wider than the terminal, or than 100 columns where there is none; with `--json`
/// standard output is JSON with keys in snake_case, whose numbers are numbers.
@Test(.timeLimit(.minutes(10))) func resultsFitTheTerminalAndAreJSON() throws {
    let fixture = try Fixture()
    var number = 0
    for (command, isTable) in fixture.commands {
        let name = command.prefix(2).joined(separator: " ")
        for width in isTable ? [80, 100] : [] {
            number += 1
            let output = try python(
                terminal, ["\(width)", ntklab] + fixture.arguments(command, number), folder: fixture.lab.folder.path)
            #expect([0, 1, 4].contains(output.code) && !output.out.isEmpty, "\(name): \(output)")
            for line in output.out.split(separator: "\n") where !line.hasPrefix("run directory: ") {
                #expect(line.count <= width, "\(name) at \(width) columns: \(line.count) in\n\(line)")
            }
        }
        number += 1
        let plain = try fixture.lab.call(fixture.arguments(command, number))
        let widest = plain.out.split(separator: "\n").map(\.count).max() ?? 0
        #expect(!isTable || widest <= 100 || name.hasPrefix("resume"), "\(name): \(widest)\n\(plain.out)")
        number += 1
        let output = try fixture.lab.call(fixture.arguments(command, number) + ["--json"])
        #expect(output.code == plain.code, "\(name): \(output)")
        let lines = output.out.split(separator: "\n")
        #expect(!lines.isEmpty, "\(name)")
        for line in lines {
            let value = try? JSONSerialization.jsonObject(with: Data(line.utf8))
            let found = keys(try #require(value, "\(name) --json: \(line.prefix(300))"))
            #expect(!found.isEmpty && found.allSatisfy(isSnakeCase), "\(name): \(found.filter { !isSnakeCase($0) })")
            // A hash may have no letter, or an e alone.
            let others = line.replacing(/"id":"[0-9a-f]{16}"/, with: "")
            let number = others.firstMatch(of: /":"-?[0-9.]+(e-?[0-9]+)?"/)
            #expect(number == nil || name.hasPrefix("config"), "\(name): \(number?.output.0 ?? "")")
        }
    }
}

/// The rows of a study's comparison, which would take minutes to make.
@Test func comparisonsOfStudiesFit() {
    let rows = [
        StudyComparison(
            "exponent of the largest distance of a neuron, 3 layers", nil, published: .exact(-0.5)),
        StudyComparison("x", nil, published: .exact(0.123456)),
    ]
    for width in [80, 100] {
        let lines = StudyRun.table(rows, columns: width)
        #expect(lines.count > 2 && lines.allSatisfy { $0.count <= width }, "\(lines)")
        for table in [
            GEMMBenchmark.table.titles(width: width), WorkBenchmark.table.titles(width: width),
            TrainingBenchmark.table.titles(width: width), KernelBenchmark.table.titles(width: width),
        ] {
            #expect(table.count == 1 && table[0].count <= width, "\(width): \(table)")
        }
    }
}
