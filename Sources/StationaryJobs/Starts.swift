import Files
import LinearAlgebra
import Networks
import Sampling
import StationaryPoints

/// The starts of searches, each a pure function of the request and its number.
///
/// Start k is base + σ z, z normal times the root mean square of each tensor of the base (of all trained weights where
/// that is 0) from the stream `stationary/start/k`. Its base is the draw of seed k of the stream
/// `stationary/seed`, the recorded weights k modulo their number, or the newest.
struct Starts {
    let origin: StationaryRequest.Origin
    let seed: UInt64
    let spread: Double
    private let problem: StationaryProblem
    private let coordinates: TrainedCoordinates

    /// - Throws: `LabError` where there is no run to take starts from.
    init(_ request: StationaryRequest, _ problem: StationaryProblem) throws {
        let isRun = if case .run = request.subject { true } else { false }
        origin = request.origin
        guard isRun || origin == .random else {
            throw LabError("--from \(origin.rawValue): expected a run, found the configuration \(request.subject.name)")
        }
        if origin == .minimum, problem.recorded.isEmpty {
            throw LabError("--from minimum: \(request.subject.name): has no checkpoint yet")
        }
        seed = request.seed ?? problem.configuration.seed
        spread = request.spread ?? [.random: 0, .trajectory: 0.01, .minimum: 0.1][origin, default: 0]
        let distinct = [.minimum: 1, .trajectory: problem.recorded.count][origin, default: Int.max]
        guard spread > 0 || request.starts <= distinct else {
            throw LabError(
                "--spread: expected more than 0 for \(request.starts) starts: without noise there \(distinct == 1 ? "is" : "are") "
                    + "only \(distinct), found 0")
        }
        self.problem = problem
        coordinates = TrainedCoordinates(problem.model.layout)
    }

    /// Start k, [n].
    func start(_ k: Int) -> [Double] {
        let base = base(k)
        var w = [Double](repeating: 0, count: coordinates.count)
        coordinates.gather(base.base, into: &w)
        let noise = origin == .trajectory && k < problem.recorded.count ? 0 : spread
        guard noise > 0 else { return w }
        let z = normalStart(seed: seed, k, dimension: w.count, standardDeviation: noise)
        let all = Self.rootMeanSquare(w[...])
        for range in coordinates.ranges {
            let own = Self.rootMeanSquare(w[range])
            for i in range { w[i] += (own > 0 ? own : all) * z[i] }
        }
        return w
    }

    /// Where they are, in words.
    var words: String {
        let noise = "noise of \(spread) of the weights' size"
        return switch origin {
        case .random:
            "draws of the configuration's own kind by seed \(seed)\(spread > 0 ? ", with \(noise)" : "")"
        case .trajectory:
            "\(problem.recorded.count) recorded steps in turn, with \(noise) from the second round on"
        case .minimum: "\(noise) around step \(problem.recorded.last?.step ?? 0)"
        }
    }

    /// The recorded step that start k begins near; nil for one that is drawn.
    func step(_ k: Int) -> Int? { recorded(k)?.step }

    private func recorded(_ k: Int) -> (step: Int, weights: ParameterVector<Double>)? {
        switch origin {
        case .random: nil
        case .trajectory: problem.recorded[k % problem.recorded.count]
        case .minimum: problem.recorded.last
        }
    }

    private func base(_ k: Int) -> ParameterVector<Double> {
        recorded(k)?.weights
            ?? ParameterVector(
                problem.model.layout, initializedFrom: RandomStream(seed: seed, "stationary/seed").bits(k))
    }

    private static func rootMeanSquare(_ w: ArraySlice<Double>) -> Double {
        w.isEmpty ? 0 : (w.reduce(0) { $0 + $1 * $1 } / Double(w.count)).squareRoot()
    }
}
