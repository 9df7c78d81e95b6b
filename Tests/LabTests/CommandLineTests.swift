import Configurations
import Console
import Foundation
import Statistics
import TestSupport
import Testing
import Theory

/// The reference has every key, as text, Markdown and JSON; a section has its own.
@Test func theReferenceHasEveryKey() throws {
    let all = try ConfigReference()
    let markdown = all.markdown
    let lines = Set(all.lines(columns: 100).map { String($0.prefix { $0 != " " }) })
    #expect(Configuration.keys.count > 100)
    for key in Configuration.keys {
        #expect(lines.contains(key) && markdown.contains("| `\(key)`"), "\(key)")
    }
    let rows = markdown.split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(rows.allSatisfy { $0.replacing("\\|", with: "").count { $0 == "|" } == 5 }, "\(rows)")
    let stop = try Lab().call(["config", "training.stop"])
    let shown = stop.out.split(separator: "\n").filter { !$0.hasPrefix(" ") }
    #expect(stop.code == 0 && shown.count == 6 && shown.allSatisfy { $0.hasPrefix("training.stop.") }, "\(stop.out)")
    #expect(try Lab().call(["config", "model.width"]).out.hasPrefix("model.width  [network: mlp]\n    integer"))
}

/// Help shows what is taken by a command whose subcommand is meant by default.
@Test func helpShowsTheOptionsOfRunning() throws {
    for (command, words) in [
        ("sweep", ["<config>", "--set", "--out", "--jobs", "--fail-fast", "--dry-run", "--json", "status", "fit"]),
        ("study", ["<name>", "--full", "--out", "--jobs", "--dry-run", "list"]),
    ] {
        for arguments in [[command, "--help"], ["help", command]] {
            let output = try run(ntklab, arguments)
            #expect(output.code == 0, "\(output.err)")
            for word in words { #expect(output.out.contains(word), "\(word) is not in\n\(output.out)") }
            #expect(output.out.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(output.out)")
        }
    }
}

/// What bash offers for words of a command line, by the script that is installed.
private func completions(_ lab: Lab, _ words: [String]) throws -> [String] {
    let script = """
        source completions.bash
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
        _ntklab "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
        """
    let output = try run(
        "/bin/bash", ["--norc", "-c", script, "bash", ntklab] + words, folder: lab.folder.path)
    #expect(output.code == 0 && output.err.isEmpty, "\(words): \(output.err)")
    return output.out.split(separator: "\n").map(String.init)
}

@Test func bashCompletesRunsFilesAndWords() throws {
    let lab = Lab()
    let (_, path) = try lab.train(["training.stop.steps=2"])
    _ = try lab.train(["training.stop.steps=2", "name=other"])
    _ = lab.folder.write("notes.txt", "")
    let script = try lab.call(["--generate-completion-script", "bash"])
    #expect(script.code == 0)
    _ = lab.folder.write("completions.bash", script.out)
    let run = URL(fileURLWithPath: path).lastPathComponent
    for verb in ["certify", "resume", "report", "inspect", "ntk"] {
        #expect(
            try Set(completions(lab, [verb, ""])).isSuperset(of: ["latest", "small", "other", "runs/"]), "\(verb)")
    }
    #expect(try completions(lab, ["certify", "sm"]) == ["small"])
    #expect(try completions(lab, ["certify", "small/"]) == ["small/\(run)"])
    #expect(try Set(completions(lab, ["certify", "runs/"])) == ["runs/latest", "runs/small/", "runs/other/"])
    #expect(try completions(lab, ["inspect", "\(path)/metr"]) == ["\(path)/metrics.h5"])
    #expect(try completions(lab, ["sweep", "status", "la"]) == [])
    #expect(try Set(completions(lab, ["train", ""])).contains("config.yaml"))
    #expect(try !completions(lab, ["train", ""]).contains("notes.txt"))
    #expect(try completions(lab, ["train", "config.yaml", "--set", "model.wid"]) == ["model.width"])
    #expect(try completions(lab, ["study", "run", "d"]) == ["du-2019"])
    #expect(
        try completions(lab, ["config", "training.stop.lo"]) == ["training.stop.loss", "training.stop.loss_ratio"])
    #expect(try completions(lab, ["ntk", "latest", "--outputs", "t"]) == ["trace"])
    #expect(try completions(lab, ["train", "config.yaml", "--out", "ru"]) == ["runs"])
    // bash expands what it is offered: names that would command it are not.
    try FileManager.default.createDirectory(
        atPath: lab.folder.file("runs/$(touch hacked)/x/checkpoints"), withIntermediateDirectories: true)
    #expect(try completions(lab, ["certify", "$"]).isEmpty)
    #expect(try completions(lab, ["certify", "o"]) == ["other"])
    #expect(!FileManager.default.fileExists(atPath: lab.folder.file("hacked")))
}

/// `make install` puts files where they belong, and `make uninstall` takes away these and no other. What is built for it
/// is not built here.
@Test func whatIsInstalledIsUninstalled() throws {
    let folder = TestFolder()
    let files = [
        "bin/ntklab", "share/bash-completion/completions/ntklab", "share/fish/vendor_completions.d/ntklab.fish",
        "share/man/man1/ntklab.1", "share/zsh/site-functions/_ntklab",
    ]
    for file in files {
        let path = folder.file("stage/" + file)
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try file.write(toFile: path, atomically: true, encoding: .utf8)
    }
    func make(_ goal: String) throws -> Output {
        try run(
            "/usr/bin/make",
            [
                "-s", "-C", repository, "-o", "release", goal, "STAGE=" + folder.file("stage"), "PREFIX=/opt/my lab",
                "DESTDIR=" + folder.file("root"),
            ])
    }
    func installed() -> [String] {
        let prefix = folder.file("root/opt/my lab")
        var isFolder: ObjCBool = false
        return (FileManager.default.subpaths(atPath: prefix) ?? []).filter {
            FileManager.default.fileExists(atPath: "\(prefix)/\($0)", isDirectory: &isFolder) && !isFolder.boolValue
        }.sorted()
    }
    let output = try make("install")
    #expect(output.code == 0 && installed() == files, "\(output) \(installed())")
    #expect(access(folder.file("root/opt/my lab/bin/ntklab"), X_OK) == 0)
    #expect(access(folder.file("root/opt/my lab/share/man/man1/ntklab.1"), X_OK) != 0)
    _ = folder.write("root/opt/my lab/bin/other", "")
    #expect(try make("uninstall").code == 0 && installed() == ["bin/other"])
}
