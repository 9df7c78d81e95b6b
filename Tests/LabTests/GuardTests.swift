import Console
import Foundation
import TestSupport
import Testing

/// An import of a file at whose values libhdf5 fails; whatever happens, nothing stands under the final name.
private func importing(_ fault: String) throws -> Output {
    let lab = Lab()
    _ = lab.folder.write("a.csv", "1,2,0\n3,4,1\n5,6,0\n")
    #expect(try lab.call(["data", "import", "--format", "csv", "a.csv", "--to", "a.h5"]).code == 0)
    let shim = lab.folder.file("hdf5.so")
    let source = repository + "/Tests/LabTests/Shims/hdf5.c"
    let flags = try run("/usr/bin/env", ["pkg-config", "--cflags", "hdf5"]).out.split(separator: " ").map {
        $0.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    let built = try run("/usr/bin/env", ["clang", "-shared", "-fPIC", "-o", shim, source, "-ldl"] + flags)
    try #require(built.code == 0, "\(built.err)")
    let output = try lab.call(
        ["data", "import", "--format", "hdf5", "a.h5", "--to", "b.h5"],
        environment: ["LD_PRELOAD": shim, "NTKLAB_HDF5_FAULT": fault])
    #expect(lab.bytes(lab.folder.file("b.h5")) == nil || output.code == 0, "\(fault)")
    return output
}

@Test(arguments: [
    ("loop", "found no end while it read"), ("memory", "took far more memory than the data while it read"),
    ("crash", "crashed while it read"), ("abort", "crashed while it read"), ("divide", "crashed while it read"),
    ("recursion", "crashed while it read"),
])
func faultsOfTheLibraryAreMessages(fault: String, words: String) throws {
    let output = try importing(fault)
    #expect(output.code == 2 && output.signal == nil, "\(output)")
    #expect(output.err.hasPrefix("error: "), "\(output.err)")
    #expect(output.err.hasSuffix("/a.h5: libhdf5 \(words): the file is damaged, or made to harm\n"), "\(output.err)")
}

/// As on a slow disk: time that passes without work is no loop.
@Test func waitingIsNoFault() throws {
    let output = try importing("waiting")
    #expect(output.code == 0, "\(output)")
}

@Test(arguments: ["outside", "another thread"]) func faultsOfOursStillLookLikeThem(fault: String) throws {
    let output = try importing(fault)
    #expect(output.signal == SIGSEGV && !output.err.contains("libhdf5"), "\(output)")
}
