import Foundation
import Mustache

/// Draws figures with gnuplot.
///
/// Each figure becomes `<id>.csv`, `<id>.svg` and `<id>-narrow.svg` (for phones), and `<id>.pdf` where asked for. What is
/// drawn is read by gnuplot from that CSV file.
struct Plotter {
    let folder: String
    let withPDF: Bool
    private let template: MustacheTemplate

    init(folder: String, withPDF: Bool) throws {
        self.folder = folder
        self.withPDF = withPDF
        template = try MustacheTemplate(string: String(decoding: PackageResources.figure_mustache, as: UTF8.self))
    }

    /// Blue, vermilion, green, purple, orange, sky, grey: Okabe and Ito's colors (2008), which color-blind readers tell
    /// apart, those too bright for white paper or too dark for a dark page a little moved.
    private static let colors = ["#0077c8", "#d55e00", "#009e73", "#cc79a7", "#c98a00", "#3aa0e0", "#808080"]
    /// Families with more members than colors repeat them with other dashes.
    private static let dashes = [1, 4, 5]

    func draw(_ figures: [Figure]) throws {
        var script = ""
        for figure in figures {
            try figure.csv.write(toFile: "\(folder)/\(figure.id).csv", atomically: true, encoding: .utf8)
            for size in Size.all(withPDF: withPDF) { script += template.render(values(of: figure, size)) }
        }
        let path = folder + "/figures.gp"
        try script.write(toFile: path, atomically: true, encoding: .utf8)
        try Self.run(script: "figures.gp", in: folder)
        try FileManager.default.removeItem(atPath: path)
        for figure in figures {
            for size in Size.svg { try Self.finish("\(folder)/\(figure.id)\(size.suffix)", title: figure.title) }
        }
    }

    /// A drawing of a figure: terminal, name of the file, columns of the legend.
    struct Size {
        let suffix: String
        let columns: Int
        let isNarrow: Bool
        let terminal: (_ rows: Int) -> String

        static var svg: [Size] {
            [
                Size(suffix: ".svg", columns: 3, isNarrow: false) { rows in
                    "svg size 720,\(410 + 18 * ((rows + 2) / 3)) fixed font 'sans-serif,14' linewidth 1.6"
                },
                Size(suffix: "-narrow.svg", columns: 1, isNarrow: true) { rows in
                    "svg size 360,\(300 + 18 * rows) fixed font 'sans-serif,13' linewidth 1.5"
                },
            ]
        }

        static func all(withPDF: Bool) -> [Size] {
            guard withPDF else { return svg }
            return svg + [
                Size(suffix: ".pdf", columns: 3, isNarrow: false) { _ in
                    "pdfcairo size 7in,4.4in font 'sans,11' linewidth 1.4"
                }
            ]
        }
    }

    private func values(of figure: Figure, _ size: Size) -> [String: Any] {
        var rows = 0
        if case .curves(let curves) = figure.content { rows = curves.series.count }
        var values: [String: Any] = [
            "terminal": size.terminal(rows), "output": figure.id + size.suffix,
        ]
        switch figure.content {
        case .curves(let curves):
            values.merge(Self.axes(curves.x, curves.y)) { $1 }
            values["curves"] = ["columns": size.columns, "series": series(curves, figure)] as [String: Any]
        case .map(let map):
            values.merge(Self.axes(map.x, map.y)) { $1 }
            let range = map.range.map { "\($0.lowerBound):\($0.upperBound)" } ?? "*:*"
            values["map"] =
                [
                    "value": Self.text(map.value.label), "range": range, "file": figure.id + ".csv",
                    "x-tics": Self.ticks(names: map.names.x), "y-tics": Self.ticks(names: map.names.y, most: 40),
                    "is-square": map.names.x.isEmpty,
                ] as [String: Any]
        case .surface(let map):
            values.merge(Self.axes(map.x, map.y)) { $1 }
            values["surface"] =
                [
                    "value": Self.text(map.value.label), "file": figure.id + ".csv", "view": "58, 35",
                    "x-tics": Self.ticks(map.xs), "y-tics": Self.ticks(map.ys), "z-tics": Self.ticks(map.values),
                ] as [String: Any]
        }
        return values
    }

    private func series(_ curves: Curves, _ figure: Figure) -> [[String: Any]] {
        curves.series.enumerated().map { index, line in
            let dash = Self.dashes[index / Self.colors.count % Self.dashes.count]
            let style =
                switch line.style {
                case .line: "lines dashtype \(dash) linewidth 1.4"
                case .dashed: "lines dashtype 2 linewidth 1.4"
                case .points: "points pointtype 7 pointsize 0.35"
                case .marked:
                    "linespoints dashtype \(dash) pointtype \([7, 5, 9, 11, 13, 4, 6][index % 7]) pointsize 0.6"
                }
            return [
                "file": figure.id + ".csv", "column": index + 2, "style": style,
                "color": Self.colors[index % Self.colors.count], "name": Self.text(line.name),
            ]
        }
    }

    private static func axes(_ x: Axis, _ y: Axis) -> [String: Any] {
        [
            "x": text(x.label), "y": text(y.label), "x-log": x.isLogarithmic, "y-log": y.isLogarithmic,
            "x-decades": x.base == 10,
        ]
    }

    /// Three ticks inside the range: three-dimensional axes are short, and their ends meet.
    private static func ticks(_ values: [Double]) -> String {
        guard let first = values.min(), let last = values.max(), last > first else { return "autofreq" }
        let places = [0.2, 0.5, 0.8].map { first + $0 * (last - first) }
        // The middle of a symmetric axis is 0, whatever the rounding.
        let shown = places.map { abs($0) < 1e-9 * (last - first) ? 0 : $0 }
        return "(" + shown.map { String(format: "'%.3g' %.17g", $0, $0) }.joined(separator: ", ") + ")"
    }

    /// Names at 0, 1, …; gnuplot's own ticks where there are none.
    private static func ticks(names: [String], most: Int = 10) -> String {
        // More labels than that stand upon one another.
        let each = (names.count + most - 1) / most
        let shown = names.enumerated().filter { $0.offset % max(each, 1) == 0 }
        return names.isEmpty ? "autofreq" : "(" + shown.map { "'\(text($1))' \($0)" }.joined(separator: ", ") + ")"
    }

    /// A text between gnuplot's single quotes, in which only they are special.
    private static func text(_ text: String) -> String {
        text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
            .split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private static func run(script: String, in folder: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gnuplot", script]
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus != 127 else {
            throw ReportError("gnuplot: was not found; install it (Debian: apt-get install gnuplot-nox)")
        }
        guard process.terminationStatus == 0 else { throw ReportError("gnuplot: \(text)") }
    }

    /// Gives an SVG file its title, and the colors of a dark page where the reader's system asks for them.
    private static func finish(_ path: String, title: String) throws {
        let drawing = try String(contentsOfFile: path, encoding: .utf8)
        let style =
            "<style>@media screen and (prefers-color-scheme: dark) { g[color=black], g[color=gray] { color: #d8dee6 } "
            + "[stroke=black] { stroke: #d8dee6 } [fill=black] { fill: #d8dee6 } }</style>"
        let own = try MustacheTemplate(string: "<title>{{.}}</title>").render(title)
        try drawing.replacingOccurrences(of: "<title>Gnuplot</title>", with: own + style)
            .write(toFile: path, atomically: true, encoding: .utf8)
    }
}

/// A report that cannot be made, in words for its reader.
public struct ReportError: Error, CustomStringConvertible, Sendable {
    public let description: String
    public init(_ description: String) { self.description = description }
}
