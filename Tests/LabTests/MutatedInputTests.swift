import Foundation
import TestSupport
import Testing
import Theory

private let fuzz = repository + "/Tests/LabTests/Fuzz"
/// Address space that lets the program's own bounds on memory be met, not the test's.
private let bounded = ["sh", "-c", "ulimit -v 1700000; exec \"$@\"", "sh", ntklab]

/// Runs a command on each entry of a folder and returns the lines on those that ended otherwise than with one of the
/// codes, within 10 s and 1 GiB; the last line counts how they ended.
private func results(of command: [String], on folder: String, codes: String, _ environment: [String: String?] = [:])
    throws -> [String]
{
    let output = try run(
        "/usr/bin/python3", ["\(fuzz)/damaged_files.py", "run", folder, "10", "1024", codes] + command,
        environment: environment)
    try #require(output.code == 0, "\(output.err)")
    return output.out.split(separator: "\n").map(String.init)
}

private func make(_ script: String, _ arguments: [String]) throws {
    let made = try run("/usr/bin/python3", ["\(fuzz)/\(script)"] + arguments)
    try #require(made.code == 0, "\(made.err)")
}

/// Configurations with something changed, and what reads them.
@Test(arguments: [
    (["base_run", "base_layers"], ["train", "FILE", "--dry-run", "--threads", "1"], "0,2"),
    (
        ["base_run", "base_layers"],
        ["train", "FILE", "--quiet", "--threads", "1", "--out", "OUT", "--set", "training.stop.minutes=0.02"], "0,2,3"
    ),
    (["base_sweep"], ["sweep", "FILE", "--dry-run", "--out", "OUT"], "0,1,2"),
])
func mutatedConfigurationsAreRunOrRefused(bases: [String], arguments: [String], codes: String) throws {
    let (configs, out) = (TestFolder(), TestFolder())
    try make(
        "mutated_configs.py", ["1", isLong ? "1000" : "40", configs.path] + bases.map { "\(fuzz)/\($0).yaml" })
    // In the working folder, where paths are looked for too.
    _ = out.write("table.csv", (0..<15).map { "\($0 % 4),\($0 % 3),\($0),1,\($0 % 3)\n" }.joined())
    let command = bounded + arguments.map { $0.replacing("OUT", with: out.path) }
    for base in bases {
        let sound = command.map { $0.replacing("FILE", with: "\(fuzz)/\(base).yaml") }
        let output = try run("/usr/bin/env", ["--chdir=\(out.path)"] + sound)
        #expect(output.code == 0, "\(output.err)")
    }
    let results = try results(of: ["env", "--chdir=\(out.path)"] + command, on: configs.path, codes: codes)
    print("\(arguments[0]): \(results.last ?? "")")
    #expect(results.count == 1, "\(results.joined(separator: "\n"))")
}

/// A run and a sweep to damage, the reader that makes digests sound again, and a gnuplot that draws nothing, since what
/// it is given is what counts here.
private struct DamagedFolders {
    static let made = Result { try DamagedFolders() }
    let lab = Lab()
    let runFolder: String
    let sweepFolder: String
    var readers: String { lab.folder.file("readers") }
    var path: String { lab.folder.path + ":/usr/local/bin:/usr/bin:/bin" }

    private init() throws {
        let runs = try run(
            ntklab, ["train", "\(fuzz)/base_run.yaml", "--quiet", "--threads", "1"], folder: lab.folder.path)
        try #require(runs.code == 0, "\(runs.err)")
        runFolder = try lab.onlyRun(in: "runs")
        let sweep = try run(
            ntklab, ["sweep", "\(fuzz)/base_sweep.yaml", "--quiet", "--out", "sweeps"], folder: lab.folder.path)
        try #require(sweep.code == 0, "\(sweep.err)")
        sweepFolder = lab.folder.file("sweeps/small")
        let build = """
            exec clang -O1 -o "$0" "$1" \
            \(["CHDF5", "CFiles"].map { "-I\(repository)/Sources/\($0)/include \(repository)/Sources/\($0)/*.c" }
                .joined(separator: " ")) $(pkg-config --cflags --libs hdf5 libzip zlib libxxhash) -lhdf5_hl
            """
        let built = try run("/bin/sh", ["-c", build, readers, "\(fuzz)/readers.c"])
        try #require(built.code == 0, "\(built.err)")
        _ = lab.folder.write("gnuplot", "#!/bin/sh\nexit 1\n")
        chmod(lab.folder.file("gnuplot"), 0o755)
    }
}

