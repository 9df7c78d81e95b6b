import Console
import Foundation
import Reports
import TestSupport
import Testing

/// What the browser saw at one width.
struct Look: Decodable {
    struct Figure: Decodable {
        let id: String
        let source: String
        let natural_width: Int
        let shown_width: Int
        let colored: Double
    }
    let errors: [String]
    let requests: [String]
    /// Where the first figure begins, from the top of the page.
    let first_figure: Double
    let details: Int
    let open_details: Int
    let wanted_width: Int
    let figures: [Figure]
}

func look(at page: String) throws -> [String: Look] {
    let script = repository + "/Tests/LabTests/Pages/check_page.py"
    let output = try TestSupport.run("/usr/bin/python3", [script, page])
    return try JSONDecoder().decode([String: Look].self, from: Data(output.out.utf8))
}

private let everyFigure = [
    "loss", "contraction", "gradient", "drift", "flips", "equivalence", "spectrum", "outputs", "initialization",
    "gram-start", "gram-end", "slice-0", "slice-10", "slice-88",
]

@Test func theReportOpensInABrowser() throws {
    let lab = Lab(certifiedConfig)
    let run = try lab.train()
    let report = try lab.call(["report", run.path])
    #expect(report.code == 0 && report.out.contains(run.path + "/report/index.html"), "\(report.err)")
    let looks = try look(at: run.path + "/report/index.html")
    #expect(looks.count == 2)
    #expect(looks["1280"]?.first_figure ?? 9999 < 640, "figures begin on the first screen")
    let page = try String(contentsOfFile: run.path + "/report/index.html", encoding: .utf8)
    let head = page.prefix(upTo: page.range(of: "</header>")?.lowerBound ?? page.startIndex)
    let record = try lab.record(run.path)
    let digest = try #require(record["dataDigest"] as? String)
    let day = try #require(record["started"] as? String).prefix(10)
    let folder = run.path.split(separator: "/").suffix(2).joined(separator: "/")
    #expect(head.contains("XXH3 \(digest)") && head.contains("\(day) ") && head.contains(folder), "\(head)")
    for words in ["Why that decides it:", "What would refute it:"] {
        #expect(page.components(separatedBy: words).count - 1 >= 7, "\(words) by each verdict")
    }
    #expect(try texts(inDrawingsOf: run.path + "/report").allSatisfy { !$0.contains("_") && !$0.contains("{") })
    for (width, look) in looks {
        #expect(look.errors.isEmpty, "\(width): \(look.errors)")
        #expect(!look.requests.isEmpty && look.requests.allSatisfy { $0.hasPrefix("file://") || $0.hasPrefix("data:") })
        #expect(look.wanted_width <= Int(width) ?? 0, "\(width): wider than the window")
        #expect(look.figures.map(\.id) == everyFigure)
        #expect(look.details >= 9 && look.open_details == 0, "\(width): details are folded")
        for figure in look.figures {
            #expect(figure.natural_width >= 300 && figure.shown_width >= 300, "\(width): \(figure.id) is not there")
            #expect(figure.colored > 0.002, "\(width): \(figure.id) is empty, \(figure.colored)")
            #expect(figure.source == figure.id + (width == "390" ? "-narrow.svg" : ".svg"))
        }
    }
}

@Test func aFigureWithoutACurveIsSeenToBeEmpty() throws {
    let lab = Lab(certifiedConfig)
    let run = try lab.train(["training.stop.steps=20"])
    _ = try lab.call(["report", run.path])
    let drawing = run.path + "/report/figures/loss.svg"
    let text = try String(contentsOfFile: drawing, encoding: .utf8)
    // The axes stay, the curves go.
    let start = try #require(text.range(of: "<g id=\"gnuplot_plot_1\""))
    try (text[..<start.lowerBound] + "</g></svg>").write(toFile: drawing, atomically: true, encoding: .utf8)
    let loss = try #require(look(at: run.path + "/report/index.html")["1280"]?.figures.first { $0.id == "loss" })
    #expect(loss.natural_width > 0 && loss.colored < 0.002)
}

@Test func figuresAreDrawnFromTheirNumbers() throws {
    let lab = Lab(certifiedConfig)
    let run = try lab.train(["training.stop.steps=30"])
    let report = try lab.call(["report", run.path, "--pdf"])
    #expect(report.code == 0, "\(report.err)")
    let folder = run.path + "/report/figures"
    let script = """
        import csv, glob, h5py, json, os, sys
        import xarray as xr
        folder, run = sys.argv[1:]
        rows = list(csv.reader(open(folder + '/loss.csv')))
        assert rows[0][:2] == ['step t', 'measured'], rows[0]
        journal = [json.loads(line) for line in open(run + '/metrics.jsonl')]
        measured = {int(float(r[0])): float(r[1]) for r in rows[1:] if r[1]}
        assert len(measured) == len(journal) == 31
        for row in journal:
            assert abs(measured[row['step']] - row['train_loss'] / journal[0]['train_loss']) < 1e-12
        grid = list(csv.reader(open(folder + '/slice-0.csv')))
        assert len(grid) == 8 and all(len(row) == 8 for row in grid)
        f = h5py.File(run + '/landscape/step-00000000.h5')
        assert abs(float(grid[1][1]) - f['slice/loss'][0, 0] / f.attrs['loss']) < 1e-9
        ladder = xr.open_dataset(f.filename, group='ladder', engine='h5netcdf')
        assert ladder['loss'].dims == ('direction', 'radius') and float(ladder['radius'][0]) > 0
        start = xr.open_dataset(run + '/initialization.h5', engine='h5netcdf')
        assert start['forward_norm'].dims == start['backward_norm'].dims == ('layer', 'sample'), start
        gram = list(csv.reader(open(folder + '/gram-end.csv')))
        last = sorted(glob.glob(run + '/kernels/step-*.h5'))[-1]
        theta = h5py.File(last)['kernel'][()].reshape(12, 2, 12, 2)
        assert abs(float(gram[4][6]) - sum(theta[3, a, 5, a] for a in range(2))) < 1e-3 * abs(float(gram[4][6]))
        for name in glob.glob(folder + '/*.csv'):
            stem = name[:-4]
            assert open(stem + '.pdf', 'rb').read(4) == b'%PDF', stem
            assert 'prefers-color-scheme: dark' in open(stem + '.svg').read(), stem
        assert not os.path.exists(folder + '/figures.gp')
        page = open(run + '/report/index.html').read()
        assert 'http://' not in page and 'https://' not in page and '<script' not in page
        print('fine')
        """
    let output = try python(script, [folder, run.path])
    #expect(output.out == "fine\n", "\(output.err)")
    let again = try lab.call(["report", run.path])
    #expect(again.code == 0)
    #expect(!FileManager.default.fileExists(atPath: folder + "/loss.pdf"), "a report replaces the one before")
}
