import Foundation
import Reports
import Statistics
import TestSupport
import Testing
import Theory

/// Names with what means something in gnuplot, SVG, HTML, CSV, JSON, shells and templates. Quotes with an accent upon
/// them are quotes.
private let names = [
    "a %d %s 50% ]]> {} \"q\" `id` $HOME @home a_b^c {/ x} ~a{b} \\U+0041 \\n \\",
    "<b>'a' & `b`</b><script>alert(1)</script>", "{{title}} {{{title}}} {{#figures}} {{% CONTENT_TYPE:TEXT}}",
    "\"\u{338} onload=alert(1) x=\"\u{338} <\u{338}b> &\u{338}amp; '\u{301}; system 'touch pwned' #\u{301}",
    "𝛼λ, e\u{301} abc ; # = + - \u{FFFD}",
]

/// Reads all that a report wrote: SVG as XML, the page as HTML with known elements and attributes, CSV with rows of one
/// length. Prints what texts the drawings hold.
private let check = """
    import csv, glob, html.parser, re, sys
    import xml.etree.ElementTree as xml
    folder, title = sys.argv[1:]
    void = {'meta', 'link', 'source', 'img'}
    known = void | set('html head title style body main header h1 h2 h3 p section dl div dt dd article span details '
                       'summary table caption thead tbody tr th td sub sup figure picture figcaption a pre ul li'.split())
    attributes = {'lang', 'charset', 'name', 'content', 'rel', 'href', 'class', 'id', 'media', 'srcset', 'src', 'alt',
                  'open', 'scope'}
    class Page(html.parser.HTMLParser):
        path, heading = [], ''
        def handle_starttag(self, tag, attrs):
            assert tag in known and {a for a, _ in attrs} <= attributes, (tag, attrs)
            if tag not in void: self.path.append(tag)
        def handle_endtag(self, tag): assert self.path.pop() == tag, (tag, self.path)
        def handle_data(self, data):
            if 'h1' in self.path: self.heading += data
        def handle_decl(self, decl): assert decl == 'DOCTYPE html', decl
        def handle_comment(self, data): assert False, data
    page = Page(convert_charrefs=True)
    page.feed(open(folder + '/index.html', encoding='utf-8', newline='').read())
    page.close()
    shown = lambda text: re.sub('[\\\\x00-\\\\x08\\\\x0b-\\\\x1f\\\\x7f-\\\\x9f\\u2028\\u2029\\ufffe\\uffff]', ' ', text)
    assert not page.path and page.heading == shown(title), (page.path, page.heading)
    texts = []
    drawings = glob.glob(folder + '/figures/*.svg')
    assert drawings
    for name in drawings:
        root = xml.parse(name).getroot()
        found = {e.tag.split('}')[1] for e in root.iter()}
        assert found <= set('svg title desc defs g path circle text tspan rect polygon polyline line use style image pattern '
                            'filter feFlood feComposite'.split()), (name, found)
        texts += [''.join(e.itertext()) for e in root.iter() if e.tag.endswith('}text')]
    for name in glob.glob(folder + '/figures/*.csv'):
        assert len({len(row) for row in csv.reader(open(name, encoding='utf-8', newline=''))}) == 1, name
    print(chr(10).join(texts))
    """

/// A value as YAML and JSON write it.
private func quoted(_ value: some Encodable) throws -> String {
    String(decoding: try JSONEncoder().encode(value), as: UTF8.self).replacing("\\/", with: "/")
        .replacing("\u{FFFE}", with: "\\uFFFE")
}

@Test(arguments: names) func namesOfRunsBreakNothing(name: String) throws {
    let lab = Lab(certifiedConfig)
    let name = name.replacing("/", with: "|")
    let trained = try lab.call([
        "train", "config.yaml", "--quiet", "--out", "odd", "--set", "training.stop.steps=20", "--set",
        "name=\(try quoted(name))",
    ])
    #expect(trained.code == 0, "\(trained.err)")
    let folder = lab.folder.file("odd/" + name)
    let run = folder + "/" + (try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first))
    let report = try lab.call(["report", run])
    #expect(report.code == 0 && report.err.isEmpty, "\(report.err)")
    let output = try python(check, [run + "/report", name])
    #expect(output.code == 0, "\(output.err)")
    let told = try lab.call(["certify", run, "--json"])
    let object = try JSONSerialization.jsonObject(with: Data(told.out.utf8)) as? [String: Any]
    #expect(object?["run"] as? String == run)
}

@Test(arguments: ["two\nlines", "bell\u{7}", "a\u{202E}b", "\u{FFFE}", "a/b", "a/\u{338}b"])
func namesThatCannotBeKeptAreRefused(
    name: String
) throws {
    let lab = Lab(certifiedConfig)
    let output = try lab.call(["train", "config.yaml", "--quiet", "--set", "name=\(try quoted(name))"])
    #expect(output.code == 2 && output.err.contains("name: expected"), "\(output.err)")
}

@Test func namesOfAxisValuesBreakNothing() throws {
    let lab = Lab()
    let files = names.indices.map { names[$0].replacing("/", with: "|") + "\($0).csv" }
    for file in files { _ = lab.folder.write(file, (0..<20).map { "\($0 + 1),\($0 * $0 % 7),\($0 % 2)\n" }.joined()) }
    let list = try quoted(files)
    _ = lab.folder.write(
        "sweep.yaml",
        """
        name: odd
        data: {source: csv, path: a.csv}
        model: {width: 8, depth: 1, parametrization: ntk}
        training: {learning_rate: 0.001, stop: {steps: 5}}
        sweep: {axes: {model.width: [8, 16, 32, 64], data.path: \(list)}, stop_at: {steps: 5}, fit: [weight_drift]}
        """)
    let output = try lab.call(["sweep", "sweep.yaml", "--quiet"])
    #expect(output.code == 0, "\(output.err)")
    let report = try lab.call(["report", "runs/odd"])
    #expect(report.code == 0 && report.err.isEmpty, "\(report.err)")
    let checked = try python(check, [lab.folder.file("runs/odd/report"), "odd"])
    #expect(checked.code == 0, "\(checked.err)")
    for part in ["path=a %d %s 50% ]]> {} \"q\" `id` $HOME @home a_b^c", "<b>'a' & `b`<|b>", "{{title}} {{{title}}}"] {
        #expect(checked.out.contains(part), "\(part) in \(checked.out)")
    }
    let table = try python(
        """
        import csv, json, sys
        rows = list(csv.DictReader(open('runs/odd/sweep.csv', encoding='utf-8', newline='')))
        assert {row['path'] for row in rows} == set(json.loads(sys.argv[1])), rows
        json.load(open('runs/odd/fits.json'))
        print('fine')
        """, [list], folder: lab.folder.path)
    #expect(table.out == "fine\n", "\(table.err)")
    #expect(!FileManager.default.fileExists(atPath: lab.folder.file("pwned")))
}
