import LinearAlgebra
import StationaryPoints

/// Stationary points of J_n, and of J_n without one of its samples.
struct SampleStability {
    let network: PlainNetwork
    let x: MatrixBuffer<Double>
    let y: MatrixBuffer<Double>
    /// J_n.
    let sample: NetworkRisk

    private static let mostSteps = 200

    /// J_n over samples: for linear networks by their moments.
    /// - Returns: nil where a moment is not finite.
    static func risk(_ network: PlainNetwork, _ x: MatrixBuffer<Double>, _ y: MatrixBuffer<Double>) -> NetworkRisk? {
        network.kind == .linear ? NetworkRisk(network, SecondMoments(x, y)) : NetworkRisk(network, x, y)
    }

    /// - Parameter count: how many samples are left out, one at a time, evenly spaced.
    /// Cost: a search and its verdict for w_n, and another for each sample that is left out.
    func reading(from w: [Double], leftOut count: Int, _ population: PopulationRisk) -> StabilityReading {
        let found = Self.endPoint(of: sample, from: w)
        let count = x.rows > 1 ? min(count, x.rows) : 0
        guard isArrived(found) else {
            return StabilityReading(end: nil, leftOut: count, arrived: 0, change: nil)
        }
        let (place, estimate) = (found.place, population.estimate(at: found.place.w))
        let end = StabilityReading.End(
            w: place.w, distance: Double.squaredDistance(w.count, place.w, w).squareRoot(),
            index: found.spectrum?.index, sampleRisk: place.value, risk: estimate.risk, gap: estimate.gap(of: place))
        // Where J_n is 0 each sample's own gradient is, and searches without one end where they began.
        let zero = sample.gradient(at: [Double](repeating: 0, count: w.count)).value
        let isInterpolating = place.value <= 1e-12 * zero
        let changes = (0..<(isInterpolating ? 0 : count)).compactMap {
            change(without: $0 * x.rows / count, from: place.w)
        }
        return StabilityReading(
            end: end, leftOut: count, arrived: changes.count,
            change: changes.count == count ? Self.mean(changes) : nil)
    }

    private static func endPoint(of risk: NetworkRisk, from w: [Double]) -> EndPoint {
        let search = StationarySearch(.newtonMR, maximumSteps: mostSteps)
        return EndPoint(risk, search.end(of: risk, from: w), tolerance: search.tolerance)
    }

    /// Whether the search came to a stationary point. Minima of linear networks are valleys, where it can't be told which point is near;
    /// J_n is the same at all of them. Of others such a gradient may be that of weights which grow for ever.
    private func isArrived(_ found: EndPoint) -> Bool {
        found.verdict == .stationary || network.kind == .linear && found.verdict == .cannotTell
    }

    /// f_i at the stationary point without sample i, less f_i at w_n; nil where the search came to none.
    private func change(without i: Int, from w: [Double]) -> Double? {
        guard let risk = Self.risk(network, Self.rows(x, without: i), Self.rows(y, without: i)) else { return nil }
        let found = Self.endPoint(of: risk, from: w)
        guard isArrived(found) else { return nil }
        let loss = NetworkRisk(network, Self.row(x, i), Self.row(y, i))
        return loss.gradient(at: found.place.w).value - loss.gradient(at: w).value
    }

    private static func row(_ matrix: MatrixBuffer<Double>, _ i: Int) -> MatrixBuffer<Double> {
        let row = MatrixBuffer<Double>(1, matrix.columns)
        row.base.update(from: matrix.base + i * matrix.columns, count: row.count)
        return row
    }

    private static func rows(_ matrix: MatrixBuffer<Double>, without i: Int) -> MatrixBuffer<Double> {
        let rest = MatrixBuffer<Double>(matrix.rows - 1, matrix.columns)
        let before = i * matrix.columns
        rest.base.update(from: matrix.base, count: before)
        (rest.base + before).update(from: matrix.base + before + matrix.columns, count: rest.count - before)
        return rest
    }

    /// nil for fewer than two values.
    private static func mean(_ values: [Double]) -> Measured? {
        guard values.count > 1 else { return nil }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return Measured(mean, standardError: (squares / (count * (count - 1))).squareRoot())
    }
}
