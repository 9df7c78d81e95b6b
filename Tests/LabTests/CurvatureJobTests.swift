import Foundation
import TestSupport
import Testing

/// A run whose loss has `weights` trained weights, at step 4.
private func arguments(width: Int, _ more: [String] = []) -> [String] {
    [
        "data={source: sphere, samples: 60, test_samples: 16, dimension: 20, class_count: 3}",
        "model={width: \(width), depth: 2, bias: true, parametrization: standard}", "training.stop.steps=4",
        "training.learning_rate=0.002",
    ] + more
}

/// Numbers of a spectrum's file, through h5py.
private let reading = """
    import h5py, sys, numpy as np
    def spectrum(path):
        f = h5py.File(path)
        return {k: f[k][()] for k in f if isinstance(f[k], h5py.Dataset)} | dict(f.attrs)

    """

@Test func spectraOfASmallRunAddUp() throws {
    let lab = Lab()
    let path = try lab.train(arguments(width: 16)).path
    let files = ["hessian", "gauss-newton", "residual"].map { lab.folder.file("\($0).h5") }
    for (kind, file) in zip(["hessian", "gauss-newton", "residual"], files) {
        let output = try lab.call(["spectrum", path, "--of", kind, "--density", "--trace", "--out", file])
        #expect(output.code == 0, "\(output.err)")
        #expect(
            output.out.contains(kind == "gauss-newton" ? "Gram matrix, 180 rows" : "of the matrix"), "\(output.out)")
        #expect(output.out.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }
    let check = try python(
        reading + """
            h, g, r = (spectrum(p) for p in sys.argv[1:])
            n = 20 * 16 + 16 + 16 * 16 + 16 + 16 * 3 + 3
            print(h['trained_weights'] == n, len(h['eigenvalues']) == n, len(g['eigenvalues']) == 180,
                  abs(h['trace'] - h['eigenvalues'].sum()) < 1e-9 * abs(h['trace']),
                  abs(h['trace'] - g['trace'] - r['trace']) < 1e-9 * abs(g['trace']),
                  np.array_equal(h['largest'], h['eigenvalues'][::-1][:10]), np.array_equal(h['smallest'], h['eigenvalues'][:3]),
                  h['negative'] + h['positive'] + h['near_zero'] == n, h['counts'], g['negative'],
                  h['eigenvalues'][-1] <= g['eigenvalues'][-1] + r['eigenvalues'][-1] + 1e-9,
                  np.abs(h['vectors'] @ h['vectors'].T - np.eye(13)).max() < 1e-12)
            """, files)
    #expect(
        check.out == "True True True True True True True True all 0 True True\n", "\(check.out) \(check.err)")
}

/// A linearization has no curvature of its own: H by Lanczos is G, whose eigenvalues the Gram matrix gives.
@Test(arguments: ["float32", "float64"]) func lanczosFindsTheSpectrumOfTheGramMatrix(precision: String) throws {
    let lab = Lab()
    let path = try lab.train(arguments(width: 80, ["training.linearized=true"])).path
    let files = ["hessian", "gauss-newton"].map { lab.folder.file("\($0).h5") }
    for (kind, file) in zip(["hessian", "gauss-newton"], files) {
        let output = try lab.call([
            "spectrum", path, "--of", kind, "--density", "--trace", "--lanczos-steps", "200", "--precision", precision,
            "--memory", "120MiB", "--json", "--out", file,
        ])
        #expect(output.code == 0, "\(output.err)")
    }
    let check = try python(
        reading + """
            h, g = (spectrum(p) for p in sys.argv[1:])
            exact = g['eigenvalues'][::-1][:10]
            print(h['spectrum'].split(',')[0], h['counts'], h['negative'] == 0, h['positive'] <= g['positive'],
                  (np.abs(h['largest'] - exact) <= h['largest_error']).all(),
                  (h['largest_error'] < 1e-3 * exact[0]).all(),
                  abs(h['trace'] - g['trace']) <= 4 * h['trace_error'] + 1e-5 * g['trace'],
                  h['density_spike_at_least'] - 4 * h['density_spike_error'] <= 1 - 180 / h['trained_weights']
                  <= h['density_spike_at_most'] + 4 * h['density_spike_error'])
            """, files)
    #expect(
        check.out == "Lanczos with full reorthogonalization seen True True True True True True\n",
        "\(check.out) \(check.err)")
}

