import Datasets
import TestSupport
import Testing

/// A CSV file, how it is read, and what comes out: samples, inputs of one, the labels, words of the warnings.
private struct Table: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    var dialect: @Sendable (inout CSVDialect) -> Void = { _ in }
    var targets = CSVReader.TargetColumns.lastLabel
    let rows: Int
    let columns: Int
    var first: [Double] = []
    var warnings: [String] = []
}

private let data = "0.5,1.5,2.5,0\n1.25,-2,3,1\n2,3.5,1,0\n"

private let tables = [
    Table(testDescription: "plain", text: data, rows: 3, columns: 3, first: [0.5, 1.5, 2.5]),
    Table(
        testDescription: "numeric header of pandas", text: "0,1,2,3\n" + data, rows: 3, columns: 3,
        warnings: ["line 1, 0,1,2,3, is taken as titles"]),
    Table(
        testDescription: "numeric header and index of pandas", text: ",0,1,2\n0,.5,1,0\n1,2,3,1\n2,4,4,0\n", rows: 3,
        columns: 3, first: [0, 0.5, 1], warnings: ["is taken as titles", "column 1, which has no title"]),
    Table(
        testDescription: "header from 1", text: "1,2,3,4\n" + data, rows: 3, columns: 3, warnings: ["taken as titles"]),
    Table(
        testDescription: "numbers and a word", text: "0,1,2,label\n" + data, rows: 3, columns: 3,
        warnings: ["taken as titles"]),
    Table(
        testDescription: "numeric header, said to be a sample", text: "0,1,2,1\n" + data,
        dialect: { $0.header = .none }, rows: 4, columns: 3, first: [0, 1, 2]),
    Table(
        testDescription: "a first sample that does not count up", text: "0,1,2,1\n" + data, rows: 4, columns: 3,
        first: [0, 1, 2]),
    Table(
        testDescription: "years as titles, said so", text: "2019,2020,2021,2022\n" + data,
        dialect: { $0.header = .titles }, rows: 3, columns: 3),
    Table(
        testDescription: "index with an empty title", text: ",a,b,y\n0,.5,1,0\n1,2,3,1\n2,4,4,0\n", rows: 3, columns: 3,
        first: [0, 0.5, 1], warnings: ["column 1, which has no title, is read as an input"]),
    Table(
        testDescription: "index of R, without a title",
        text: "\"a\" \"b\" \"y\"\n\"1\" .5 1 0\n\"2\" 2 3 1\n\"3\" 4 4 0\n",
        rows: 3, columns: 3, warnings: ["column 1, which has no title"]),
    Table(
        testDescription: "index that is left out", text: ",0,1,2\n0,.5,1,0\n1,2,3,1\n2,4,4,0\n",
        dialect: { $0.skippedColumns = [1] }, rows: 3, columns: 2, first: [0.5, 1], warnings: ["taken as titles"]),
    Table(
        testDescription: "index with a title", text: "id,a,y\n7,.5,0\n8,2,1\n9,1,1\n", rows: 3, columns: 2,
        warnings: ["column 1 (id) is read as an input"]),
    Table(
        testDescription: "semicolons", text: "a;b;y\n0.78;0.90;0\n1.5;2;1\n", rows: 2, columns: 2, first: [0.78, 0.9]),
    Table(
        testDescription: "decimal commas", text: "a;b;y\n0,78;-1,5e1;0\n1,5;2;1\n", dialect: { $0.decimal = .comma },
        rows: 2, columns: 2, first: [0.78, -15]),
    Table(
        testDescription: "decimal commas between tabs", text: "0,78\t-,5\t0\n1,5\t2\t1\n",
        dialect: { $0.decimal = .comma }, rows: 2, columns: 2, first: [0.78, -0.5]),
    Table(
        testDescription: "a comma in a title, separator said", text: "a, mm;b;y\n0.78;0.90;0\n1.5;2;1\n",
        dialect: { $0.separator = .semicolon }, rows: 2, columns: 2),
    Table(testDescription: "tabs", text: "a\tb\ty\n0.5\t1\t0\n2\t3\t1\n", rows: 2, columns: 2, first: [0.5, 1]),
    Table(
        testDescription: "columns of spaces", text: "# of numpy.savetxt\n  0.5   1  0 \n 2 3 1\n", rows: 2, columns: 2,
        first: [0.5, 1]),
    Table(
        testDescription: "titles of numpy.savetxt, with commas", text: "# x, y, label\n1.5 2 0\n3 4 1\n", rows: 2,
        columns: 2, first: [1.5, 2]),
    Table(
        testDescription: "sep= behind a comment", text: "# made by hand\nsep=;\n1.5;2;0\n3;4;1\n", rows: 2, columns: 2,
        first: [1.5, 2]),
    Table(
        testDescription: "row names of a subset, as R writes them", text: "a,b,y\n5,1,2,0\n9,3,4,1\n12,5,6,0\n",
        rows: 3, columns: 3, warnings: ["column 1, which has no title"]),
    Table(
        testDescription: "row names that are left out", text: "s1,1,2\ns2,5,1\ns3,6,2\n",
        dialect: { $0.skippedColumns = [1] }, rows: 3, columns: 1, first: [1]),
    Table(
        testDescription: "fractions that count up", text: "0.5,1.5,2.5\n1,2,3.5\n", targets: .lastTargets(1),
        rows: 2, columns: 2, first: [0.5, 1.5]),
    Table(testDescription: "a large constant column", text: "1e17,2,0\n1e17,3,1\n1e17,3,1\n", rows: 3, columns: 2),
    Table(
        testDescription: "shuffled index of pandas", text: ",a,y\n31,.5,0\n4,2,1\n15,1,1\n", rows: 3, columns: 2,
        warnings: ["column 1, which has no title"]),
    Table(
        testDescription: "index that was read and saved again", text: "Unnamed: 0,a,y\n31,.5,0\n4,2,1\n15,1,1\n",
        rows: 3, columns: 2, warnings: ["column 1 (Unnamed: 0)"]),
    Table(
        testDescription: "index in another column", text: "a,ID,y\n.5,31,0\n2,4,1\n1,15,1\n", rows: 3, columns: 2,
        warnings: ["column 2 (ID)"]),
    Table(
        testDescription: "index that counts down, without titles", text: "9,.5,0\n8,2,1\n7,1,1\n", rows: 3, columns: 2,
        warnings: ["column 1 numbers the lines"]),
    Table(
        testDescription: "labels first, as Kaggle has them", text: "label,p0,p1\n1,7,7\n0,7,8\n1,8,8\n", rows: 3,
        columns: 2, warnings: ["column 1 (label) is read as an input, and the label is taken from column 3 (p1)"]),
    Table(
        testDescription: "labels in the middle", text: "a,target,b\n.5,1,7\n1,0,8\n2,1,8\n", targets: .label(2),
        rows: 3,
        columns: 2, first: [0.5, 7]),
    Table(
        testDescription: "labels behind a column that is left out", text: "i,a,target,b\n1,.5,1,7\n2,1,0,8\n",
        dialect: { $0.skippedColumns = [1] }, targets: .label(3), rows: 2, columns: 2, first: [0.5, 7]),
    Table(
        testDescription: "quotes", text: "\"a, b\",\"y\"\n\"1.5\",\"0\"\n\"2\",1\n", rows: 2, columns: 1, first: [1.5]),
    Table(testDescription: "sep= of Excel", text: "sep=|\na|b|y\n1|2|0\n3|4|1\n", rows: 2, columns: 2, first: [1, 2]),
    Table(testDescription: "CR LF", text: "1,2,0\r\n3,4,1\r\n", rows: 2, columns: 2, first: [1, 2]),
    Table(testDescription: "CR alone", text: "a,b,y\r1,2,0\r3,4,1\r", rows: 2, columns: 2, first: [1, 2]),
    Table(
        testDescription: "labels first", text: "y,a,b\n1,2,3\n0,5,6\n", targets: .firstLabel, rows: 2, columns: 2,
        first: [2, 3]),
    Table(
        testDescription: "regression called classes", text: "1,7\n2,9\n3,11\n4.5,13\n5,15\n6,17\n", rows: 6, columns: 1,
        warnings: ["hardly two samples share one; data.labels: values"]),
]

