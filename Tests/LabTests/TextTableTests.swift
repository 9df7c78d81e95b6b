import Console
import Testing

private let columns: [TextTable.Column] = [
    .text("name", least: 6), .number("λ"), .text("note", least: 10), .number("rest", isOptional: true),
]
private let rows = [
    ["‖∇F‖² of the first layer", "−0.125", "what there is to say of it, at some length", "12"],
    ["F₀", "1.5e-3", "", "3"],
]

@Test func aTableThatFitsIsAsWideAsItsCells() {
    #expect(
        TextTable(columns, rows).lines(width: 200) == [
            "name                           λ  note                                        rest",
            "‖∇F‖² of the first layer  −0.125  what there is to say of it, at some length    12",
            "F₀                        1.5e-3                                                 3",
        ])
}

/// What may go goes, what may be broken is, and all words and numbers of the other columns are still there.
@Test func aTableFitsWhateverTheWidth() {
    for width in 16...90 {
        let lines = TextTable(columns, rows, indent: 2).lines(width: width)
        #expect(lines.allSatisfy { $0.count <= width }, "\(width): \(lines)")
        let words = lines.flatMap { $0.split(separator: " ") }
        for word in ["−0.125", "1.5e-3", "‖∇F‖²", "layer", "length", "F₀", "note"] {
            #expect(words.contains { $0 == word }, "\(width): \(word) is not in \(lines)")
        }
        #expect(words.contains("12") == (width >= 84 || lines[0].contains("rest")), "\(width)")
    }
    #expect(!TextTable(columns, rows).lines(width: 30)[0].contains("rest"))
}

/// A band that has no room goes below, with its titles.
@Test func columnsWithoutRoomGoBelow() {
    let table = TextTable([.text("a"), .number("b"), .number("c")], [["left", "123456", "7890"]])
    #expect(
        table.lines(width: 14) == ["a          b", "       c", "left  123456", "    7890"])
    #expect(TextTable([.text("")], [["/a/long/path/of/a/file"]]).lines(width: 14) == ["/a/long…a/file"])
}

@Test func textIsBrokenAtSpacesAndKeepsItsOwn() {
    #expect(
        wrapped("data      answers are 10 classes", columns: 20, indent: 10) == [
            "data      answers", "          are 10", "          classes",
        ])
    #expect(wrapped("  one two\n\nthree", columns: 6) == ["  one", "  two", "", "three"])
    #expect(wrapped("/as/long/as/it/is", columns: 5) == ["/as/long/as/it/is"])
    #expect(wrapped("", columns: 5) == [""])
}
