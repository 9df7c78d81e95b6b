import Foundation
import Mustache
import Programs

/// What a page says beside its figures. Its texts are set as those of a `Figure`; texts of users go through `verbatim`.
package struct Page: Sendable {
    package let title: String
    package let summary: String
    /// What tells this run from others, in the head: date, folder, digest of the data. Set as they stand.
    package let origin: [(name: String, value: String)]
    /// What comes before the verdicts and figures.
    package let sections: [Section]
    package let facts: [(name: String, value: String)]
    package let verdicts: [Verdict]
    package let notes: [String]
    package let damage: [String]
    package let figures: [Figure]
    /// The configuration, shown at the end.
    package let configuration: String
    package let creator: String

    package init(
        title: String, summary: String, facts: [(name: String, value: String)], verdicts: [Verdict], notes: [String],
        damage: [String], figures: [Figure], configuration: String, creator: String,
        origin: [(name: String, value: String)] = [], sections: [Section] = []
    ) {
        self.title = title
        self.summary = summary
        self.facts = facts
        self.verdicts = verdicts
        self.notes = notes
        self.damage = damage
        self.figures = figures
        self.configuration = configuration
        self.creator = creator
        self.origin = origin
        self.sections = sections
    }

    /// Writes `index.html` and `figures/` into a folder, replacing what an earlier report left there. A figure that
    /// can't be drawn is left out, with the reason in its place.
    /// - Parameter withPDF: whether each figure is drawn as PDF too.
    /// - Returns: what could not be drawn: a reason with the figures that it holds for.
    /// - Throws: what the system says of files.
    package func write(to folder: String, withPDF: Bool) throws -> [(reason: String, figures: [String])] {
        // An earlier report stays whole until all of this one is drawn.
        let (figureFolder, unfinished) = (folder + "/figures", folder + "/.figures.writing")
        try Self.remove(unfinished)
        try FileManager.default.createDirectory(atPath: unfinished, withIntermediateDirectories: true)
        defer { do { try Self.remove(unfinished) } catch {} }
        let plotter = try Plotter(folder: unfinished, withPDF: withPDF)
        let problems = try figures.map { try plotter.draw($0) }
        // The page first: it is what tells a report from a folder of others.
        let template = try MustacheTemplate(PackageResources.page_mustache, in: .markup)
        try template.render(values(problems, withPDF: withPDF))
            .write(toFile: folder + "/index.html", atomically: true, encoding: .utf8)
        try Self.remove(figureFolder)
        try FileManager.default.moveItem(atPath: unfinished, toPath: figureFolder)
        let undrawn = zip(figures, problems).compactMap { figure, reason in reason.map { (figure.id, $0) } }
        return Dictionary(grouping: undrawn, by: \.1).sorted { $0.key < $1.key }.map { ($0.key, $0.value.map(\.0)) }
    }

    /// How long gnuplot may take, in words.
    package static let timeLimits = "\(Gnuplot.mostSeconds) s for a figure and \(Gnuplot.mostSecondsOfAll) s for all"

    /// Opens a page for the user to see.
    /// - Returns: why it could not be opened; nil where it was.
    package static func open(_ path: String) -> String? {
        do {
            let program = try Program(running: ["xdg-open", path])
            if case .exit(0) = program.ending { return nil }
            return "xdg-open failed"
        } catch {
            return "\(error)"
        }
    }

    /// Whether a page has been written to a folder by this library.
    package static func isIn(_ folder: String) -> Bool {
        let page = FileManager.default.contents(atPath: folder + "/index.html")?.prefix(1024) ?? Data()
        return String(decoding: page, as: UTF8.self).contains("<meta name=\"generator\" content=\"ntklab ")
    }

    private static func remove(_ path: String) throws {
        if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    }
}