@Test(arguments: tables) private func tablesAreReadAsTheirWritersMeantThem(table: Table) throws {
    let folder = TestFolder()
    var dialect = CSVDialect()
    table.dialect(&dialect)
    let raw = try CSVReader(path: folder.write("a.csv", table.text), targets: table.targets, dialect).read()
    #expect(raw.count == table.rows && raw.shape == [table.columns])
    if !table.first.isEmpty { #expect(Array(raw.inputs.entries.prefix(table.columns)) == table.first) }
    let warnings = raw.remarks.filter(\.isWarning).map(\.text)
    #expect(warnings.count == table.warnings.count, "\(warnings)")
    for (said, expected) in zip(warnings, table.warnings) { #expect(said.contains(expected), "\(warnings)") }
}

/// A CSV file that can't be read in one way only, and what its refusal says.
private let refused: [(text: String, words: [String])] = [
    ("a;b;c\n0,78;0,90;0\n1,5;2,1;1\n", ["comma and semicolon", "data.decimal: comma"]),
    ("1,5\t2,5\t0\n", ["comma and tab", "data.separator"]),
    ("1;2,0\n3;4,1\n", ["comma and semicolon"]),
    ("0,1\n0.5,0\n2,1\n", ["line 1 is 0,1", "data.header: none"]),
    ("2019,2020,2021\n0.5,3,0\n2,1,1\n", ["titles or a sample", "data.header"]),
    ("400,402,404,406\n0.5,3,4,0\n2,1,4,1\n", ["titles or a sample"]),
    ("1,abc,0\n2,3,1\n", ["line 1, column 2", "\"abc\""]),
    ("a,b,y\n1,2,0\n1,nan,0\n", ["line 3, column 2", "nan"]),
    ("1,0x10,0\n", ["column 2", "0x10"]),
    ("1,2,0\n1,\"2,0\n", ["line 2", "quote"]),
    ("a\n1,2,0\n3,4,1\n", ["line 2", "expected 1 values as there are titles", "3"]),
    ("1,2 3,0\n1,2,1\n", ["line 1, column 2", "2 3"]),
    ("1,2,0\n1,2,3,0\n", ["line 2", "expected 3 values, found 4"]),
    ("a,b,y\n", ["no samples"]),
    ("NA,NA,NA\n1,2,0\n", ["line 1, column 1", "\"NA\""]),
    ("?,?,?\n1,2,0\n", ["line 1, column 1"]),
    (",,\n1,2,0\n", ["line 1, column 1"]),
    ("0,5|1,5|0,0\n", ["line 1, column 2", "5|1"]),
    ("1 2|3\n", ["separated by spaces", "data.separator"]),
    (String(repeating: ",", count: 300_000), ["at most 262144 columns"]),
    ("BZh91AY&SY", ["packed by bzip2"]),
    ("1,2,0\u{0}\n", ["UTF-16"]),
]

@Test(arguments: refused.indices) func tablesThatCouldBeMeantOtherwiseAreRefused(index: Int) throws {
    let (text, words) = refused[index]
    let folder = TestFolder()
    let path = folder.write("a.csv", text)
    let error = #expect(throws: DatasetError.self) { try CSVReader(path: path, targets: .lastLabel).read() }
    for word in words { #expect(error?.description.contains(word) == true, "\(error?.description ?? "")") }
}

/// Keys that contradict each other, or the file.
@Test func contradictionsAreRefused() throws {
    let folder = TestFolder()
    let cases: [(String, @Sendable (inout CSVDialect) -> Void, String)] = [
        ("0,78,1,5,0\n", { ($0.decimal, $0.separator) = (.comma, .comma) }, "needs another separator"),
        ("sep=,\n0,78,1\n", { $0.decimal = .comma }, "needs another separator"),
        ("sep=;\n1;2\n", { $0.separator = .comma }, "found the line sep=;"),
        ("1,2,0\n", { $0.skippedColumns = [4] }, "from 1 to 3"),
        ("1,2,0\n", { $0.skippedColumns = [1, 1] }, "different columns"),
        ("1,2\n", { $0.skippedColumns = [1, 2] }, "leaves no column"),
    ]
    for (text, change, words) in cases {
        var dialect = CSVDialect()
        change(&dialect)
        let error = #expect(throws: DatasetError.self) {
            try CSVReader(path: folder.write("a.csv", text), targets: .lastLabel, dialect).read()
        }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
}

/// A CR whose LF is in the next block, a cell across the boundary, and a last byte that is a CR.
@Test func linesAcrossBlocksAreOneLine() throws {
    let folder = TestFolder()
    let block = 1 << 22
    for (lead, end) in [(block - 1, "\r\n"), (block - 3, "\r\n"), (block - 2, "\n"), (block, "\r")] {
        // Lines of ten bytes, and one that is as long as needed.
        let line = "1.25,2,0" + (end.count == 2 ? end : " " + end)
        let count = lead / 10 - 1
        let filler = String(repeating: " ", count: lead - 10 * count - 6) + "3.5, 1"
        let text = String(repeating: line, count: count) + filler + end + "7.5,0" + end + "8.25,1" + "\r"
        let raw = try CSVReader(path: folder.write("a.csv", text.replacing("2,0", with: "  0")), targets: .lastLabel)
            .read()
        #expect(raw.count == count + 3, "\(lead)")
        #expect(Array(raw.inputs.entries.suffix(3)) == [3.5, 7.5, 8.25])
    }
}

@Test func utf16IsNamed() throws {
    let folder = TestFolder()
    for bytes: [UInt8] in [[0xFF, 0xFE, 0x31, 0], [0xFE, 0xFF, 0, 0x31], [0x31, 0, 0x2C, 0, 0x30, 0]] {
        let error = #expect(throws: DatasetError.self) {
            try CSVReader(path: folder.write("a.csv", bytes), targets: .lastLabel).read()
        }
        #expect(error?.description.contains("UTF-16") == true)
    }
}

/// Lines that lie across the blocks in which a file is read.
@Test func longTablesAreReadWhole() throws {
    let folder = TestFolder()
    let lines = (0..<400_000).map { "\($0 % 97).25,\($0),\($0 % 3)" }
    for end in ["\n", "\r\n"] {
        let raw = try CSVReader(path: folder.write("a.csv", lines.joined(separator: end)), targets: .lastLabel).read()
        #expect(raw.count == 400_000)
        #expect(
            (0..<400_000).allSatisfy { raw.inputs[$0, 0] == Double($0 % 97) + 0.25 && raw.inputs[$0, 1] == Double($0) })
    }
}