/// Killed at random moments, a spectrum goes on to the bytes of one that was left alone.
@Test func killsOfASpectrumLeaveNoTrace() throws {
    let lab = Lab()
    let path = try lab.train(arguments(width: 300)).path
    let arguments = [
        "spectrum", path, "--lanczos-steps", "100", "--top", "40", "--density", "--probes", "5", "--trace", "--out",
    ]
    let whole = try lab.call(arguments + ["whole.h5"])
    #expect(whole.code == 0, "\(whole.err)")
    let (file, parts) = (lab.folder.file("killed.h5"), lab.folder.file("killed.h5.parts"))
    let (kills, start) = (ProcessInfo.processInfo.environment["NTKLAB_TEST_LONG"] != nil ? 20 : 6, Date())
    var (killed, hasGoneOn) = (0, false)
    var generator = SystemRandomNumberGenerator()
    while killed < kills, Date().timeIntervalSince(start) < 120 {
        let child = try Child(ntklab, arguments + ["killed.h5"], folder: lab.folder.path)
        Thread.sleep(forTimeInterval: Double.random(in: 0.1...0.8, using: &generator))
        if child.process.isRunning { kill(child.process.processIdentifier, SIGKILL) }
        let output = try child.wait()
        if output.signal == SIGKILL { killed += 1 }
        hasGoneOn = hasGoneOn || output.err.contains("continue") || FileManager.default.fileExists(atPath: parts)
        if FileManager.default.fileExists(atPath: file), !FileManager.default.fileExists(atPath: parts) {
            #expect(lab.bytes(file) == lab.bytes(lab.folder.file("whole.h5")))
            try FileManager.default.removeItem(atPath: file)
        } else {
            #expect(output.signal == SIGKILL, "\(output.err)")
        }
    }
    #expect(killed == kills && hasGoneOn)
    let last = try lab.call(arguments + ["killed.h5"])
    #expect(last.code == 0, "\(last.err)")
    let bytes = lab.bytes(lab.folder.file("whole.h5"))
    #expect(bytes != nil && bytes == lab.bytes(file) && !FileManager.default.fileExists(atPath: parts))
    // Another request does not take up its parts.
    try FileManager.default.createDirectory(
        atPath: lab.folder.file("other.h5.parts"), withIntermediateDirectories: false)
    try Data("{\"--of\": \"residual\"}".utf8).write(
        to: URL(fileURLWithPath: lab.folder.file("other.h5.parts/job.json")))
    let other = try lab.call(arguments + ["other.h5"])
    #expect(other.code == 2 && other.err.contains("expected hessian, found residual"), "\(other.err)")
}

/// What is asked for and can't be had is said, and no Gram matrix is made that the memory is too little for.
@Test func aSpectrumSaysWhatItLacksAndKeepsToItsMemory() throws {
    let lab = Lab()
    let path = try lab.train(
        arguments(width: 80, ["data={source: sphere, samples: 500, dimension: 20, class_count: 3}"])
    ).path
    let large = try lab.call(["spectrum", path, "--of", "gauss-newton", "--out", "large.h5"])
    #expect(large.out.contains("Gram matrix, 1500 rows"), "\(large.out) \(large.err)")
    let few = try lab.call([
        "spectrum", path, "--of", "gauss-newton", "--lanczos-steps", "6", "--top", "10", "--bottom", "2", "--memory",
        "110MiB", "--out", "few.h5",
    ])
    #expect(few.code == 0 && few.out.contains("Lanczos"), "\(few.out) \(few.err)")
    let words = few.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(
        words.contains("6 not found: they take more --lanczos-steps smallest") && !words.contains("2 not found"),
        "\(words)")
}

/// The interval of a trace that is shown is twice Student's t of two freedoms, by a table, around the estimate of three vectors.
@Test func aTraceHasAnIntervalForItsVectors() throws {
    let lab = Lab()
    let path = try lab.train(arguments(width: 80)).path
    let output = try lab.call([
        "spectrum", path, "--top", "1", "--bottom", "0", "--trace", "--probes", "3", "--lanczos-steps", "4", "--json",
    ])
    let check = try python(
        """
        import json, sys
        t = json.loads(sys.argv[1])['trace']
        low, high = t['interval']
        print(abs((high - low) / 2 / t['standard_error'] - 2 * 9.9248) < 1e-3,
              abs((high + low) / 2 - t['value']) < 1e-9 * abs(high))
        """, [output.out])
    #expect(check.out == "True True\n", "\(output) \(check)")
}

