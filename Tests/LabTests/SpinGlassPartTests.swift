import Console
import Files
import Foundation
import SpinGlasses
import Studies
import TestSupport
import Testing

private let shapes = [(2, 2), (2, 3), (3, 2), (3, 3), (4, 2)].map { SpinShape(order: $0.0, dimension: $0.1) }
private let part = SpinGlassPart(
    name: "spins", usual: SpinPlan(shapes: shapes, seeds: 0..<4, mostSearches: 4096),
    full: SpinPlan(shapes: shapes, seeds: 0..<6, mostSearches: 4096))

private func call(_ folder: TestFolder, isFull: Bool = false) -> StudyCall {
    StudyCall(study: "spins", path: folder.path, isFull: isFull, jobs: nil, quiet: true) { _ in }
}

/// A part that was killed anywhere, within a row or the header too, goes on to the same bytes.
@Test func spinGlassPartsGoOnToTheSameBytes() throws {
    let folder = TestFolder()
    #expect(!part.isThere(in: folder.path))
    #expect(throws: LabError.self) { try part.results(in: folder.path) }
    _ = try #require(try part.run(call(folder)))
    let whole = folder.bytes("spins/draws.csv")
    #expect(whole.count { $0 == UInt8(ascii: "\n") } == 21 && part.isThere(in: folder.path))
    for length in [0, 7, 200, 300, 301, whole.count / 2, whole.count - 1, whole.count] {
        _ = folder.write("spins/draws.csv", Array(whole[..<length]))
        _ = try #require(try part.run(call(folder)))
        #expect(folder.bytes("spins/draws.csv") == whole, "\(length)")
    }
    // Rows that are there are not made anew.
    let marked = String(decoding: whole, as: UTF8.self).replacingOccurrences(
        of: "2,2,1,4096,2,2,64", with: "2,2,1,4096,2,2,65")
    #expect(Array(marked.utf8) != whole)
    _ = folder.write("spins/draws.csv", String(marked.prefix(400)))
    _ = try part.run(call(folder))
    #expect(folder.bytes("spins/draws.csv") == Array(marked.utf8))
}

/// Draws come back as they were, and the table has the numbers of the survey.
@Test func spinGlassPartsAreReadBack() throws {
    let folder = TestFolder()
    let results = try #require(try part.run(call(folder)) as? SpinResults)
    #expect(results.surveys.map(\.shape) == shapes && results.failures == 0)
    for survey in results.surveys {
        #expect(survey.draws == (0..<4).map { SpinDraw(survey.shape, seed: $0, mostSearches: 4096) })
    }
    let lines = results.lines(of: "spins", columns: 80)
    #expect(lines.allSatisfy { $0.count <= 80 } && lines.contains { $0.contains("100 %") }, "\(lines)")
    let json = try JSONText.line(Wrapped(value: results.json))
    #expect(json.contains("\"exact_mean_count\":2.64575131106") && json.contains("\"bound\":7"), "\(json)")
    let forecast = try part.forecast(call(folder))
    #expect(forecast.isSound && forecast.lines(columns: 80).joined().contains("20, 0 to make"))
}

private struct Wrapped: Encodable {
    let value: any Encodable
    func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}

/// A file of something else, of another plan or damaged is named with its line, and left as it is.
@Test func spinGlassPartsRefuseOtherFiles() throws {
    let folder = TestFolder()
    _ = try part.run(call(folder))
    let whole = String(decoding: folder.bytes("spins/draws.csv"), as: UTF8.self)
    let cases = [
        ("notes\n", "line 1: expected order,dimension"),
        (whole.replacingOccurrences(of: "\n2,2,0,", with: "\n2,2,9,"), "line 2: expected order 2, dimension 2, seed 0"),
        (whole.replacingOccurrences(of: "complete", with: "done"), "line 2: expected a draw"),
        (whole.replacingOccurrences(of: "\n3,2,0,4096,", with: "\n3,2,0,4096,-"), "line 10: expected a draw"),
        (whole.replacingOccurrences(of: "\n3,2,0,", with: "\n3,99,0,"), "line 10: expected a draw"),
        (whole + whole.split(separator: "\n")[1] + "\n", "expected at most 20 draws, found 21"),
        (whole.replacingOccurrences(of: "4096", with: "64"), "at most 4096 searches, found"),
    ]
    for (text, message) in cases {
        _ = folder.write("spins/draws.csv", text)
        let error = #expect(throws: LabError.self) { try part.run(call(folder)) }
        #expect(
            error?.description.contains(message) == true && error?.description.contains("draws.csv") == true, "\(error)"
        )
        #expect(String(decoding: folder.bytes("spins/draws.csv"), as: UTF8.self) == text)
    }
    // With --full there are more seeds: the rows are not that plan's.
    _ = folder.write("spins/draws.csv", whole)
    #expect(throws: LabError.self) { try part.forecast(call(folder, isFull: true)) }
}
