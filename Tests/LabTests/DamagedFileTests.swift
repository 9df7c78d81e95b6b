import Foundation
import TestSupport
import Testing

/// Mutants of sound files, the same in each run of the tests, and what reads them.
private final class DamagedFiles: Sendable {
    static let made = Result { try DamagedFiles() }

    private let folder = TestFolder()
    private let script = repository + "/Tests/LabTests/Fuzz/damaged_files.py"
    /// The C readers, built with sanitizers.
    var readers: String { folder.file("readers") }

    private init() throws {
        let sources = ["CHDF5", "CFiles"].map { "\(repository)/Sources/\($0)" }
        let build = """
            exec clang -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -o "$0" "$1" \
            \(sources.map { "-I\($0)/include \($0)/*.c" }.joined(separator: " ")) \
            $(pkg-config --cflags --libs hdf5 libzip zlib libxxhash) -lhdf5_hl
            """
        let built = try run(
            "/bin/sh", ["-c", build, readers, repository + "/Tests/LabTests/Fuzz/readers.c"], folder: folder.path)
        try #require(built.code == 0, "\(built.err)")
        let made = try run("/usr/bin/python3", [repository + "/Tests/LabTests/Fuzz/sound_files.py", folder.path])
        try #require(made.code == 0, "\(made.err)")
        let ours = try run(
            ntklab, ["data", "import", "--format", "hdf5", "earliest.h5", "--to", "ours.h5"], folder: folder.path)
        try #require(ours.code == 0, "\(ours.err)")
    }

    /// A folder of mutants of a kind.
    func mutants(_ kind: String, _ count: Int) throws -> TestFolder {
        let mutants = TestFolder()
        let bases = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0.hasSuffix(".\(kind)")
        }
        #expect(!bases.isEmpty)
        let made = try run(
            "/usr/bin/python3", [script, "make", kind, "1", "\(count)", mutants.path] + bases.sorted().map(folder.file))
        try #require(made.code == 0, "\(made.err)")
        let sounding = try FileManager.default.contentsOfDirectory(atPath: mutants.path).filter {
            $0.contains(".sound.")
        }
        if !sounding.isEmpty { _ = try run(readers, ["sound"] + sounding.map(mutants.file)) }
        return mutants
    }

    /// Lets a command read each file of a folder, and returns the lines on those that ended otherwise than with one of the codes
    /// within 10 s of processor time and 1 GiB, and how many ended how.
    func results(of command: [String], on files: TestFolder, codes: String, megabytes: Int = 1024) throws -> [String] {
        let options = "exitcode=99:print_stacktrace=1:allocator_may_return_null=1"
        let output = try run(
            "/usr/bin/python3", [script, "run", files.path, "10", "\(megabytes)", codes] + command,
            environment: ["ASAN_OPTIONS": options, "UBSAN_OPTIONS": options])
        try #require(output.code == 0, "\(output.err)")
        return output.out.split(separator: "\n").map(String.init)
    }
}

/// The faults of libhdf5 that are met end in the guard, or are seen by the sanitizer in place of it.
@Test(arguments: ["h5", "gz", "zip", "z"]) func readersInCAreSound(kind: String) throws {
    let files = try DamagedFiles.made.get()
    let results = try files.results(
        of: [files.readers, "read", "FILE"], on: files.mutants(kind, isLong ? 1000 : 40),
        codes: kind == "h5" ? "0,2" : "0", megabytes: 4096)
    print("\(kind): \(results.last ?? "")")
    #expect(results.count == 1, "\(results.joined(separator: "\n"))")
}

@Test func sanitizersSeeFaultsOfOurs() throws {
    let files = try DamagedFiles.made.get()
    let folder = TestFolder()
    _ = folder.write("a.fault", "")
    let results = try files.results(of: [files.readers, "read", "FILE"], on: folder, codes: "0", megabytes: 4096)
    #expect(results[0].hasPrefix("BAD") && results.contains { $0.contains("heap-buffer-overflow") }, "\(results)")
}

@Test(arguments: [
    (["inspect", "FILE"], "0,2"),
    (["data", "import", "--format", "hdf5", "FILE", "--to", "OUT/new.h5", "--force"], "0,2"),
    // What is read of a damaged file may well diverge.
    (["train", "OUT/config.yaml", "--quiet", "--out", "OUT", "--set", "data.path=FILE"], "0,2,3"),
])
func damagedFilesEndInResultsOrMessages(arguments: [String], codes: String) throws {
    let lab = Lab(
        "data: {source: hdf5, path: none}\nmodel: {width: 8, depth: 1}\ntraining: {stop: {steps: 1}}\n")
    let files = try DamagedFiles.made.get()
    let command = [ntklab] + arguments.map { $0.replacingOccurrences(of: "OUT", with: lab.folder.path) }
    let results = try files.results(of: command, on: files.mutants("h5", isLong ? 1000 : 30), codes: codes)
    print("\(arguments[0]): \(results.last ?? "")")
    #expect(results.count == 1, "\(results.joined(separator: "\n"))")
}
