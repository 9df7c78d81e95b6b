import Foundation
import Mustache

/// What a page says beside its figures.
public struct Page: Sendable {
    /// A statement's verdict with what is behind it.
    public struct Verdict: Sendable {
        public enum Kind: String, Sendable { case holds, fails, unknown }
        public let title: String
        public let kind: Kind
        /// The verdict in words.
        public let word: String
        public let reason: String
        public let source: String
        public let numbers: [(name: String, value: String, mark: String)]
        public let needs: [String]

        public init(
            title: String, kind: Kind, word: String, reason: String, source: String,
            numbers: [(name: String, value: String, mark: String)], needs: [String]
        ) {
            self.title = title
            self.kind = kind
            self.word = word
            self.reason = reason
            self.source = source
            self.numbers = numbers
            self.needs = needs
        }
    }

    public let title: String
    public let summary: String
    public let facts: [(name: String, value: String)]
    public let verdicts: [Verdict]
    public let notes: [String]
    public let damage: [String]
    public let figures: [Figure]
    /// The configuration, shown at the end.
    public let configuration: String
    public let creator: String

    public init(
        title: String, summary: String, facts: [(name: String, value: String)], verdicts: [Verdict], notes: [String],
        damage: [String], figures: [Figure], configuration: String, creator: String
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
    }

    /// Writes `index.html` and `figures/` into a folder, replacing what an earlier report left there.
    /// - Parameter withPDF: whether each figure is drawn as PDF too.
    /// - Throws: `ReportError` where gnuplot fails or is missing, and what the system says of files.
    public func write(to folder: String, withPDF: Bool) throws {
        // An earlier report stays whole until all of this one is drawn.
        let (figureFolder, unfinished) = (folder + "/figures", folder + "/.figures.writing")
        try Self.remove(unfinished)
        try FileManager.default.createDirectory(atPath: unfinished, withIntermediateDirectories: true)
        defer { do { try Self.remove(unfinished) } catch {} }
        try Plotter(folder: unfinished, withPDF: withPDF).draw(figures)
        try Self.remove(figureFolder)
        try FileManager.default.moveItem(atPath: unfinished, toPath: figureFolder)
        let template = try MustacheTemplate(string: String(decoding: PackageResources.page_mustache, as: UTF8.self))
        try template.render(values(withPDF: withPDF))
            .write(toFile: folder + "/index.html", atomically: true, encoding: .utf8)
    }

    private static func remove(_ path: String) throws {
        if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    }

    private func values(withPDF: Bool) -> [String: Any] {
        [
            "title": title, "summary": summary, "creator": creator, "configuration": configuration,
            "facts": facts.map { ["name": $0.name, "value": $0.value] },
            "verdicts": verdicts.map(Self.values), "notes": notes, "damage": damage, "hasDamage": !damage.isEmpty,
            "figures": figures.map { figure in
                [
                    "id": figure.id, "title": figure.title, "caption": Self.formula(figure.caption),
                    "alt": figure.caption,
                    "pdf": withPDF,
                ] as [String: Any]
            },
        ]
    }

    private static func values(of verdict: Verdict) -> [String: Any] {
        [
            "title": verdict.title, "kind": verdict.kind.rawValue, "word": verdict.word,
            "reason": formula(verdict.reason), "source": formula(verdict.source), "needs": verdict.needs,
            "hasNumbers": !verdict.numbers.isEmpty,
            "numbers": verdict.numbers.map { ["name": formula($0.name), "value": $0.value, "mark": formula($0.mark)] },
        ]
    }

    /// HTML of a text with formulas: the index behind a single letter, as in λ_min and F_0, goes below the line.
    private static func formula(_ text: String) -> String {
        let escaped = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;")].reduce(text) {
            $0.replacingOccurrences(of: $1.0, with: $1.1)
        }
        return escaped.replacingOccurrences(
            of: "(?<![A-Za-z.])([A-Za-zΘλη‖|])_([A-Za-z0-9]+)", with: "$1<sub>$2</sub>", options: .regularExpression)
    }
}
