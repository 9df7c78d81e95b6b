import Foundation
import TestSupport
import Testing

/// Inputs with targets that a pair of tanh units fits, and those that it doesn't.
private let waves = ["0.001,0.021", "0.299,0.965", "-0.274,-0.669", "-0.891,-1.164", "-0.455,-0.642", "-0.992,-0.809"]
private let noise = ["2.43,-0.25", "-0.91,-0.59", "-1.19,0.65", "1.06,0.47", "0.09,-1.35", "0.3,0.51"]

/// A network on a few numbers, in a lab of its own.
private func smallLab(_ model: String, columns: Int = 1, pairs: [String] = waves, more: String = "") -> Lab {
    let lab = Lab(
        """
        name: small
        seed: 1
        data: {source: csv, path: data.csv, header: none, target_columns: \(columns), labels: values, normalization: none}
        model: {\(model), parametrization: standard}
        precision: float64
        training: {learning_rate: 0.02, stop: {steps: 40}}
        checkpoints: {every: 10, keep: 4}
        \(more)
        """)
    let values = [
        [0.44, -0.33, 2.43, -0.25], [0.11, 1.58, -0.91, -0.59], [0.19, -0.33, -1.19, 0.65], [1.14, 0.29, 1.06, 0.47],
        [0.33, -0.2, 0.09, -1.35], [-0.72, 0.84, 0.3, 0.51],
    ]
    let rows = columns == 1 ? pairs : values.map { $0.map { "\($0)" }.joined(separator: ",") }
    _ = lab.folder.write("data.csv", rows.joined(separator: "\n") + "\n")
    return lab
}

private let tanhUnits = "width: 2, depth: 1, activation: tanh, bias: false"

/// Datasets and attributes of files, through h5py.
private let reading = """
    import h5py, sys, itertools, numpy as np
    files = [h5py.File(p) for p in sys.argv[1:]]
    f = files[0]
    verdicts = [v.decode() for v in f['ends/verdict'][()]]

    """

/// Critical points of ½‖W₂W₁X − Y‖² have W₂W₁ project on some eigenvectors of Σ = YXᵀ(XXᵀ)⁻¹XYᵀ, as many as there are
/// units or fewer (Baldi and Hornik 1989, fact 4): all are found with their indices, and nothing else is.
@Test(arguments: [1, 2]) func twoLinearLayersHaveTheirKnownPoints(width: Int) throws {
    let lab = smallLab("width: \(width), depth: 1, activation: linear, bias: false", columns: 2)
    let output = try lab.call(["stationary", "config.yaml", "--starts", "200", "--spread", "0.5"])
    #expect(output.code == 0 && output.out.contains("linear maps of hidden units"), "\(output)")
    #expect(output.out.split(separator: "\n").allSatisfy { $0.count <= 100 })
    let check = try python(
        reading + """
            data = np.loadtxt('data.csv', delimiter=',')
            x, y, h = data[:, :2], data[:, 2:], \(width)
            e = np.linalg.eigvalsh(y.T @ x @ np.linalg.inv(x.T @ x) @ x.T @ y)
            known = []
            for r in range(h + 1):
                for s in itertools.combinations(range(2), r):
                    out = [k for k in range(2) if k not in s]
                    index = sum(e[i] < e[j] for i in s for j in out) + (h - r) * len(out)
                    known.append((((y ** 2).sum() - e[list(s)].sum()) / 2, index))
            known.sort()
            d = f['distinct']
            flat = [k for k, v in enumerate(verdicts) if v == 'gradient-flat']
            print(len(d['loss']) == len(known), f.attrs['distinct_least'] == f.attrs['distinct_most'] == len(known),
                  np.allclose(d['loss'], [v for v, _ in known], rtol=1e-11),
                  list(d['index']) == [k for _, k in known], d['count'][()].sum() == verdicts.count('stationary'),
                  all(f['ends/flatness'][k] > 0.9 and f['ends/distinct'][k] == -1 for k in flat))
            """, [lab.folder.file("stationary.h5")], folder: lab.folder.path)
    #expect(check.out == "True True True True True True\n", "\(check) \(output.out)")
}

/// Seeds that share no start find the same points modulo orders and signs of units, and their indices add up; the
/// number of threads changes no byte.
@Test(arguments: [["--sphere", "2"], ["--ball", "2"], ["--ridge", "0.3"]])
func twoSeedsFindTheSamePoints(options: [String]) throws {
    let lab = smallLab(tanhUnits)
    for (file, more) in [
        ("a.h5", ["--seed", "1"]), ("b.h5", ["--seed", "2", "--threads", "3"]),
        ("c.h5", ["--seed", "2", "--threads", "1"]),
    ] {
        let output = try lab.call(["stationary", "config.yaml", "--starts", "100", "--out", file] + options + more)
        #expect(output.code == 0 && output.out.contains("as over all there are"), "\(output)")
    }
    let check = try python(
        reading + """
            a, b = (g['distinct'] for g in files)
            print(len(a['loss']) == len(b['loss']) > 2, np.allclose(a['loss'], b['loss'], rtol=1e-9),
                  np.array_equal(a['index'], b['index']), np.allclose(a['eigenvalues'], b['eigenvalues'], atol=1e-7, equal_nan=True),
                  all(g.attrs['alternating_sum'] == g.attrs['alternating_sum_of_all'] for g in files),
                  np.isnan(f['ends/kink_margin']).all(), f.attrs['missed'] == 0)
            """, ["a.h5", "b.h5"], folder: lab.folder.path)
    #expect(check.out == "True True True True True True True\n", "\(check)")
    #expect(lab.bytes(lab.folder.file("b.h5")) == lab.bytes(lab.folder.file("c.h5")))
}

