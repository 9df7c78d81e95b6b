import Foundation
import Reports
import Statistics
import TestSupport
import Testing
import Theory

/// The pages whose commands and Python snippets run as they stand, in an order that works.
private let pages =
    ["README.md"]
    + [
        "FromAConfigurationToAVerdict", "ConfigurationKeys", "Metrics", "Commands", "TheTangentKernel", "Curvature",
        "SharpMinima",
        "Saddles",
        "Connections",
        "Sweeps",
        "Speed",
    ].map { "Sources/ntklab/ntklab.docc/\($0).md" }

/// Commands and Python snippets of a page, in their order.
private struct Page {
    enum Snippet {
        case command(String)
        case python(String)
    }

    let snippets: [Snippet]

    init(_ path: String) throws {
        let lines = try String(contentsOfFile: "\(repository)/\(path)", encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        var snippets: [Snippet] = []
        var script: [Substring] = []
        for line in lines + [""] {
            let code = line.hasPrefix("    ") ? line.dropFirst(4) : nil
            if let code, !script.isEmpty || code.hasPrefix("import ") {
                script.append(code)
                continue
            }
            if !script.isEmpty { snippets.append(.python(script.joined(separator: "\n"))) }
            script = []
            guard let code, code.hasPrefix("ntklab ") else { continue }
            snippets.append(.command(code.split(separator: "   #")[0].trimmingCharacters(in: .whitespaces)))
        }
        self.snippets = snippets
    }
}

/// The configurations of the project for networks and data that take seconds; with `NTKLAB_TEST_LONG` as they are.
private func configurations(in lab: Lab, areSmall: Bool) throws {
    try FileManager.default.copyItem(atPath: repository + "/Configs", toPath: lab.folder.file("Configs"))
    let smaller = [
        ("digits-mlp", [("samples: 100", "samples: 50"), ("width: 1024", "width: 256"), ("9.0e-9", "1.0e-3")]),
        ("digits-cnn", [("samples: 50", "samples: 10"), ("width: 64", "width: 8"), ("1.0e-4", "1.0e-2")]),
        ("digits-sgd", [("samples: 100", "samples: 50"), ("width: 1024", "width: 64"), ("1.0e-4", "1.0e-1")]),
        (
            "sweep-mlp",
            [("samples: 32", "samples: 8"), ("0..4", "0..1"), ("[1, 2, 4]", "[1]"), ("within: 5000", "within: 500")]
        ),
    ]
    for (name, changes) in smaller where areSmall {
        let path = lab.folder.file("Configs/\(name).yaml")
        var text = try String(contentsOfFile: path, encoding: .utf8)
        for (old, new) in changes {
            #expect(text.contains(old), "\(name): \(old)")
            text = text.replacing(old, with: new)
        }
        _ = lab.folder.write("Configs/\(name).yaml", text)
    }
    // The network of the run whose weights are exported, that of `digits-cnn`.
    let mine = try String(contentsOfFile: lab.folder.file("Configs/digits-cnn.yaml"), encoding: .utf8)
    _ = lab.folder.write("mine.yaml", mine)
    try FileManager.default.copyItem(atPath: referenceFile, toPath: lab.folder.file("mine.h5"))
}

/// Where Matplotlib is missing, something that takes what it is given to draw.
private let stub = """
    import numpy as np
    def semilogy(x, y):
        assert len(x) == len(y) and np.all(np.asarray(y)[np.isfinite(y)] > 0)
    """

/// A command as it is run here. One that takes minutes shows by its help that it is there. The network that is to be wider is
/// wider than the small one.
private func runnable(_ command: String, areSmall: Bool) -> String {
    let command = command.replacing("RUN", with: "digits-mlp/latest")
    guard areSmall else { return command }
    let takesMinutes = ["ntklab bench", "ntklab study run"].contains { command.hasPrefix($0) }
    return command.replacing("width=2048", with: "width=512") + (takesMinutes ? " --help" : "")
}

/// Every command and every Python snippet of README and of the pages for users runs as it is pasted, on the run of the demo.
@Test func thePagesRun() throws {
    let isLong = ProcessInfo.processInfo.environment["NTKLAB_TEST_LONG"] != nil
    let lab = Lab()
    try configurations(in: lab, areSmall: !isLong)
    for name in ["matplotlib/__init__.py", "matplotlib/pyplot.py"] {
        try FileManager.default.createDirectory(
            atPath: lab.folder.file("stubs/matplotlib"), withIntermediateDirectories: true)
        _ = lab.folder.write("stubs/" + name, name.hasSuffix("pyplot.py") ? stub : "")
    }
    let demo = try lab.call(["train", "Configs/digits-mlp.yaml", "--out", "runs", "--quiet"])
    #expect(demo.code == 0, "\(demo)")
    let snippets = try pages.map { try Page($0).snippets }
    #expect(snippets.joined().count > 60)
    for (page, snippets) in zip(pages, snippets) {
        #expect(!snippets.isEmpty, "\(page)")
        for snippet in snippets {
            switch snippet {
            case .command(let text):
                let shown = runnable(text, areSmall: !isLong)
                let output = try run(
                    "/bin/bash", ["-c", "ntklab() { \(ntklab) \"$@\"; }; " + shown], folder: lab.folder.path)
                // Verdicts of so small a network may be any.
                let codes: Set<Int32> = text.hasPrefix("ntklab certify") ? [0, 1, 4] : [0]
                #expect(output.signal == nil && codes.contains(output.code), "\(page): \(shown): \(output)")
            case .python(let script):
                let path =
                    "import importlib.util, sys\nif not importlib.util.find_spec('matplotlib'): sys.path.append('stubs')\n"
                let output = try python(path + script, folder: lab.folder.path)
                #expect(output.code == 0, "\(page): \(script): \(output)")
            }
        }
    }
}

/// Every page of the program's documentation is on its landing page, and pages and README name only what is there.
@Test func linksLeadSomewhere() throws {
    let catalog = "Sources/ntklab/ntklab.docc"
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(repository)/\(catalog)")
        .filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }
    let landing = try String(contentsOfFile: "\(repository)/\(catalog)/ntklab.md", encoding: .utf8)
    for name in names where name != "ntklab" { #expect(landing.contains("<doc:\(name)>"), "\(name)") }
    for page in names.map({ "\(catalog)/\($0).md" }) + ["README.md"] {
        let text = try String(contentsOfFile: "\(repository)/\(page)", encoding: .utf8)
        for match in text.matches(of: /<doc:(\w+)>/) {
            #expect(names.contains(String(match.1)), "\(page): \(match.0)")
        }
        // Paths of the project: in code, or as the target of a link of README.
        for match in text.matches(of: /[`(]((?:Sources|Tests|Configs|datasets)\/[\w.\/-]+)[`)]/) {
            #expect(FileManager.default.fileExists(atPath: "\(repository)/\(match.1)"), "\(page): \(match.1)")
        }
    }
}
