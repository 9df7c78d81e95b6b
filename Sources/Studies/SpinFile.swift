import Files
import Foundation
import SpinGlasses

/// `draws.csv`: what is kept of draws of spin glasses, a row each, in the order of their plan.
package struct SpinFile {
    private let path: String
    private static let header =
        "order,dimension,seed,most_searches,fewest,most,searches,standing,right_sum,rank_correlation,energies\n"

    package init(_ folder: String) { path = folder + "/draws.csv" }

    package var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    /// The rows that are whole; none where there is no file. What follows the last line break was cut off by a kill.
    /// - Throws: `FileError`, or `LabError` that names a line which is no row.
    package func rows() throws -> [(draw: SpinDraw, mostSearches: Int)] {
        guard isThere else { return [] }
        let text = String(decoding: try PlainFile.read(path, limit: 1 << 28), as: UTF8.self)
        guard text.hasPrefix(Self.header) else {
            if Self.header.hasPrefix(text) { return [] }
            throw LabError("\(path): line 1: expected \(Self.header.dropLast()), found \(excerpt(text))")
        }
        let lines = text.dropFirst(Self.header.count).split(separator: "\n", omittingEmptySubsequences: false)
        return try lines.dropLast().enumerated().map { k, line in
            guard let row = Self.row(line) else {
                throw LabError("\(path): line \(k + 2): expected a draw, found \(excerpt(String(line)))")
            }
            return row
        }
    }

    /// The first draws of a plan, as many as there are.
    /// - Throws: as `rows`, and `LabError` where one is not the plan's.
    func draws(of plan: SpinPlan) throws -> [SpinDraw] {
        let (rows, expected) = (try rows(), plan.draws)
        guard rows.count <= expected.count else {
            throw LabError("\(path): expected at most \(expected.count) draws, found \(rows.count)")
        }
        for (k, (row, draw)) in zip(rows, expected).enumerated() {
            let found = Self.words(row.draw.shape, row.draw.seed, row.mostSearches)
            let wanted = Self.words(draw.shape, draw.seed, plan.mostSearches)
            guard found == wanted else {
                throw LabError("\(path): line \(k + 2): expected \(wanted), found \(found): it is another plan's")
            }
        }
        return rows.map(\.draw)
    }

    private static func words(_ shape: SpinShape, _ seed: UInt64, _ mostSearches: Int) -> String {
        "order \(shape.order), dimension \(shape.dimension), seed \(seed), at most \(mostSearches) searches"
    }

    /// Writes the file with these draws, without what was cut off, and has others appended. A kill loses none that was.
    /// - Throws: what `body` throws; `FileError`.
    func adding(
        to draws: [SpinDraw], of plan: SpinPlan, _ body: (_ append: (SpinDraw) throws -> Void) throws -> Bool
    ) throws -> Bool {
        let lines = draws.map { Self.line($0, plan.mostSearches) }
        try WholeFile.write(Self.header + lines.joined(), to: path)
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw LabError(system: path) }
        let isDone: Bool
        do {
            isDone = try body { draw in
                try WholeFile.append(Array(Self.line(draw, plan.mostSearches).utf8), to: descriptor, path)
            }
            guard fsync(descriptor) == 0 else { throw FileError(path, "cannot be written") }
        } catch {
            close(descriptor)
            throw error
        }
        guard close(descriptor) == 0 else { throw FileError(path, "cannot be written") }
        return isDone
    }

    /// Numbers in the fewest digits that give them back.
    private static func line(_ draw: SpinDraw, _ mostSearches: Int) -> String {
        let energies = draw.energies.map { $0.map { "\($0)" } ?? "-" }
        let cells = [
            "\(draw.shape.order)", "\(draw.shape.dimension)", "\(draw.seed)", "\(mostSearches)",
            "\(draw.count.lowerBound)", "\(draw.count.upperBound)", "\(draw.searches)", draw.standing.rawValue,
            draw.isEulers.map { $0 ? "yes" : "no" } ?? "", draw.rankCorrelation.map { "\($0)" } ?? "",
            energies.joined(separator: " "),
        ]
        return csvText([cells])
    }

    /// - Returns: nil for what is no row.
    private static func row(_ line: Substring) -> (draw: SpinDraw, mostSearches: Int)? {
        let cells = line.split(separator: ",", omittingEmptySubsequences: false)
        guard cells.count == 11, let seed = UInt64(cells[2]),
            let standing = SpinPoints.Standing(rawValue: "\(cells[7])")
        else { return nil }
        let numbers = (cells[..<2] + cells[3..<7]).compactMap { Int($0) }
        guard numbers.count == 6, SpinShape.orders.contains(numbers[0]), SpinShape.dimensions.contains(numbers[1]),
            0 <= numbers[3], numbers[3] <= numbers[4]
        else { return nil }
        let energies = cells[10].split(separator: " ").map { $0 == "-" ? nil : Double($0) ?? .nan }
        let correlation = cells[9].isEmpty ? nil : Double(cells[9]) ?? .nan
        guard energies.count == numbers[1], !(energies + [correlation]).contains(where: { $0?.isFinite == false }),
            ["yes", "no", ""].contains(cells[8])
        else { return nil }
        let draw = SpinDraw(
            SpinShape(order: numbers[0], dimension: numbers[1]), seed: seed, count: numbers[3]...numbers[4],
            searches: numbers[5], standing: standing, isEulers: cells[8].isEmpty ? nil : cells[8] == "yes",
            energies: energies, rankCorrelation: correlation)
        return (draw, numbers[2])
    }
}