/// Folders of runs and sweeps with damaged or lying files, for every verb that reads them.
@Test(arguments: [
    (false, ["inspect", "FILE"], "0,2"), (false, ["certify", "FILE"], "0,1,2,4"),
    (false, ["certify", "FILE", "--json"], "0,1,2,4"), (false, ["report", "FILE"], "0,2"),
    (false, ["resume", "FILE", "--quiet"], "0,2,3"), (false, ["ntk", "FILE", "--out", "FILE/theta.h5"], "0,2"),
    (true, ["sweep", "status", "FILE"], "0,2"), (true, ["sweep", "fit", "FILE"], "0,1,2"),
    (true, ["report", "FILE"], "0,2"),
])
func damagedFoldersAreReadOrRefused(isSweep: Bool, arguments: [String], codes: String) throws {
    let base = try DamagedFolders.made.get()
    let folder = TestFolder()
    try make(
        "damaged_runs.py",
        ["1", isLong ? "1000" : "25", folder.path, isSweep ? base.sweepFolder : base.runFolder, base.readers])
    let results = try results(of: [ntklab] + arguments, on: folder.path, codes: codes, ["PATH": base.path])
    print("\(arguments.joined(separator: " ")): \(results.last ?? "")")
    #expect(results.count == 1, "\(results.joined(separator: "\n"))")
}

/// Damaged files of every format of data, and of reference cases.
@Test(arguments: [
    ("csv", "source: csv, path: FILE"), ("gz", "source: csv, path: FILE"),
    ("npy", "source: npy, path: FILE, labels_path: y.npy"), ("npz", "source: npz, path: FILE"),
    ("idx", "source: idx, path: FILE, labels_path: y.idx"),
])
func damagedDataIsReadOrRefused(kind: String, data: String) throws {
    let (lab, files) = (Lab(), TestFolder())
    let script = """
        import gzip, struct, numpy as np
        x = np.arange(96).reshape(16, 2, 3) / 7; y = np.arange(16) % 3
        np.save('x.npy', x); np.save('y.npy', y); np.savez_compressed('a.npz', x=x, y=y); np.savez('b.npz', x=x, y=y)
        text = '\\n'.join(['a,b,c'] + [f'{i / 3},{i * i},{i % 3}' for i in range(16)]).encode()
        open('a.csv', 'wb').write(text); gzip.open('a.gz', 'wb').write(text)
        open('x.idx', 'wb').write(struct.pack('>BBBBIII', 0, 0, 8, 3, 16, 2, 3) + bytes(range(96)))
        open('y.idx', 'wb').write(struct.pack('>BBBBI', 0, 0, 8, 1, 16) + y.astype('u1').tobytes())
        """
    let made = try python(script, folder: lab.folder.path)
    try #require(made.code == 0, "\(made.err)")
    let bases = ["csv": ["a.csv"], "gz": ["a.gz"], "npy": ["x.npy"], "npz": ["a.npz", "b.npz"], "idx": ["x.idx"]]
    try make(
        "damaged_files.py",
        ["make", kind, "1", isLong ? "1000" : "30", files.path] + (bases[kind] ?? []).map(lab.folder.file))
    let text = data.replacing("y.", with: lab.folder.file("y.")).replacing(", path: FILE", with: "")
    _ = lab.folder.write(
        "config.yaml",
        "name: small\ndata: {\(text), path: none, normalization: none}\nmodel: {width: 8, depth: 1}\n"
            + "training: {stop: {steps: 1}}\n")
    let command =
        bounded + ["train", lab.folder.file("config.yaml"), "--quiet", "--threads", "1", "--out", lab.folder.path]
    for base in bases[kind] ?? [] {
        let output = try run("/usr/bin/env", command + ["--set", "data.path=\(lab.folder.file(base))"])
        #expect(output.code == 0, "\(output.err)")
    }
    let results = try results(of: command + ["--set", "data.path=FILE"], on: files.path, codes: "0,2,3")
    print("\(kind): \(results.last ?? "")")
    #expect(results.count == 1, "\(results.joined(separator: "\n"))")
}

@Test func damagedReferencesAreComparedOrRefused() throws {
    let base = try DamagedFolders.made.get()
    let files = TestFolder()
    try make(
        "damaged_files.py",
        ["make", "h5", "1", isLong ? "1000" : "20", files.path, "\(repository)/Tests/LabTests/References/torch.h5"])
    let sounding = try FileManager.default.contentsOfDirectory(atPath: files.path).filter { $0.contains(".sound.") }
    if !sounding.isEmpty { try #require(run(base.readers, ["sound"] + sounding.map(files.file)).code == 0) }
    let results = try results(of: [ntklab, "verify", "FILE"], on: files.path, codes: "0,1,2")
    print("verify: \(results.last ?? "")")
    #expect(results.count == 1, "\(results.joined(separator: "\n"))")
}
