import Foundation
import Testing

/// What a newcomer reads of a target: `Sources/NAME/NAME.docc/NAME.md`.
@Test(arguments: dependencies.keys.sorted())
func everyTargetSaysWhatLivesThere(target: String) throws {
    let page = sources.appendingPathComponent("\(target)/\(target).docc/\(target).md")
    let text = try lines(page)
    #expect(text.first == "# ``\(target)``")
    guard target != "ntklab" else { return }
    #expect(text.contains("## What lives here") && text.contains("## What doesn't"), "\(page.path)")
    #expect((10...31).contains(text.count), "\(page.path): as long as a README")
}

/// A page names types of the code, or folders of its target.
@Test func pagesNameTypesThatAreThere() throws {
    var types: Set<Substring> = []
    for file in try dependencies.keys.flatMap({ files($0, "swift") }) {
        let text = try String(contentsOf: file, encoding: .utf8)
        types.formUnion(text.matches(of: /(?:struct|class|enum|protocol|typealias) (\w+)/).map { $0.1 })
    }
    #expect(types.count > 200)
    for target in dependencies.keys where target != "ntklab" {
        let folder = sources.appendingPathComponent(target)
        let page = try String(
            contentsOf: folder.appendingPathComponent("\(target).docc/\(target).md"), encoding: .utf8)
        for name in page.matches(of: /[^`]`([A-Z]\w+)[`.]/).map({ $0.1 }) where !types.contains(name) {
            let subfolder = folder.appendingPathComponent(String(name)).path
            #expect(FileManager.default.fileExists(atPath: subfolder), "\(target): \(name)")
        }
    }
}

/// C has no page: what lives in such a target stands at the head of its public header.
@Test(arguments: ["CAllocation", "CFiles", "CHDF5", "CLBFGSB", "CLinearAlgebra", "CScaLAPACK"])
func everyHeaderSaysWhatLivesThere(target: String) throws {
    let header = sources.appendingPathComponent("\(target)/include/\(target).h")
    #expect(try lines(header).first?.hasPrefix("// ") == true, "\(header.path)")
}
