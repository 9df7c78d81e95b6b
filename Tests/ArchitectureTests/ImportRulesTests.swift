import Foundation
import Testing

/// Who may import whom. An edge that is not in this table is a mistake, or a decision that belongs
/// here and into ARCHITECTURE.md.
private let allowed: [String: Set<String>] = [
    "LinearAlgebra": ["CLinearAlgebra", "RealModule", "Glibc"],
    "Sampling": ["RealModule"],
    "HDF5": ["CHDF5", "CFiles", "Glibc"],
    "Networks": ["LinearAlgebra", "Sampling", "RealModule"],
    "Datasets": ["LinearAlgebra", "Sampling", "HDF5", "CFiles", "RealModule", "Glibc"],
    "TangentKernels": ["Networks", "LinearAlgebra", "RealModule"],
    "Landscape": ["Networks", "LinearAlgebra", "Sampling"],
    "Theory": ["LinearAlgebra", "Sampling", "RealModule"],
    "Reports": ["Mustache", "Foundation"],
    "Training": ["Networks", "Datasets", "TangentKernels", "Landscape", "LinearAlgebra", "Sampling", "RealModule"],
    "Lab": [
        "LinearAlgebra", "Sampling", "HDF5", "Networks", "Datasets", "TangentKernels", "Landscape", "Training",
        "Theory", "Reports", "CFiles", "RealModule", "Yams", "Foundation", "Synchronization",
    ],
    "ntklab": ["Lab", "LinearAlgebra", "TangentKernels", "Theory", "ArgumentParser", "Foundation"],
]

private let sources = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources")

private func files(_ target: String, _ suffix: String) -> [URL] {
    let enumerator = FileManager.default.enumerator(
        at: sources.appendingPathComponent(target), includingPropertiesForKeys: nil)
    return (enumerator?.allObjects as? [URL] ?? []).filter { $0.pathExtension == suffix }
}

private func lines(_ file: URL, startingWith word: String) throws -> [String] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init).filter { $0.hasPrefix(word) }
}

@Test(arguments: allowed.keys.sorted())
func importsFollowTheRules(target: String) throws {
    let found = files(target, "swift")
    #expect(!found.isEmpty, "no sources of \(target)")
    for file in found {
        for line in try lines(file, startingWith: "import ") {
            let module = line.dropFirst("import ".count).split(separator: ".")[0]
            #expect(
                allowed[target]?.contains(String(module)) == true,
                "\(target) imports \(module) in \(file.lastPathComponent)")
        }
    }
}

@Test func everySwiftTargetHasARule() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: sources.path)
    for folder in folders where !files(folder, "swift").isEmpty {
        #expect(allowed[folder] != nil, "\(folder) is in no rule")
    }
}

@Test func systemHeadersStayInsideCFiles() throws {
    let foreign = ["cblas.h", "hdf5.h", "zlib.h", "zip.h", "xxhash.h"]
    for target in ["CLinearAlgebra", "CHDF5", "CFiles"] {
        for file in files(target, "h") where file.path.contains("/include/") {
            for line in try lines(file, startingWith: "#include") {
                #expect(!foreign.contains { line.contains($0) }, "\(file.lastPathComponent): \(line)")
            }
        }
    }
}
