import Foundation
import TestSupport
import Testing

/// Snippets are compiled with the package but from outside of it, so they see products only, and what is public of them. Each
/// runs, and comes to what its first lines promise.
@Test(arguments: [
    ("TangentKernelSpectrum", ["positive definite"]),
    ("TrainAndPredict", ["step", "\n300\t"]),
    ("CertifySeries", ["e^(-t/50): 2 Linear convergence holds", "1/(1 + t/2)²: 2 Linear convergence can't tell"]),
    ("CheckedFile", ["digest: sound", "[2.0, 1.0, 1.0, 2.0]", "digest after a flipped bit: damaged"]),
])
func snippetsShowWhatTheLibrariesDoAlone(name: String, expected: [String]) throws {
    let text = try lines(root.appendingPathComponent("Snippets/\(name).swift"))
    #expect(text.first?.hasPrefix("// ") == true && text.count < 70)
    let imported = text.filter { $0.hasPrefix("import ") }.map { String($0.dropFirst("import ".count)) }
    #expect(Set(imported).subtracting(products).isSubset(of: ["RealModule"]))

    let program = URL(fileURLWithPath: ntklab).deletingLastPathComponent().appendingPathComponent(name).path
    let folder = TestFolder()
    let output = try run(program, [], folder: folder.path)
    #expect(output.code == 0, "\(output.err)")
    for part in expected { #expect(output.out.contains(part), "\(output.out)") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty, "it leaves nothing behind")
}

@Test func everySnippetIsTried() throws {
    let folder = root.appendingPathComponent("Snippets").path
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count { $0.hasSuffix(".swift") } == 4)
}
