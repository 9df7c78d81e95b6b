import Foundation
import Testing

/// Modules of the system, and who may import them. All other imports are the dependencies in Package.swift.
private let systemModules: [String: Set<String>] = [
    "Foundation": [
        "Benchmarks", "Cells", "Certificates", "Claims", "Configurations", "Connections", "Console",
        "DistributedSpectrum", "Exchange",
        "Execution", "KernelJobs", "Launchers", "Programs", "Reporting", "Reports", "RunFolders", "Runs", "Studies",
        "SharpnessJobs", "SpectrumJobs", "StationaryJobs", "Sweeps", "Verification", "WeightFiles", "ntklab",
    ],
    "Glibc": ["Datasets", "Files", "HDF5", "LinearAlgebra"],
    "Synchronization": ["Cells", "Execution"],
]

/// Lines of Swift that a target may have: about 2,500.
private let mostLines = 2600

private func lines(_ file: URL, startingWith word: String) throws -> [String] {
    try lines(file).filter { $0.hasPrefix(word) }
}

private func modules(importedBy target: String) throws -> Set<String> {
    let pattern = /^\s*(?:@\w+ |public |package |internal |private )*import (?:struct |class |enum |func )?(\w+)/
    return Set(
        try files(target, "swift").flatMap { try lines($0) }.compactMap {
            try pattern.firstMatch(in: $0).map { String($0.1) }
        })
}

@Test func everyTargetIsDeclared() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: sources.path)
    for folder in folders where !files(folder, "swift").isEmpty {
        #expect(dependencies[folder] != nil, "\(folder) is not in Package.swift, or not understood there")
    }
    #expect(dependencies.count > 15)
}

/// A target imports what it depends on, all of it and nothing else. That there is no circle is SwiftPM's own rule.
@Test(arguments: dependencies.keys.sorted())
func importsAreTheDependencies(target: String) throws {
    // It is linked into programs, and has nothing to import.
    let declared = (dependencies[target] ?? []).subtracting(["CAllocation"])
    let imported = try modules(importedBy: target).subtracting(systemModules.keys)
    #expect(imported.subtracting(declared) == [], "\(target) imports what it does not depend on")
    #expect(declared.subtracting(imported) == [], "\(target) depends on what it does not import")
}

@Test(arguments: systemModules.keys.sorted())
func systemModulesStayWhereTheyAreNeeded(module: String) throws {
    let importers = Set(try dependencies.keys.filter { try modules(importedBy: $0).contains(module) })
    #expect(importers == systemModules[module])
}

@Test(arguments: dependencies.keys.sorted())
func noTargetIsTooLarge(target: String) throws {
    let count = try files(target, "swift").reduce(0) { try $0 + lines($1).count - 1 }
    #expect(count <= mostLines, "\(target): split it by what it holds")
}

@Test func systemHeadersStayInsideCFiles() throws {
    let foreign = ["cblas.h", "lapacke.h", "hdf5.h", "zlib.h", "zip.h", "xxhash.h", "mpi.h"]
    for target in ["CLinearAlgebra", "CHDF5", "CFiles", "CScaLAPACK"] {
        for file in files(target, "h") where file.path.contains("/include/") {
            for line in try lines(file, startingWith: "#include") {
                #expect(!foreign.contains { line.contains($0) }, "\(file.lastPathComponent): \(line)")
            }
        }
    }
}
