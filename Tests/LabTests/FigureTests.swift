import Foundation
import Reports
import TestSupport
import Testing

/// Draws figures on a page of their own and returns its folder.
private func draw(_ figures: [Figure], in folder: TestFolder, withPDF: Bool = false) throws -> String {
    let page = Page(
        title: "a_b", summary: "", facts: [], verdicts: [], notes: [], damage: [], figures: figures, configuration: "",
        creator: "ntklab 0")
    let problems = try page.write(to: folder.path, withPDF: withPDF)
    #expect(problems.isEmpty, "\(problems)")
    return folder.path
}

/// Each text of each drawing below a report.
func texts(inDrawingsOf report: String) throws -> [String] {
    let output = try python(
        """
        import glob, sys, xml.etree.ElementTree as xml
        for name in sorted(glob.glob(sys.argv[1] + '/figures/*.svg')):
            for e in xml.parse(name).getroot().iter():
                if e.tag.endswith('}text') or e.tag.endswith('}title'): print(''.join(e.itertext()))
        """, [report])
    #expect(output.code == 0 && !output.out.isEmpty, "\(output.err)")
    return output.out.split(separator: "\n").map(String.init)
}

private func curves(
    _ count: Int, _ style: Curves.Style, x: Axis = Axis("step t", isInteger: true)
) -> Figure {
    let series = (0..<count).map { index in
        Curves.Series("c\(index)", style, (1...5).map { (Double($0), Double(index) + Double($0) / 7) })
    }
    return Figure(id: "curves", title: "Curves", caption: "", .curves(Curves(x: x, y: Axis("y"), series)))
}

@Test func textsOfUsersStandAsTheyAreAndOthersAreSet() throws {
    let user = "a_b^c λ_max {x} 1e-3 @h ~a & \\"
    let line = Curves.Series(verbatim(user), .line, [(1, 1e-9), (2, 2e-9), (3, 4e-9)])
    let other = Curves.Series("λ_min(Θ_0) m^−0.5 cλ_max max_r 3.2e-8", .line, [(1, 2e-9), (2, 2e-9), (3, 5e-9)])
    let figure = Figure(
        id: "f", title: "‖W_t‖_F of \(verbatim("W_1"))", caption: "F = -1.5e-8 of \(verbatim("F_0 -1e-8"))",
        .curves(Curves(x: Axis("t"), y: Axis("‖W_t‖_F"), [line, other])))
    let folder = TestFolder()
    let report = try draw([figure], in: folder)
    let found = try texts(inDrawingsOf: report)
    #expect(found.contains(user), "\(found)")
    #expect(
        found.contains("λmin(Θ0) m−0.5 cλmax maxr 3.2 × 10−8") && found.contains { $0.hasPrefix("‖Wt‖F") }, "\(found)")
    let page = try String(contentsOfFile: report + "/index.html", encoding: .utf8)
    #expect(page.contains("<h3>‖W<sub>t</sub>‖<sub>F</sub> of W_1</h3>"), "\(page.suffix(1500))")
    #expect(page.contains("F = −1.5 × 10<sup>−8</sup> of F_0 -1e-8"))
    #expect(page.contains("<h1>a_b</h1>"), "titles of pages are users'")
    let csv = try String(contentsOfFile: report + "/figures/f.csv", encoding: .utf8)
    #expect(csv.contains(user) && !csv.unicodeScalars.contains("\u{2068}"))
}

/// Colors, dashes and marks of the curves of a drawing: those of the lines, and those with each color in its grey.
private let styles = """
    import re, sys
    grey = lambda c: round(sum(w * int(v) for w, v in zip((.3, .59, .11), c)) / 12)
    found, greys = set(), set()
    parts = open(sys.argv[1]).read().split('<g id="gnuplot_plot_')[1:]
    for part in parts:
        color = re.search(r"(?:stroke|color)='rgb\\( *(\\d+), *(\\d+), *(\\d+)\\)'", part).groups()
        dash = re.search(r"stroke-dasharray='([^']*)'", part)
        mark = re.search(r"href='#(\\w+)'", part)
        rest = (dash and dash[1], mark and mark[1])
        found.add((color, rest))
        greys.add((grey(color), rest))
    print(len(parts), len(found), len(greys))
    """