/// Of a network with two units that are equal at some stationary point by symmetry (Palais 1979), searches find all but
/// that one: the sum of indices says so, whatever recapture says.
@Test func whatSearchesMissShowsInTheSum() throws {
    let lab = smallLab(tanhUnits, pairs: noise)
    let output = try lab.call(["stationary", "config.yaml", "--starts", "100", "--ball", "2", "--json"])
    #expect(output.code == 0 && output.out.contains("\"alternating_sum\":-3,\"alternating_sum_of_all\":1"), "\(output)")
}

/// A search that comes to a kink is no stationary point, and those that are lie away from kinks.
@Test func kinksAreNamed() throws {
    let lab = smallLab("width: 3, depth: 1, activation: relu, bias: true", columns: 2)
    let output = try lab.call(["stationary", "config.yaml", "--starts", "60", "--json"])
    #expect(output.code == 0 && output.out.contains("\"kink\""), "\(output)")
    let check = try python(
        reading + """
            margin = f['ends/kink_margin'][()]
            at = np.array([v == 'kink' for v in verdicts])
            stays = np.array([v == 'stationary' for v in verdicts])
            print(at.sum() > 5, stays.sum() > 0, (margin[at] < 1e-10).all(), (margin[stays] > 1e-14).all(),
                  (f['ends/distinct'][()][at] == -1).all())
            """, [lab.folder.file("stationary.h5")])
    #expect(check.out == "True True True True True\n", "\(check) \(output.out)")
}

/// A run's own weights are starts, and the file lies in its folder.
@Test func searchesBeginWhereARunWas() throws {
    let lab = smallLab(tanhUnits)
    let path = try lab.train().path
    let arguments = ["stationary", path, "--starts", "12", "--ridge", "0.3"]
    let output = try lab.call(arguments)
    #expect(output.code == 0 && output.out.contains("recorded steps in turn"), "\(output)")
    let file = path + "/stationary.h5"
    let check = try python(
        reading + "print(list(f['ends/start_step'][:6]), f.attrs['trained_weights'], len(f['ridge']))", [file])
    #expect(check.out == "[0, 10, 20, 30, 40, 0] 4 4\n", "\(check)")
    let bytes = lab.bytes(file)
    let again = try lab.call(arguments)
    #expect(again.code == 0 && again.out.contains("complete already") && lab.bytes(file) == bytes, "\(again)")
    let other = try lab.call(arguments + ["--seed", "5"])
    #expect(
        other.code == 2 && other.err.contains("--seed: expected 5, found 1") && lab.bytes(file) == bytes, "\(other)")
    let around = try lab.call(["stationary", path, "--from", "minimum", "--starts", "5", "--out", "around.h5"])
    #expect(around.code == 0 && around.out.contains("around step 40"), "\(around)")
    for (origin, distinct) in [("minimum", "is only 1"), ("trajectory", "are only 5")] {
        let same = try lab.call(["stationary", path, "--from", origin, "--spread", "0", "--out", "same.h5"])
        #expect(same.code == 2 && same.err.contains("--spread: expected more than 0"), "\(same)")
        #expect(same.err.replacing(" \n", with: " ").replacing("\n", with: " ").contains(distinct), "\(same)")
    }
}

/// How many end points a folder of parts holds.
private func searches(in parts: String) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parts)) ?? []
    return names.count { $0.hasPrefix("start-") && $0.hasSuffix(".h5") }
}

