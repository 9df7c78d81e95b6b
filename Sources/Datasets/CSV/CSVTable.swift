import Glibc
import LinearAlgebra

/// The numbers of a CSV file, row after row, without the columns that are left out.
struct CSVTable {
    private(set) var numbers: [Double] = []
    private(set) var columns = 0
    private(set) var remarks: [Remark] = []
    private let path: String
    private let dialect: CSVDialect
    private var line: CSVLine?
    /// Of the line that is read, from 1.
    private var lineNumber = 0
    private var titles: [String]?
    private var isBegun = false

    var rows: Int { columns > 0 ? numbers.count / columns : 0 }

    /// Reads a file, plain or gzipped, block by block.
    /// - Throws: `DatasetError` with line and column.
    init(_ file: FileBytes, _ dialect: CSVDialect) throws {
        path = file.path
        self.dialect = dialect
        var buffer = try file.piece(1 << 22)
        try checkEncoding(buffer)
        // Excel begins a file with a byte order mark.
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { buffer.removeFirst(3) }
        var isLast = buffer.isEmpty
        while true {
            let used = try lines(of: buffer + [0], isLast: isLast)
            if isLast { break }
            buffer.removeFirst(used)
            let more = try file.piece(1 << 22)
            isLast = more.isEmpty
            buffer += more
            guard buffer.count < 1 << 26 else {
                throw DatasetError("\(path): line \(lineNumber + 1): has no end within 64 MB")
            }
            // Numbers, room to grow, and their copy as samples.
            guard Memory.holds(Double(numbers.count), bytesEach: 24) else {
                throw DatasetError(
                    "\(path): more than \(numbers.count) values, which do not fit into \(Memory.limit / 1_000_000) MB of memory"
                )
            }
        }
        guard columns > 0 else { throw DatasetError("\(path): holds no samples") }
        noteIndexColumn()
    }

    private func checkEncoding(_ head: [UInt8]) throws {
        let isMarked = head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF])
        guard !isMarked, !head.prefix(4096).contains(0) else {
            throw DatasetError(
                "\(path): is \(isMarked ? "UTF-16" : "no text, or UTF-16"): save it as UTF-8 (iconv -f UTF-16 -t UTF-8)"
            )
        }
    }

    /// Takes whole lines, ended by LF, CR LF or CR; returns the bytes that they had.
    private mutating func lines(of buffer: [UInt8], isLast: Bool) throws -> Int {
        try buffer.withUnsafeBufferPointer { bytes in
            let end = bytes.count - 1
            if line == nil { try begin(bytes, end) }
            var start = 0
            while start < end {
                var stop = start
                while stop < end, bytes[stop] != 10, bytes[stop] != 13 { stop += 1 }
                // A CR at the end of a block may be half of CR LF.
                guard stop + 1 < end || isLast else { return start }
                lineNumber += 1
                try take(bytes, start..<stop)
                start = stop + (stop + 1 < end && bytes[stop] == 13 && bytes[stop + 1] == 10 ? 2 : 1)
            }
            return min(start, end)
        }
    }

    /// Looks at the first lines for the separator.
    private mutating func begin(_ bytes: UnsafeBufferPointer<UInt8>, _ end: Int) throws {
        var head = bytes[..<end].prefix(1 << 16).split(maxSplits: 20) { $0 == 10 || $0 == 13 }.map { [UInt8]($0) }
        if head.count > 20 { head.removeLast() }
        let declared = head.first.flatMap(CSVDialect.declaredSeparator)
        let separator = try declared ?? dialect.separator(in: head, path)
        line = CSVLine(separator: separator, hasDecimalComma: dialect.decimal == .comma)
    }

    private mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) throws {
        if range.allSatisfy({ CSVLine.isSpace(bytes[$0]) }) { return }
        if !isBegun, bytes[range.lowerBound] == UInt8(ascii: "#") || isDeclaration(bytes[range]) { return }
        guard let cells = line?.cells(bytes, range) else {
            throw DatasetError("\(path): line \(lineNumber): a quote is not closed")
        }
        if !isBegun {
            isBegun = true
            if try takeHeader(cells, bytes) { return }
        }
        if columns == 0 { try takeWidth(cells.count) }
        guard cells.count == columns + dialect.skippedColumns.count else {
            throw DatasetError(
                "\(path): line \(lineNumber): expected \(columns + dialect.skippedColumns.count) values, found \(cells.count)"
            )
        }
        for (index, cell) in cells.enumerated() where !dialect.skippedColumns.contains(index + 1) {
            guard let number = line?.number(bytes, cell) else {
                throw DatasetError(
                    "\(path): line \(lineNumber), column \(index + 1): expected a finite number, found "
                        + "\"\(excerpt(String(decoding: bytes[cell], as: UTF8.self)))\"")
            }
            numbers.append(number)
        }
    }

    private func isDeclaration(_ line: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        line.count < 16 && CSVDialect.declaredSeparator([UInt8](line)) != nil
    }

    private mutating func takeWidth(_ count: Int) throws {
        let skipped = Set(dialect.skippedColumns)
        guard skipped.count == dialect.skippedColumns.count, skipped.allSatisfy({ (1...count).contains($0) }) else {
            throw DatasetError(
                "\(path): data.skip_columns: expected different columns from 1 to \(count), found \(dialect.skippedColumns)"
            )
        }
        // R leaves out the title of its row names.
        if titles?.count == count - 1 { titles?.insert("", at: 0) }
        guard titles == nil || titles?.count == count else {
            throw DatasetError(
                "\(path): line \(lineNumber): expected \(titles?.count ?? 0) values as there are titles, found \(count)"
            )
        }
        columns = count - skipped.count
        guard columns > 0 else { throw DatasetError("\(path): data.skip_columns leaves no column") }
    }

    /// Whether the first line is one of titles.
    private mutating func takeHeader(_ cells: [Range<Int>], _ bytes: UnsafeBufferPointer<UInt8>) throws -> Bool {
        let read = cells.map { (text: String(decoding: bytes[$0], as: UTF8.self), number: line?.number(bytes, $0)) }
        guard case .titles(let remark) = try CSVHeader(read, dialect.header, path) else { return false }
        if let remark { remarks.append(remark) }
        titles = read.map(\.text)
        return true
    }

    /// An index that a table was saved with would be an input.
    private mutating func noteIndexColumn() {
        guard rows > 2, (1..<rows).allSatisfy({ numbers[$0 * columns] == numbers[0] + Double($0) }) else { return }
        let kept = (1...(columns + dialect.skippedColumns.count)).first { !dialect.skippedColumns.contains($0) } ?? 1
        let title = titles.map { kept <= $0.count ? $0[kept - 1] : "" } ?? ""
        remarks.append(
            .warning(
                "\(path): column \(kept)\(title.isEmpty ? ", which has no title," : " (\(excerpt(title)))") counts up by "
                    + "one from line to line: is it an index? data.skip_columns: [\(kept)] leaves it out"))
    }
}

/// The beginning of a text that a file holds, for a message.
func excerpt(_ text: String) -> String { text.count > 40 ? text.prefix(40) + "…" : text }