@Test(arguments: [(1, Curves.Style.line), (8, .line), (8, .marked), (12, .line), (24, .line), (24, .marked)])
func noTwoCurvesLookAlike(count: Int, style: Curves.Style) throws {
    let folder = TestFolder()
    let report = try draw([curves(count, style)], in: folder)
    let output = try python(styles, [report + "/figures/curves.svg"])
    #expect(output.out == "\(count) \(count) \(count)\n", "\(output.out) \(output.err)")
}

/// Two hundred runs are thin lines of ordered colors, without a key, in time.
@Test func manyCurvesAreDrawnWithoutAKey() throws {
    let series = (0..<200).map { run in
        Curves.Series(
            verbatim("run_\(run)"), .line, (0..<400).map { (Double($0), exp(-Double($0 * (run + 1)) / 4000)) })
    }
    let axis = Axis("F_t/F_0", isLogarithmic: true)
    let figure = Figure(
        id: "curves", title: "Runs", caption: "",
        .curves(Curves(x: Axis("step t", isInteger: true), y: axis, series)))
    let folder = TestFolder()
    let start = ContinuousClock.now
    let report = try draw([figure], in: folder)
    #expect(ContinuousClock.now - start < .seconds(25))
    let found = try texts(inDrawingsOf: report)
    #expect(found.filter { $0.hasPrefix("run_") } == ["run_0", "run_199", "run_0", "run_199"], "\(found)")
    let drawing = try String(contentsOfFile: report + "/figures/curves.svg", encoding: .utf8)
    let colors = Set(drawing.matches(of: /stroke='(rgb\([^)]*\))'/).map { String($0.1) })
    #expect(colors.count > 100, "\(colors.count)")
    let rows = try String(contentsOfFile: report + "/figures/curves.csv", encoding: .utf8).split(separator: "\n")
    #expect(rows.count == 1 + 200 * 401 && rows[0] == "number,curve,step t,F_t/F_0", "\(rows.count)")
}

@Test(arguments: [(1, 2), (1, 3), (0, 4), (3, 3), (0, 1130), (2, 100_000)])
func ticksOfWholeNumbersAreWhole(first: Int, last: Int) throws {
    let points = [(x: Double(first), y: 0.5), (x: Double(last), y: 0.5)]
    let axis = Axis("layer", isInteger: true)
    let folder = TestFolder()
    let report = try draw(
        [
            Figure(
                id: "f", title: "", caption: "",
                .curves(Curves(x: axis, y: Axis("y"), [Curves.Series("c", .marked, points)])))
        ], in: folder)
    let output = try python(
        """
        import re, sys
        # Ticks of x are centered, those of y end at the axis.
        for part in open(sys.argv[1]).read().split('<g transform')[1:]:
            if 'text-anchor="middle"' in part.split('>')[0]: print(''.join(re.findall('<tspan[^>]*>([^<]*)', part)))
        """, [report + "/figures/f.svg"])
    let labels = output.out.split(separator: "\n").map(String.init).filter { $0 != "layer" && $0 != "y" }
    let numbers = labels.compactMap { Int($0.replacing("−", with: "-")) }
    #expect(!labels.isEmpty && numbers.count == labels.count && Set(numbers).count == numbers.count, "\(labels)")
}

