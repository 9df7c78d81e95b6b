import Files
import LinearAlgebra

/// How many different inputs there are, to see whether scaling lets some coincide.
struct DistinctInputs {
    private let count: Int

    private let normalization: Normalization

    init(_ inputs: MatrixBuffer<Double>, _ normalization: Normalization) {
        self.normalization = normalization
        guard normalization != .none else {
            count = 0
            return
        }
        // Inputs that lie as close before, coordinate by coordinate, were not brought together.
        let largest = (0..<inputs.columns).map { c in (0..<inputs.rows).reduce(0) { max($0, abs(inputs[$1, c])) } }
        count = Self.count(inputs, grids: largest.map { 1e-6 * $0 })
    }

    /// Warns where inputs that differed lie within a millionth of their size of one another, as on a sphere in one
    /// dimension: what they are to be answered by can differ, what a network says of them hardly.
    func remarks(after scaled: MatrixBuffer<Double>) -> [Remark] {
        guard normalization != .none else { return [] }
        let largest = (0..<scaled.count).reduce(0) { max($0, abs(scaled.base[$1])) }
        let now = Self.count(scaled, grids: [Double](repeating: 1e-6 * largest, count: scaled.columns))
        guard now < count else { return [] }
        let remedy = normalization == .unitSphere ? "standardize or none keeps" : "none keeps"
        return [
            .warning(
                "data.normalization: \(normalization.rawValue) lets distinct inputs coincide: of \(count) different ones "
                    + "\(now) are left; \(remedy) them apart")
        ]
    }

    /// Different rows, of numbers rounded to multiples of a column's grid.
    private static func count(_ x: MatrixBuffer<Double>, grids: [Double]) -> Int {
        let row = MatrixBuffer<Double>(1, x.columns)
        var seen: Set<String> = []
        for r in 0..<x.rows {
            // Adding 0 makes -0 and 0 one number.
            for c in 0..<x.columns { row.base[c] = grids[c] > 0 ? (x[r, c] / grids[c]).rounded() + 0 : 0 }
            seen.insert(
                memoryDigest(UnsafeRawBufferPointer(start: row.base, count: x.columns * MemoryLayout<Double>.stride)))
        }
        return seen.count
    }
}
