import LinearAlgebra

/// What the targets of a file are: one key for all formats.
package enum TargetKind: String, CaseIterable, Sendable {
    /// Class labels, as integers or as rows with a single 1.
    case classes
    /// Real targets.
    case values
}

/// What a reader or the preprocessing has to say of data that could be meant otherwise.
package struct Remark: Sendable, Equatable {
    package let text: String
    package let isWarning: Bool

    package init(_ text: String, isWarning: Bool) {
        self.text = text
        self.isWarning = isWarning
    }

    static func warning(_ text: String) -> Remark { Remark(text, isWarning: true) }
}

extension NumericArray {
    /// Targets from an array [n], [n, 1] or [n, K].
    ///
    /// Where no kind is given, integers in one column and rows with a single 1 are classes; real numbers in a column of
    /// their own axis, and several columns, are targets. What was taken is in the remark.
    /// - Throws: `DatasetError` where the array can't be what it is said to be.
    func targets(as kind: TargetKind?, _ path: String, remedy: String = Self.remedy) throws -> (
        targets: RawSamples.Targets, remark: Remark
    ) {
        let isVector = shape.count == 1
        switch kind {
        case .values: return realTargets(isDoubtful: false)
        case .classes where columns == 1: return classes(try integerLabels(path, remedy))
        case .classes:
            guard let hot = hotColumns else {
                throw DatasetError(
                    "\(path): data.labels: classes: expected integers [\(rows)] or rows with a single 1, found "
                        + "\(typeName) \(shape)")
            }
            return classes(hot)
        case nil:
            if isVector || (columns == 1 && isInteger) { return classes(try integerLabels(path, remedy)) }
            if columns > 1, let hot = hotColumns { return classes(hot) }
            return realTargets(isDoubtful: columns == 1 && entries.allSatisfy { $0 == $0.rounded() })
        }
    }

    private var entries: UnsafeBufferPointer<Double> { UnsafeBufferPointer(start: values.base, count: values.count) }

    private func realTargets(isDoubtful: Bool) -> (targets: RawSamples.Targets, remark: Remark) {
        let text = "answers are values: \(columns) real target\(columns == 1 ? "" : "s") a sample, \(typeName) \(shape)"
        let doubt = ", all of them integers: data.labels: classes takes them as classes"
        return (
            .values(MatrixBuffer(reshaping: values, rows, columns)),
            Remark(text + (isDoubtful ? doubt : ""), isWarning: isDoubtful)
        )
    }

    private func classes(_ labels: [Int]) -> (targets: RawSamples.Targets, remark: Remark) {
        let known = Set(labels).sorted()
        let isMany = 2 * known.count > labels.count && labels.count > 4
        let list = known.prefix(10).map(String.init).joined(separator: " ") + (known.count > 10 ? " …" : "")
        let form = columns > 1 ? "one-hot rows" : typeName
        let text = "answers are \(known.count) classes: \(list), from \(form) \(shape)"
        guard columns == 1 || known.count == columns else {
            return (
                .labels(labels),
                .warning("\(text); \(columns - known.count) of the columns have no sample and are left out")
            )
        }
        let doubt = ": hardly two samples share one; data.labels: values takes them as real targets"
        return (.labels(labels), Remark(text + (isMany ? doubt : ""), isWarning: isMany))
    }

    /// What is said where targets are no labels.
    static var remedy: String { "data.labels: values takes the answers as real targets" }

    private func integerLabels(_ path: String, _ remedy: String) throws -> [Int] {
        try entries.enumerated().map { index, value in
            // Beyond 2⁵³ neighbors are one number in float64.
            guard let label = Int(exactly: value), label.magnitude < 1 << 53 else {
                throw DatasetError(
                    "\(path): sample \(index): expected an integer label, found \(value); \(remedy)")
            }
            return label
        }
    }

    /// The place of the 1 of each row, where all else is 0.
    private var hotColumns: [Int]? {
        var hot: [Int] = []
        for r in 0..<rows {
            let row = UnsafeBufferPointer(start: values.base + r * columns, count: columns)
            guard let place = row.firstIndex(of: 1), row.allSatisfy({ $0 == 0 || $0 == 1 }), row.reduce(0, +) == 1
            else {
                return nil
            }
            hot.append(place)
        }
        return hot
    }
}