/// What stands where parts would, and is no job's, is refused before anything is computed, and stays as it is.
@Test(arguments: [
    (["spectrum"], "parts"), (["stationary", "--starts", "1", "--steps", "1"], "parts"), (["ntk"], "tiles"),
])
func foldersOfOthersAreLeftAlone(command: [String], ending: String) throws {
    let lab = Lab()
    let path = try lab.train(arguments(width: 8)).path
    let manager = FileManager.default
    func file(_ name: String) -> String { lab.folder.file(name) }
    func call(_ out: String) throws -> Output {
        try lab.call([command[0], path] + command.dropFirst() + ["--out", out])
    }
    try manager.createDirectory(atPath: file("a.h5.\(ending)/deeper"), withIntermediateDirectories: true)
    _ = lab.folder.write("a.h5.\(ending)/deeper/notes.txt", "mine")
    try manager.createDirectory(atPath: file("others"), withIntermediateDirectories: false)
    _ = lab.folder.write("others/data.h5", "mine")
    try manager.createSymbolicLink(atPath: file("b.h5.\(ending)"), withDestinationPath: file("others"))
    for (out, words) in [("a.h5", "found deeper"), ("b.h5", "found a link")] {
        let output = try call(out)
        #expect(output.code == 2 && output.err.contains(words), "\(output)")
        #expect(!manager.fileExists(atPath: file(out)))
    }
    #expect(try call("c.h5").code == 0)
    try manager.createDirectory(atPath: file("c.h5.\(ending)"), withIntermediateDirectories: false)
    _ = lab.folder.write("c.h5.\(ending)/thesis.txt", "mine")
    _ = try call("c.h5")
    for name in ["a.h5.\(ending)/deeper/notes.txt", "others/data.h5", "c.h5.\(ending)/thesis.txt"] {
        #expect(lab.bytes(file(name)) == Data("mine".utf8), "\(name)")
    }
}

/// What somebody puts into the folder of a job while it is unfinished stays, whatever it is called; the job's own files go.
@Test(arguments: [
    (["stationary", "--starts", "4", "--steps", "3"], 60, "parts", "data.h5"),
    (["ntk", "--outputs", "trace"], 1500, "tiles", "draft.writing-2"),
])
func whatOthersPutIntoAJobStays(command: [String], samples: Int, ending: String, name: String) throws {
    let lab = Lab()
    let path = try lab.train(
        arguments(width: 8, ["data={source: sphere, samples: \(samples), dimension: 20, class_count: 3}"])
    ).path
    let manager = FileManager.default
    let folder = lab.folder.file("out.h5.\(ending)")
    let all = [command[0], path] + command.dropFirst() + ["--out", lab.folder.file("out.h5")]
    let child = try Child(ntklab, all, folder: lab.folder.path)
    while child.process.isRunning, !manager.fileExists(atPath: folder + "/job.json") { usleep(1000) }
    kill(child.process.processIdentifier, SIGKILL)
    #expect(try child.wait().signal == SIGKILL)
    try manager.createDirectory(atPath: folder + "/" + name, withIntermediateDirectories: false)
    _ = lab.folder.write("out.h5.\(ending)/\(name)/thesis.txt", "mine")
    _ = lab.folder.write("out.h5.\(ending)/notes.h5", "mine")
    let done = try lab.call(all)
    #expect(done.code == 0, "\(done)")
    #expect(try Set(manager.contentsOfDirectory(atPath: folder)).isSubset(of: [name, "notes.h5", "lock"]))
    #expect(lab.bytes("\(folder)/\(name)/thesis.txt") == Data("mine".utf8))
    #expect(lab.bytes("\(folder)/notes.h5") == Data("mine".utf8))
    let again = try lab.call(all)
    #expect(again.code == (command[0] == "ntk" ? 2 : 0) && !again.err.contains("notes"), "\(again)")
}

@Test func badRequestsForASpectrumAreOneMessage() throws {
    let lab = Lab()
    let path = try lab.train(arguments(width: 16)).path
    try Data().write(to: URL(fileURLWithPath: lab.folder.file("there.h5")))
    for (options, words) in [
        (["--step", "3"], ["--step", "0, 4"]), (["--step=-1"], ["--step", "at least 0"]),
        (["--of", "fisher"], ["fisher", "gauss-newton"]), (["--top", "5000"], ["--top", "0 to 1000"]),
        (["--probes", "0"], ["--probes", "1 to 10000"]), (["--lanczos-steps", "0"], ["--lanczos-steps"]),
        (["--samples", "61"], ["--samples", "1 to 60", "61"]), (["--memory", "1MiB"], ["--memory", "at least"]),
        (["--top", "0", "--bottom", "0"], ["--density"]), (["--out", "there.h5"], ["exists already"]),
        (["--out", ""], ["--out"]),
        (["--out", "nowhere/a.h5"], ["nowhere"]), (["--precision", "float16"], ["float16"]),
    ] {
        let output = try lab.call(["spectrum", path] + options)
        #expect(output.code == 2 && output.signal == nil, "\(options): \(output.code) \(output.err)")
        #expect(words.allSatisfy { output.err.contains($0) }, "\(options): \(output.err)")
    }
    #expect(lab.bytes(lab.folder.file("there.h5"))?.isEmpty == true)
    #expect(try lab.call(["spectrum", path, "--top", "3"]).code == 0)
    let other = try lab.call(["spectrum", path, "--top", "4"])
    #expect(other.code == 2 && other.err.contains("--top: expected 4, found 3"), "\(other)")
    let same = try lab.call(["spectrum", path, "--top", "3"])
    #expect(same.code == 0 && same.out.contains("complete already"), "\(same)")
}
