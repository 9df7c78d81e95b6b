import Foundation
import Mustache

/// A file that gnuplot has drawn.
struct Drawing {
    let path: String

    /// Whether it is there with both of its ends.
    var isWhole: Bool {
        let bytes = FileManager.default.contents(atPath: path) ?? Data()
        let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        if path.hasSuffix(".pdf") { return text.hasPrefix("%PDF") && text.hasSuffix("%%EOF") }
        return (text.hasPrefix("<?xml") || text.hasPrefix("<svg")) && text.hasSuffix("</svg>")
    }

    /// Gives an SVG file its title, and the colors of a dark page where the reader's system asks for them.
    func finish(title: String) throws {
        let drawing = try String(contentsOfFile: path, encoding: .utf8)
        let style =
            "<style>@media screen and (prefers-color-scheme: dark) { g[color=black], g[color=gray] { color: #d8dee6 } "
            + "[stroke=black] { stroke: #d8dee6 } [fill=black] { fill: #d8dee6 } }</style>"
        let own = "<title>\(Language.markup.escapeText(title))</title>"
        // gnuplot leaves this in texts, where XML does not allow it.
        let text = String(drawing.unicodeScalars.replacing("]]>".unicodeScalars, with: "]]&gt;".unicodeScalars))
        // So does what a pointer would see above a curve: a name as gnuplot reads it.
        try text.replacingOccurrences(
            of: "(<g id=\"gnuplot_plot_[0-9a-z]+\" ?>)<title>[^<]*</title>", with: "$1", options: .regularExpression
        )
        // Marks with bars have a white ground, which a dark page shows.
        .replacingOccurrences(of: "<use [^>]*color='white'/>", with: "", options: .regularExpression)
        .replacingOccurrences(of: "<title>Gnuplot</title>", with: own + style)
        .write(toFile: path, atomically: true, encoding: .utf8)
    }

    func remove() { unlink(path) }
}
