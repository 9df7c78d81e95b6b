import RealModule

/// The loss of a run as it went down: the part that says something about its law.
///
/// It ends where the loss first reaches what was asked for, or the floor of the run's arithmetic with unit roundoff u:
/// there, either F ≤ (16 u)² F_0, squared residuals of rounding errors of outputs; or η‖∇F‖ ≤ u‖W_0‖/4, steps smaller than
/// what the weights resolve, from where on measured contractions fell behind 2ημ. The second is asked for losses below
/// 16 u F_0 only: above, a small gradient is a critical point.
public struct RecordedDescent: Sendable {
    public struct Point: Sendable {
        public let step: Int
        public let loss: Double

        public init(step: Int, loss: Double) {
            self.step = step
            self.loss = loss
        }
    }
    /// What is known of the loss, from the first row on, up to `end`.
    public let points: [Point]
    public let all: [Point]
    public enum End: Sendable { case reached, arithmetic, last }
    public let end: End
    /// The row of the series at which it ends; nil for a run without any loss.
    public let lastRow: Int?

    public init(_ run: RunEvidence) {
        let losses = run.series["train_loss"]
        all = zip(run.series.steps, losses).filter { $0.1.isFinite }.map { Point(step: $0.0, loss: $0.1) }
        guard let start = all.first?.loss, start > 0 else {
            (points, end, lastRow) = (all, .last, nil)
            return
        }
        let floor = Self.isAtFloor(run, start: start)
        let wanted = run.setting.lossRatio * start
        let last = losses.lastIndex { $0.isFinite } ?? 0
        let row = losses.indices.first { losses[$0] <= wanted || floor[$0] } ?? last
        lastRow = row
        end = losses[row] <= wanted ? .reached : floor[row] ? .arithmetic : .last
        let step = run.series.steps[row]
        points = all.filter { $0.step <= step && $0.loss > 0 }
    }

    /// Whether the loss at each row is one that rounding errors make.
    private static func isAtFloor(_ run: RunEvidence, start: Double) -> [Bool] {
        let u = run.setting.roundoff
        let series = run.series
        let drifts = zip(series["weight_drift"], series["weight_drift_relative"])
        let initialNorm = drifts.first { $0.0 > 0 && $0.1 > 0 }.map { $0.0 / $0.1 } ?? 0
        let losses = series["train_loss"]
        let (gradients, rates) = (series["gradient_norm"], series["learning_rate"])
        return losses.indices.map { row in
            guard losses[row].isFinite else { return false }
            if losses[row] <= floorRatio(u) * start { return true }
            return rates[row] * gradients[row] <= u * initialNorm / 4 && losses[row] <= 16 * u * start
        }
    }

    /// F/F_0 that rounding errors of outputs make: (16 u)².
    static func floorRatio(_ roundoff: Double) -> Double { 256 * roundoff * roundoff }

    public var first: Point? { all.first }
    public var last: Point? { all.last }
    /// Loss at the end over that at the start.
    public var ratio: Double { (points.last?.loss ?? .nan) / (points.first?.loss ?? .nan) }
    /// Steps that it covers.
    public var span: Int { (points.last?.step ?? 0) - (points.first?.step ?? 0) }

    /// Whether the loss grew, or is not a number any more.
    func hasDiverged(_ run: RunEvidence) -> Bool {
        guard let first, let last else { return false }
        let lastValue = run.series["train_loss"].last ?? .nan
        return run.setting.ending == .diverged || last.loss > first.loss
            || (!lastValue.isFinite && run.setting.ending == .failed)
    }

    /// −Δ ln F/Δt over stretches of the run that hold equal shares of its points.
    public func contractions(stretches: Int = 20) -> [Contraction] {
        guard points.count > 1 else { return [] }
        let count = min(stretches, points.count - 1)
        let ends = (0...count).map { points[$0 * (points.count - 1) / count] }
        return zip(ends, ends.dropFirst()).map { a, b in
            Contraction(
                first: a.step, last: b.step,
                rate: -Double.log(b.loss / a.loss) / Double(max(b.step - a.step, 1)))
        }
    }

    public struct Contraction: Sendable {
        public let first: Int
        public let last: Int
        /// −Δ ln F/Δt, a step.
        public let rate: Double
    }

    /// Steps that the loss would need at its last rate to fall to a share of its start; infinite where it does not fall.
    func stepsToGo(to wanted: Double) -> Double {
        lastRate > 0 ? max(Double.log(ratio / wanted), 0) / lastRate : .infinity
    }

    /// Whether the loss stands still above a share of its start: at its last rate it would fall by less than 5 % in
    /// another run as long as this one, and need more than ten of them.
    func isStuck(above wanted: Double) -> Bool {
        end == .last && points.count >= 8 && lastRate * Double(span) < 0.05
            && stepsToGo(to: wanted) > 10 * Double(max(span, 1))
    }

    /// The rate over the last quarter of the steps, by least squares through ln F.
    var lastRate: Double {
        guard let end = points.last?.step else { return .nan }
        var tail = points.filter { $0.step >= end - span / 4 }
        if tail.count < 2 { tail = points.suffix(2) }
        guard tail.count > 1 else { return .nan }
        return -slope(tail.map { (Double($0.step), Double.log($0.loss)) })
    }
}

/// The slope of the straight line through points, by least squares.
package func slope(_ points: [(x: Double, y: Double)]) -> Double {
    let n = Double(points.count)
    let x = points.reduce(0) { $0 + $1.x } / n
    let y = points.reduce(0) { $0 + $1.y } / n
    let squares = points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    return points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) } / squares
}
