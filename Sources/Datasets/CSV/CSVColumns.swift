import Files

/// Columns of a table that may be something else than they are taken for.
extension CSVTable {
    /// An index that a table was saved with would be an input: a column without a title or with one of an index, or a
    /// first column of different whole numbers that follow one another in some order.
    var indexRemarks: [Remark] {
        let kept = (1...(columns + skipped.count)).filter { !skipped.contains($0) }
        return kept.enumerated().compactMap { place, column in
            let title = titles?[column - 1]
            let isNamed = title.map { $0.isEmpty || $0.lowercased().contains(Self.indexTitle) } ?? false
            guard isNamed || (place == 0 && countsInSomeOrder) else { return nil }
            let name = title.map { $0.isEmpty ? ", which has no title," : " (\(excerpt($0)))" } ?? ""
            return .warning(
                "\(path): column \(column)\(name) \(isNamed ? "" : "numbers the lines and ")is read as an input: is it an index? "
                    + "data.skip_columns: [\(column)] leaves it out")
        }
    }

    private static var indexTitle: Regex<Substring> { /^(?:index|idx|id|row|row_?names?|rownum|no|nr|#|unnamed: \d+)$/ }

    private var countsInSomeOrder: Bool {
        guard rows > 2 else { return false }
        let values = (0..<rows).map { numbers[$0 * columns] }
        guard let least = values.min(), let most = values.max(), most - least == Double(rows - 1),
            values.allSatisfy({ $0 == $0.rounded() })
        else { return false }
        return Set(values).count == rows
    }

    /// Warns where a title says that the label is in another column than the one that is taken.
    /// - Parameter targets: the columns that are taken, among those that are kept.
    func labelRemarks(_ targets: Range<Int>) -> [Remark] {
        guard let titles else { return [] }
        let kept = titles.indices.filter { !skipped.contains($0 + 1) }
        func isLabel(_ index: Int) -> Bool {
            ["label", "labels", "target", "class", "y"].contains(titles[kept[index]].lowercased())
        }
        guard kept.count == columns, !targets.contains(where: isLabel), let other = kept.indices.first(where: isLabel)
        else { return [] }
        return [
            .warning(
                "\(path): column \(kept[other] + 1) (\(excerpt(titles[kept[other]]))) is read as an input, and the label is taken "
                    + "from column \(kept[targets.lowerBound] + 1) (\(excerpt(titles[kept[targets.lowerBound]]))); "
                    + "data.label_column: \(other == 0 ? "first" : "\(kept[other] + 1)") takes the other")
        ]
    }
}