/// In a column of 8 cm letters have 7 pt or more; indices are smaller.
@Test func lettersSurviveAColumn() throws {
    let folder = TestFolder()
    let map = Map(
        x: Axis("width m"), y: Axis("depth L"), value: Axis("share"), xNames: ["64", "128"], yNames: ["1", "2"],
        values: [0, 0.5, 1, .nan], range: 0...1)
    let figures = [curves(3, .line), Figure(id: "map", title: "Map", caption: "", .map(map))]
    let report = try draw(figures, in: folder, withPDF: true)
    let output = try python(
        """
        import glob, re, sys, zlib
        column = 8 / 2.54 * 72
        for name in glob.glob(sys.argv[1] + '/*-narrow.svg'):
            text = open(name).read()
            width = float(re.search(r'viewBox="0 0 (\\d+)', text)[1])
            sizes = [float(s) * column / width for s in re.findall(r'<g [^>]*font-size="([\\d.]+)"', text)]
            assert sizes and min(sizes) >= 7 and max(sizes) < 12, (name, sizes)
        for name in glob.glob(sys.argv[1] + '/*.pdf'):
            data = open(name, 'rb').read()
            width = float(re.search(rb'MediaBox \\[ *0 0 ([\\d.]+)', data)[1])
            assert abs(width - column) < 1.5, (name, width)
            parts = [zlib.decompressobj().decompress(s) for s in re.findall(rb'stream\\r?\\n(.*?)endstream', data, re.S)
                     if s[:1] == b'x']
            sizes = [float(s) for part in parts for s in re.findall(rb'([\\d.]+) 0 0 -?[\\d.]+ [-\\d.]+ [-\\d.]+ Tm', part)]
            assert sizes and min(sizes) >= 7 and max(sizes) < 12, (name, sizes)
        print('fine')
        """, [report + "/figures"])
    #expect(output.out == "fine\n", "\(output.err)")
}

/// A fit has the color of its data, bars are drawn, and values at one x are all kept.
@Test func fitsAndSeedsBelongToTheirData() throws {
    let points = [(x: 64.0, y: 2.0), (x: 64.0, y: 2.5), (x: 128.0, y: 1.0), (x: 128.0, y: 1.2)]
    let means = [(x: 64.0, y: 2.2), (x: 128.0, y: 1.1)]
    let data = Curves.Series("data", .points, means, bars: [2...2.4, 1...1.2])
    let seeds = Curves.Series("seeds", .points, points, of: "data", isListed: false)
    let fit = Curves.Series("m^−1", .dashed, means, of: "data")
    let other = Curves.Series("other", .marked, [(64, 3), (128, 2)])
    let figure = Figure(
        id: "f", title: "", caption: "",
        .curves(
            Curves(
                x: Axis("m", isLogarithmic: true, base: 2), y: Axis("y", isLogarithmic: true),
                [data, seeds, fit, other])))
    let folder = TestFolder()
    let report = try draw([figure], in: folder)
    let output = try python(
        """
        import csv, re, sys
        parts = open(sys.argv[1] + '.svg').read().split('<g id="gnuplot_plot_')[1:]
        colors = [set(re.findall(r"(?:stroke|color)='(rgb[^']*)'", part.split('<path stroke=\\'black\\'')[0])) for part in parts]
        assert colors[0] == colors[1] == colors[2] and colors[0].isdisjoint(colors[3]), colors
        rows = list(csv.reader(open(sys.argv[1] + '.csv')))
        assert rows[0] == ['m', 'data', 'data, low', 'data, high', 'seeds', 'm^−1', 'other'], rows[0]
        assert sorted(float(r[4]) for r in rows[1:] if r[4]) == [1.0, 1.2, 2.0, 2.5], rows
        print('fine')
        """, [report + "/figures/f"])
    #expect(output.out == "fine\n", "\(output.err)")
}

/// Numbers that leave an axis nothing to stand on end in a figure, not in a trap.
@Test(arguments: [
    [0, 0], [1e-320, 1e300], [-1.7e308, 1.7e308], [1e20, 1e20 + 1e5], [5e-5, 5.0000001e-5], [.nan, .infinity, 3],
    [-2, 0],
])
func extremeNumbersAreDrawn(values: [Double]) throws {
    for isLogarithmic in [false, true] {
        for isInteger in [false, true] {
            let axis = Axis("v", isLogarithmic: isLogarithmic, isInteger: isInteger)
            let points = values.map { (x: $0, y: $0) } + [(x: 2, y: 2)]
            let folder = TestFolder()
            _ = try draw(
                [
                    Figure(
                        id: "f", title: "", caption: "",
                        .curves(Curves(x: axis, y: axis, [Curves.Series("c", .line, points)])))
                ], in: folder)
        }
    }
}