/// Killed at random moments, stopped by signals, with a damaged part: a job goes on to the bytes of one that was left
/// alone.
@Test func killsOfSearchesLeaveNoTrace() throws {
    let lab = smallLab("width: 4, depth: 2, activation: tanh, bias: true", columns: 2)
    let arguments = ["stationary", "config.yaml", "--starts", "60", "--ridge", "0.05", "--steps", "60", "--out"]
    let whole = try lab.call(arguments + ["whole.h5"])
    #expect(whole.code == 0, "\(whole)")
    let (file, parts) = (lab.folder.file("killed.h5"), lab.folder.file("killed.h5.parts"))
    let (kills, start) = (isLong ? 20 : 4, Date())
    var (ended, stopped, hasGoneOn) = (0, 0, false)
    var generator = SystemRandomNumberGenerator()
    while ended < kills, Date().timeIntervalSince(start) < 120 {
        let child = try Child(ntklab, arguments + ["killed.h5"], folder: lab.folder.path)
        // A few searches later, in the middle of another.
        let goal = searches(in: parts) + Int.random(in: 1...5, using: &generator)
        while child.process.isRunning, searches(in: parts) < goal { usleep(2000) }
        usleep(UInt32.random(in: 0...20_000, using: &generator))
        let number = ended % 2 == 0 ? SIGKILL : SIGINT
        if child.process.isRunning { kill(child.process.processIdentifier, number) }
        let output = try child.wait()
        hasGoneOn = hasGoneOn || output.err.contains("continue")
        if output.signal != nil || output.code == 130 { ended += 1 }
        if output.code == 130, output.signal == nil {
            stopped += 1
            #expect(output.out.contains("the same command goes on"), "\(output)")
        }
        guard FileManager.default.fileExists(atPath: file), !FileManager.default.fileExists(atPath: parts) else {
            continue
        }
        #expect(lab.bytes(file) == lab.bytes(lab.folder.file("whole.h5")))
        try FileManager.default.removeItem(atPath: file)
    }
    #expect(ended == kills && hasGoneOn && stopped > 0)
    if let part = try? FileManager.default.contentsOfDirectory(atPath: parts).first(where: { $0.hasPrefix("start-") }) {
        try Data("damaged".utf8).write(to: URL(fileURLWithPath: "\(parts)/\(part)"))
    }
    let last = try lab.call(arguments + ["killed.h5"])
    #expect(last.code == 0, "\(last)")
    let bytes = lab.bytes(lab.folder.file("whole.h5"))
    #expect(bytes != nil && bytes == lab.bytes(file) && !FileManager.default.fileExists(atPath: parts))
    // Another request does not take up its parts.
    try FileManager.default.createDirectory(
        atPath: lab.folder.file("other.h5.parts"), withIntermediateDirectories: false)
    _ = lab.folder.write("other.h5.parts/job.json", "{\"--starts\": \"7\"}")
    let other = try lab.call(arguments + ["other.h5"])
    #expect(other.code == 2 && other.err.contains("unfinished searches of another request"), "\(other)")
}

@Test func badRequestsForStationaryPointsAreOneMessage() throws {
    let lab = smallLab(tanhUnits)
    try Data().write(to: URL(fileURLWithPath: lab.folder.file("there.h5")))
    for (options, words) in [
        (["--starts", "0"], ["--starts", "1 to 100000"]), (["--method", "newton"], ["newton", "newton-mr"]),
        (["--tolerance", "0"], ["--tolerance", "1e-30 to 0.1"]),
        (["--sphere", "1e-100"], ["--sphere", "1e-50 to 1e+50"]),
        (["--ball", "1e-200"], ["--ball", "1e-50 to 1e+50"]), (["--spread", "inf"], ["--spread", "0.0 to 1e+50"]),
        (["--from", "trajectory"], ["--from trajectory", "a run"]),
        (["--from", "minimum"], ["--from minimum"]), (["--from", "here"], ["here", "random"]),
        (["--spread=-1"], ["--spread"]), (["--seed=-1"], ["--seed", "at least 0"]),
        (["--samples", "7"], ["--samples", "1 to 6", "7"]), (["--steps", "0"], ["--steps"]),
        (["--ridge", "nan"], ["--ridge"]), (["--sphere", "0"], ["--sphere"]), (["--ball=-2"], ["--ball"]),
        (["--sphere", "1", "--ball", "1"], ["--sphere and --ball"]), (["--out", ""], ["--out"]),
        (["--out", "there.h5"], ["there.h5"]), (["--out", "nowhere/a.h5"], ["nowhere"]),
    ] {
        let output = try lab.call(["stationary", "config.yaml"] + options)
        #expect(output.code == 2 && output.signal == nil, "\(options): \(output)")
        #expect(words.allSatisfy { output.err.contains($0) }, "\(options): \(output.err)")
    }
    for (subject, words) in [("nothing", ["nothing", "no such run"]), ("data.csv", ["data.csv"])] {
        let output = try lab.call(["stationary", subject])
        #expect(output.code == 2 && words.allSatisfy { output.err.contains($0) }, "\(subject): \(output)")
    }
    #expect(lab.bytes(lab.folder.file("there.h5"))?.isEmpty == true)
    let most = try lab.call([
        "stationary", "config.yaml", "--seed", "\(Int.max)", "--starts", "1", "--steps", "1", "--out", "most.h5",
    ])
    #expect(most.code == 0, "\(most)")
    let single = smallLab("width: 1, depth: 0, bias: false")
    let missing = try single.call(["stationary", "nowhere.yaml"])
    #expect(missing.code == 2 && missing.err.contains("nowhere.yaml: cannot be read"), "\(missing)")
    let sphere = try single.call(["stationary", "config.yaml", "--sphere", "1"])
    #expect(sphere.code == 2 && sphere.err.contains("2 trained weights or more, found 1"), "\(sphere)")
}
