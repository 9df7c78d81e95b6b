import Foundation
import Mustache

/// Draws figures with gnuplot.
///
/// Each figure becomes `<id>.csv`, `<id>.svg`, `<id>-narrow.svg`, for phones and for a column of a journal, and `<id>.pdf` of 8 cm where
/// asked for. What is drawn is read by gnuplot from that CSV file.
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

    /// Writes a figure's CSV file and its drawings.
    /// - Returns: why it has no drawings, in one line; nil where it has.
    /// - Throws: what the system says of files.
    func draw(_ figure: Figure) throws -> String? {
        try figure.csv.write(toFile: "\(folder)/\(figure.id).csv", atomically: true, encoding: .utf8)
        let sizes = Canvas.svg + (withPDF ? [Canvas.pdf] : [])
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
        for drawing in drawings where drawing.path.hasSuffix(".svg") {
            try drawing.finish(title: Typesetting(figure.title).text)
        }
        return nil
    }

    private func values(of figure: Figure, _ canvas: Canvas) -> [String: Any] {
        var values: [String: Any] = ["output": figure.id + canvas.suffix]
        func add(_ more: [String: Any]) { values.merge(more) { $1 } }
        switch figure.content {
        case .curves(let curves):
            let key = Key(curves, on: canvas)
            add(["terminal": canvas.terminal(more: key.height)])
            add(Self.values(of: curves, key, figure.id + ".csv", canvas))
        case .map(let map):
            let isNamed = !map.names.x.isEmpty
            add(["terminal": canvas.terminal(more: isNamed ? 0 : 0.9 * canvas.letter)])
            add(["x": Self.text(map.x.label), "y": Self.text(map.y.label)])
            add(["map": Self.values(of: map, figure.id + ".csv", canvas)])
        case .surface(let map):
            add(["terminal": canvas.terminal(more: 0.9 * canvas.letter)])
            add(Self.surface(map, figure.id + ".csv", canvas))
        }
        return values
    }

    static func text(_ text: String, most: Int = 100) -> String { Typesetting(text).shortened(most: most).gnuplot() }

    private static func values(of curves: Curves, _ key: Key, _ file: String, _ canvas: Canvas) -> [String: Any] {
        let points = curves.series.flatMap(\.points)
        let ends = curves.series.flatMap { $0.bars.flatMap { [$0.lowerBound, $0.upperBound] } }
        let dodge = Dodge(curves)
        let isMarked = curves.series.contains { $0.style == .marked || $0.style == .points }
        let x = Scale(curves.x, points.map(\.x), isPadded: isMarked || dodge.isNeeded, most: canvas.isNarrow ? 5 : 8)
        let y = Scale(curves.y, points.map(\.y) + ends, most: canvas.isNarrow ? 6 : 7)
        let names = [curves.series.first, curves.series.last].map {
            text($0?.name ?? "", most: canvas.isNarrow ? 18 : 32)
        }
        let own: [String: Any] = [
            "columns": key.columns, "isCrowd": curves.isCrowd, "file": file, "count": curves.series.count,
            "first": names[0], "last": names[1], "x-log": curves.x.isLogarithmic, "y-log": curves.y.isLogarithmic,
            "palette": ramp, "series": curves.isCrowd ? [] : series(curves, key, dodge, file),
        ]
        return axes(x, curves.x, y, curves.y).merging(["curves": own]) { $1 }
    }

    /// Labels, ranges and ticks of both axes.
    private static func axes(_ x: Scale, _ xAxis: Axis, _ y: Scale, _ yAxis: Axis) -> [String: Any] {
        [
            "x": text(x.label(xAxis)), "y": text(y.label(yAxis)), "x-range": x.span, "y-range": y.span,
            "x-tics": x.tics, "y-tics": y.tics,
        ]
    }

    private static func series(_ curves: Curves, _ key: Key, _ dodge: Dodge, _ file: String) -> [[String: Any]] {
        let styles = CurveStyle.all(of: curves)
        return curves.series.indices.map { index in
            let (line, start) = (curves.series[index], curves.columns[index].start + 2)
            let ends = line.bars.isEmpty ? "" : ":\(start + 1):\(start + 2)"
            return [
                "file": file, "using": "\(dodge.place(index)):\(start)\(ends)", "color": styles[index].color,
                "style": styles[index].words(line),
                "title": line.isListed ? "title '\(text(line.name, most: key.mostLetters))'" : "notitle",
            ]
        }
    }

    /// Names at 0, 1, …; ticks of the numbers where there are none.
    private static func tics(_ axis: Axis, names: [String], places: [Double], most: Int, letters: Int) -> String {
        guard !names.isEmpty else { return Scale(axis, places, isPadded: false, most: most).tics }
        // More labels than that stand upon one another.
        let each = max((names.count + most - 1) / most, 1)
        let shown = names.enumerated().filter { $0.offset % each == 0 }
        let labels = shown.map {
            "'\(Typesetting($1).shortened(most: letters).gnuplot(.enhancedFormat))' \($0)"
        }
        return "(" + labels.joined(separator: ", ") + ")"
    }

    private static func values(of map: Map, _ file: String, _ canvas: Canvas) -> [String: Any] {
        let known = map.values.filter { abs($0) < 1e300 }
        let range = map.range ?? ((known.min() ?? 0)...(known.max() ?? 1))
        let isNamed = !map.names.x.isEmpty
        let colors = Scale(map.value, [range.lowerBound, range.upperBound], isPadded: false, most: 6)
        let isReadable = isNamed && map.xs.count <= (canvas.isNarrow ? 6 : 14) && map.ys.count <= 24
        return [
            "value": text(map.value.label), "range": colors.span, "file": file, "colors": colors.tics,
            "x-tics": tics(map.x, names: map.names.x, places: map.xs, most: canvas.isNarrow ? 6 : 10, letters: 12),
            "y-tics": tics(
                map.y, names: map.names.y, places: map.ys, most: isNamed ? 40 : 6, letters: canvas.isNarrow ? 18 : 40),
            "isSquare": !isNamed, "isNamed": isNamed, "palette": isNamed ? shares : palette,
            "lines": isNamed ? lines(map) : [], "hasNumbers": isReadable,
            "middle": (range.lowerBound + range.upperBound) / 2, "right": Double(map.xs.count) - 0.5,
            "top": Double(map.ys.count) - 0.5,
        ]
    }

    /// White lines between cells.
    private static func lines(_ map: Map) -> [[String: Any]] {
        let (right, top) = (Double(map.xs.count) - 0.5, Double(map.ys.count) - 0.5)
        let upright = map.xs.dropFirst().map { ["from": "\($0 - 0.5),-0.5", "to": "\($0 - 0.5),\(top)"] }
        return upright + map.ys.dropFirst().map { ["from": "-0.5,\($0 - 0.5)", "to": "\(right),\($0 - 0.5)"] }
    }

    /// Lines of equal height.
    private static func surface(_ map: Map, _ file: String, _ canvas: Canvas) -> [String: Any] {
        let known = map.values.filter { abs($0) < 1e300 }
        let height = Scale(Axis(""), known, isPadded: false, most: canvas.isNarrow ? 8 : 10)
        let levels = height.ticks.map(\.value)
        let own: [String: Any] = [
            "value": text(map.value.label), "file": file,
            // gnuplot gives the last of them its first style.
            "levels": levels.reversed().map { "\($0)" }.joined(separator: ", "),
            "styles": levels.indices.map { index in
                [
                    "number": 101 + index, "dash": CurveStyle.dashes[index % CurveStyle.dashes.count],
                    "color": CurveStyle.mixed(Double(index) / Double(max(levels.count - 1, 1))),
                ] as [String: Any]
            },
        ]
        let (x, y) = (Scale(map.x, map.xs, isPadded: false, most: 5), Scale(map.y, map.ys, isPadded: false, most: 5))
        return axes(x, map.x, y, map.y).merging(["surface": own]) { $1 }
    }

    /// Viridis (van der Walt, Smith 2015), whose lightness grows evenly: it can be read in grey.
    private static let palette = "(0 '#440154', 0.25 '#3b528b', 0.5 '#21918c', 0.75 '#5ec962', 1 '#fde725')"
    /// That of ordered curves.
    private static let ramp =
        "(" + (0...8).map { "\($0) '\(CurveStyle.mixed(Double($0) / 8))'" }.joined(separator: ", ") + ")"
    /// None to all, light enough for numbers on the one side and dark enough on the other.
    private static let shares = "(0 '#f3e3d3', 0.5 '#8fb8cf', 1 '#1f5f99')"
}
