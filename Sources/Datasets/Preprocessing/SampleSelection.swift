import LinearAlgebra
import Sampling

/// Which samples are taken.
extension Preprocessing {
    func select(
        _ source: some SampleSource, _ test: (any SampleSource)?
    ) throws -> (train: RawSamples, test: RawSamples?, remarks: [Remark]) {
        let rows = try rows(of: source, "data/shuffle")
        guard let test else {
            let testCount = testCount ?? 0
            let train = trainCount ?? (rows.count - testCount)
            guard train >= 1, train + testCount <= rows.count else {
                throw DatasetError(
                    "data.samples + data.test_samples: expected at most \(rows.count), found \(train) + \(testCount)")
            }
            let rest = testCount > 0 ? source.selecting(Array(rows[train..<(train + testCount)])) : nil
            return (source.selecting(Array(rows.prefix(train))), rest, orderRemarks(source, rows, train, testCount))
        }
        let testRows = try self.rows(of: test, "data/shuffle-test")
        for (key, wanted, found) in [("samples", trainCount, rows.count), ("test_samples", testCount, testRows.count)] {
            if let wanted, wanted > found {
                throw DatasetError("data.\(key): expected at most \(found), found \(wanted)")
            }
        }
        let kept = source.selecting(Array(rows.prefix(trainCount ?? rows.count)))
        let chosen = testCount == 0 ? nil : test.selecting(Array(testRows.prefix(testCount ?? testRows.count)))
        return (kept, chosen, orderRemarks(source, rows, kept.count, 0))
    }

    /// The rows of the chosen classes, in the order in which samples are taken.
    private func rows(of source: some SampleSource, _ stream: String) throws -> [Int] {
        var rows = Array(0..<source.count)
        if !classes.isEmpty {
            guard let labels = source.labels else {
                throw DatasetError("data.classes needs class labels, but the data has real targets")
            }
            let known = Set(labels)
            if let missing = classes.first(where: { !known.contains($0) }) {
                throw DatasetError(
                    "data.classes: no sample has label \(missing); labels are "
                        + known.sorted().prefix(20).map(String.init).joined(separator: " ")
                        + (known.count > 20 ? " …" : ""))
            }
            rows.removeAll { !classes.contains(labels[$0]) }
        }
        let wanted = min(rows.count, (trainCount ?? rows.count) + (testCount ?? 0))
        // As read, as numbers in float64, scaled, and in the run's precision.
        guard Memory.holds(Double(wanted) * Double(source.width), bytesEach: 20) else {
            throw DatasetError(
                "data.samples: \(wanted) samples of \(source.width) numbers do not fit into this machine's memory")
        }
        guard isShuffled else { return rows }
        return RandomStream(seed: seed, stream).permutation(rows.count).map { rows[$0] }
    }

    /// The classes in the order of the outputs: as listed, or ascending.
    func classList(_ source: some SampleSource) throws -> [Int] {
        guard let labels = source.labels else {
            guard labelNoise == 0 else {
                throw DatasetError("data.label_noise: needs class labels, but the data has real targets")
            }
            return []
        }
        let list = classes.isEmpty ? Set(labels).sorted() : classes
        guard list.count >= 2, Set(list).count == list.count else {
            throw DatasetError("data.classes: expected at least two different classes, found \(list)")
        }
        guard Memory.holds(Double(labels.count) * Double(list.count), bytesEach: 16) else {
            throw DatasetError(
                "\(list.count) classes of \(labels.count) samples do not fit into this machine's memory: are the labels "
                    + "real targets (data.target_columns)?")
        }
        return list
    }

    /// Says where a part taken in the file's order lacks classes.
    private func orderRemarks(_ source: some SampleSource, _ rows: [Int], _ train: Int, _ test: Int) -> [Remark] {
        guard let labels = source.labels, !isShuffled, train + test < rows.count || test > 0 else { return [] }
        let taken = rows.map { labels[$0] }
        let all = Set(taken)
        let missing = all.subtracting(taken.prefix(train)).sorted()
        let isSorted = zip(taken.dropFirst(), taken).allSatisfy(>=) || zip(taken.dropFirst(), taken).allSatisfy(<=)
        guard all.count > 1, isSorted || (!missing.isEmpty && train >= 2 * all.count) else { return [] }
        let what =
            missing.isEmpty
            ? ""
            : ": the \(train) training samples have none of class \(missing.prefix(10).map(String.init).joined(separator: ", "))"
        return [
            .warning(
                "the samples \(isSorted ? "are sorted by class" : "lack classes") and are taken in the file's order"
                    + "\(what); data.shuffle: true takes them in a random one")
        ]
    }
}
