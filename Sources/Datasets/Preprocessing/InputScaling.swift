import LinearAlgebra
import RealModule

/// How inputs are centered and scaled, from the training samples alone.
struct InputScaling {
    private let settings: Preprocessing
    /// Of each coordinate, or of each channel over all pixels, where they are asked for; a deviation of 0 is that of a
    /// constant.
    private let center: [Double]
    private let deviation: [Double]

    /// Means are those of distances from the first value of a group: they are exact where all are the same, however
    /// many there are. A group whose deviation is no more than the rounding of its numbers is constant.
    init(_ settings: Preprocessing, _ train: RawSamples) {
        self.settings = settings
        let x = train.inputs
        switch settings.normalization {
        case .standardize: (center, deviation) = Self.moments(x, groups: x.columns)
        case .standardizeChannels: (center, deviation) = Self.moments(x, groups: train.shape.last ?? 1)
        case .none, .unitSphere:
            (center, deviation) = (settings.isCentered ? Self.moments(x, groups: x.columns).center : [], [])
        }
    }

    /// Mean and standard deviation of the columns c with equal c mod groups, in units of a power of two near the largest
    /// number, so that no sum leaves the range of float64.
    private static func moments(_ x: MatrixBuffer<Double>, groups: Int) -> (center: [Double], deviation: [Double]) {
        let inGroup = Double(x.count / max(groups, 1))
        /// Calls `body` with each value and its group.
        func each(_ body: (Double, Int) -> Void) {
            for r in 0..<x.rows {
                var group = 0
                for c in 0..<x.columns {
                    body(x.base[r * x.columns + c], group)
                    group = group + 1 == groups ? 0 : group + 1
                }
            }
        }
        var unit = [Double](repeating: 0, count: groups)
        each { unit[$1] = max(unit[$1], abs($0)) }
        unit = unit.map { $0 > 0 ? Double(sign: .plus, exponent: max($0.exponent, -1000), significand: 1) : 1 }
        let first = (0..<groups).map { x.rows > 0 ? x[0, $0] / unit[$0] : 0 }
        var shift = [Double](repeating: 0, count: groups)
        each { shift[$1] += ($0 / unit[$1] - first[$1]) / inGroup }
        var variance = [Double](repeating: 0, count: groups)
        each {
            let distance = $0 / unit[$1] - first[$1] - shift[$1]
            variance[$1] += distance * distance / inGroup
        }
        let deviation = (0..<groups).map {
            variance[$0].squareRoot() > 16 * .ulpOfOne ? variance[$0].squareRoot() * unit[$0] : 0
        }
        return ((0..<groups).map { (first[$0] + shift[$0]) * unit[$0] }, deviation)
    }

    /// Says which coordinates are constant, and so become zero.
    var remarks: [Remark] {
        let constant = deviation.indices.filter { deviation[$0] == 0 }
        guard !constant.isEmpty else { return [] }
        let what = settings.normalization == .standardize ? "coordinate" : "channel"
        let list = constant.prefix(10).map { "\($0 + 1)" }.joined(separator: ", ") + (constant.count > 10 ? ", …" : "")
        return [
            Remark(
                "\(constant.count) \(what)\(constant.count == 1 ? " is" : "s are") constant in the training samples and "
                    + "become\(constant.count == 1 ? "s" : "") zero: \(list)", isWarning: false)
        ]
    }

    /// Scales the inputs in place.
    /// - Throws: `DatasetError` for a sample that has no place on the unit sphere.
    /// - Parameter name: what the samples are called in errors.
    func apply(_ raw: inout RawSamples, called name: String) throws {
        let d = raw.inputs.columns
        for r in 0..<raw.count {
            let row = raw.inputs.base + r * d
            switch settings.normalization {
            case .standardize, .standardizeChannels: standardize(row, d)
            case .none, .unitSphere: if settings.isCentered { for c in 0..<d { row[c] -= center[c] } }
            }
            if settings.normalization == .unitSphere { try toUnitSphere(row, d, "\(name) \(r)") }
        }
        if settings.addsBiasCoordinate { raw = withBiasCoordinate(raw) }
        if settings.scale != 1 { Double.scale(raw.inputs.count, settings.scale, raw.inputs.base) }
    }

    /// Norms of very large and very small numbers do not leave the range of float64.
    private func toUnitSphere(_ row: UnsafeMutablePointer<Double>, _ d: Int, _ sample: String) throws {
        let largest = (0..<d).reduce(0) { max($0, abs(row[$1])) }
        guard largest > 0 else {
            throw DatasetError(
                "data.normalization: \(sample) (from 0) is zero and has no place on the unit sphere")
        }
        let plain = Double.dot(d, row, row)
        if plain.isNormal {
            let norm = plain.squareRoot()
            for c in 0..<d { row[c] /= norm }
        } else {
            for c in 0..<d { row[c] /= largest }
            let norm = Double.dot(d, row, row).squareRoot()
            for c in 0..<d { row[c] /= norm }
        }
    }

    private func standardize(_ row: UnsafeMutablePointer<Double>, _ d: Int) {
        let groups = center.count
        for c in 0..<d {
            let deviation = deviation[c % groups]
            row[c] = deviation > 0 ? (row[c] - center[c % groups]) / deviation : 0
        }
    }

    private func withBiasCoordinate(_ raw: RawSamples) -> RawSamples {
        let d = raw.inputs.columns
        let out = MatrixBuffer<Double>(raw.count, d + 1)
        let half = 0.5.squareRoot()
        for r in 0..<raw.count {
            for c in 0..<d { out[r, c] = raw.inputs[r, c] * half }
            out[r, d] = half
        }
        return RawSamples(inputs: out, shape: [d + 1], targets: raw.targets)
    }
}
