extension Page {
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
        /// What was compared, in symbols and numbers.
        public let inequalities: [String]
        /// Why that decides it, and what would refute it; empty for none.
        public let why: String
        public let refutation: String

        public init(
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

    /// A table that is seen at once, as measured beside published numbers.
    public struct Table: Sendable {
        public let title: String
        public let columns: [String]
        /// Cells, and what their last one says: holds, fails, or neither.
        public let rows: [(cells: [String], kind: Verdict.Kind)]

        /// - Parameter rows: a cell a column each.
        public init(title: String, columns: [String], rows: [(cells: [String], kind: Verdict.Kind)]) {
            precondition(rows.allSatisfy { $0.cells.count == columns.count }, "a cell for each column")
            self.title = title
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
            "tables": tables.map(Self.values), "verdicts": verdicts.map(Self.values), "hasVerdicts": !verdicts.isEmpty,
            "notes": notes.map(Self.set), "damage": damage, "hasDamage": !damage.isEmpty, "hasFacts": !facts.isEmpty,
            "figures": zip(figures, problems).map { figure, problem in
                [
                    "id": figure.id, "title": Self.set(figure.title), "caption": Self.set(figure.caption),
                    "alt": Typesetting.plain(figure.title + ": " + figure.caption), "isDrawn": problem == nil,
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

    private static func values(of table: Table) -> [String: Any] {
        [
            "title": set(table.title), "columns": table.columns.map(set),
            "rows": table.rows.map { row in
                [
                    "kind": row.kind.rawValue, "head": set(row.cells.first ?? ""),
                    "cells": row.cells.dropFirst().dropLast().map(set), "verdict": set(row.cells.last ?? ""),
                ] as [String: Any]
            },
        ]
    }

    private static func set(_ text: String) -> String { Typesetting(text).html }
}
