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
    private let gnuplot = Gnuplot()

    init(folder: String, withPDF: Bool) throws {
        self.folder = folder
        self.withPDF = withPDF
        template = try MustacheTemplate(PackageResources.figure_mustache, in: .gnuplot)
    }

    /// Blue, vermilion, green, purple, orange, sky, grey: Okabe and Ito's colors (2008), which color-blind readers tell
    /// apart, those too bright for white paper or too dark for a dark page a little moved.
    private static let colors = ["#0077c8", "#d55e00", "#009e73", "#cc79a7", "#c98a00", "#3aa0e0", "#808080"]
    /// Families with more members than colors repeat them with other dashes.
    private static let dashes = [1, 4, 5]

    /// Writes a figure's CSV file and its drawings.
    /// - Returns: why it has no drawings, in one line; nil where it has.
    /// - Throws: what the system says of files.
    func draw(_ figure: Figure) throws -> String? {
        try figure.csv.write(toFile: "\(folder)/\(figure.id).csv", atomically: true, encoding: .utf8)
        let sizes = Size.all(withPDF: withPDF)
        let script = sizes.map { template.render(values(of: figure, $0)) }.joined()
        let path = folder + "/figure.gp"
        try script.write(toFile: path, atomically: true, encoding: .utf8)
        let problem = gnuplot.run(script: "figure.gp", in: folder)
        try FileManager.default.removeItem(atPath: path)
        let drawings = sizes.map { Drawing(path: "\(folder)/\(figure.id)\($0.suffix)") }
        if let reason = problem ?? (drawings.allSatisfy(\.isWhole) ? nil : "gnuplot left no whole drawing") {
            for drawing in drawings { drawing.remove() }
            return reason
        }
        for drawing in drawings where drawing.path.hasSuffix(".svg") { try drawing.finish(title: figure.title) }
        return nil
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
                    "value": Self.shortened(map.value.label, most: 100), "range": range, "file": figure.id + ".csv",
                    "x-tics": Self.ticks(names: map.names.x), "y-tics": Self.ticks(names: map.names.y, most: 40),
                    "is-square": map.names.x.isEmpty,
                ] as [String: Any]
        case .surface(let map):
            values.merge(Self.axes(map.x, map.y)) { $1 }
            values["surface"] =
                [
                    "value": Self.shortened(map.value.label, most: 100), "file": figure.id + ".csv", "view": "58, 35",
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
                "color": Self.colors[index % Self.colors.count], "name": Self.shortened(line.name, most: 100),
            ]
        }
    }

    private static func axes(_ x: Axis, _ y: Axis) -> [String: Any] {
        [
            "x": shortened(x.label, most: 100), "y": shortened(y.label, most: 100), "x-log": x.isLogarithmic,
            "y-log": y.isLogarithmic,
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
        let labels = shown.map { "'\(Language.gnuplotFormat.escapeText(shortened($1, most: 40)))' \($0)" }
        return names.isEmpty ? "autofreq" : "(" + labels.joined(separator: ", ") + ")"
    }

    /// A text no longer than there is room for.
    private static func shortened(_ text: String, most: Int) -> String {
        text.unicodeScalars.count > most ? String(text.unicodeScalars.prefix(most - 1)) + "…" : text
    }
}
