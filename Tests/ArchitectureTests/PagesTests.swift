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

/// C has no page: what lives in such a target stands at the head of its public header.
@Test(arguments: ["CAllocation", "CFiles", "CHDF5", "CLinearAlgebra"])
func everyHeaderSaysWhatLivesThere(target: String) throws {
    let header = sources.appendingPathComponent("\(target)/include/\(target).h")
    #expect(try lines(header).first?.hasPrefix("// ") == true, "\(header.path)")
}
