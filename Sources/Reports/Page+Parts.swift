extension Page {
    /// A statement's verdict with what is behind it.
    package struct Verdict: Sendable {
        package enum Kind: String, Sendable { case holds, fails, unknown }
        package let title: String
        package let kind: Kind
        /// The verdict in words.
        package let word: String
        package let reason: String
        package let source: String
        package let numbers: [(name: String, value: String, mark: String)]
        package let needs: [String]
        /// What was compared, in symbols and numbers.
        package let inequalities: [String]
        /// Why that decides it, and what would refute it; empty for none.
        package let why: String
        package let refutation: String

        package init(
            title: String, kind: Kind, word: String, reason: String, source: String,
            numbers: [(name: String, value: String, mark: String)], needs: [String], inequalities: [String] = [],
            why: String = "", refutation: String = ""
        ) {
            self.title = title
            self.kind = kind
            self.word = word
            self.reason = reason
            self.source = source
            self.numbers = numbers
            self.needs = needs
            self.inequalities = inequalities
            self.why = why
            self.refutation = refutation
        }
    }

    /// Paragraphs, a list and a table that are seen at once, as measured beside published numbers.
    package struct Section: Sendable {
        package let title: String
        package let paragraphs: [String]
        package let items: [String]
        package let table: Table?

        package init(_ title: String, paragraphs: [String] = [], items: [String] = [], table: Table? = nil) {
            self.title = title
            self.paragraphs = paragraphs
            self.items = items
            self.table = table
        }
    }

    /// Cells, whose first is the head of its row and whose last says what comes of it: holds, fails, or neither.
    package struct Table: Sendable {
        package let columns: [String]
        package let rows: [(cells: [String], kind: Verdict.Kind)]

        /// - Parameter rows: a cell a column each, two or more.
        package init(columns: [String], rows: [(cells: [String], kind: Verdict.Kind)]) {
            precondition(rows.allSatisfy { $0.cells.count == columns.count }, "a cell for each column")
            self.columns = columns
            self.rows = rows
        }
    }

    /// What the template shows.
    func values(_ problems: [String?], withPDF: Bool) -> [String: Any] {
        [
            "title": title, "summary": Self.set(summary), "creator": creator, "configuration": configuration,
            "origin": origin.map { ["name": $0.name, "value": $0.value] },
            "facts": facts.map { ["name": Self.set($0.name), "value": Self.set($0.value)] },
            "sections": sections.map(Self.values), "verdicts": verdicts.map(Self.values),
            "hasVerdicts": !verdicts.isEmpty,
            "notes": notes.map(Self.set), "damage": damage, "hasDamage": !damage.isEmpty, "hasFacts": !facts.isEmpty,
            "figures": zip(figures, problems).map { figure, problem in
                [
                    "id": figure.id, "title": Self.set(figure.title), "caption": Self.set(figure.caption),
                    "alt": Typesetting(figure.title + ": " + figure.caption).text, "isDrawn": problem == nil,
                    "undrawn": problem ?? "", "pdf": withPDF && problem == nil,
                ] as [String: Any]
            },
        ]
    }

    private static func values(of verdict: Verdict) -> [String: Any] {
        [
            "title": set(verdict.title), "kind": verdict.kind.rawValue, "word": verdict.word,
            "reason": set(verdict.reason), "source": set(verdict.source), "needs": verdict.needs,
            "inequalities": verdict.inequalities.map(set), "hasInequalities": !verdict.inequalities.isEmpty,
            "why": set(verdict.why), "hasWhy": !verdict.why.isEmpty, "refutation": set(verdict.refutation),
            "hasNumbers": !verdict.numbers.isEmpty,
            "numbers": verdict.numbers.map { ["name": set($0.name), "value": set($0.value), "mark": set($0.mark)] },
        ]
    }

    private static func values(of section: Section) -> [String: Any] {
        let rows = section.table?.rows ?? []
        let columns = section.table?.columns.map(set) ?? []
        /// Values under their columns, whose names stand beside them on phones.
        func named(_ cells: [String]) -> [[String: String]] {
            zip(columns, cells).dropFirst().map { ["name": $0, "value": set($1)] }
        }
        return [
            "title": set(section.title), "paragraphs": section.paragraphs.map(set), "items": section.items.map(set),
            "hasItems": !section.items.isEmpty, "hasTable": section.table != nil,
            "columns": columns,
            "rows": rows.map { row in
                [
                    "kind": row.kind.rawValue, "head": set(row.cells.first ?? ""),
                    "cells": named(row.cells),
                ] as [String: Any]
            },
        ]
    }

    private static func set(_ text: String) -> String { Typesetting(text).html }
}
