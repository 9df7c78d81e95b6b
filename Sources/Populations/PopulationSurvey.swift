import LinearAlgebra
import StationaryPoints

/// The stationary points of J with a ridge, which know nothing of the training samples, and where they go in J_n.
struct PopulationSurvey {
    private let ball: WeightBall
    /// Different ones, so that continuous symmetries go: from the size given to twice it.
    private let coefficients: [Double]
    private let starts: Int
    private let samples: Int?
    /// By value, one of all images under signs of units.
    let points: [EndPoint]
    private let arrived: Int

    /// All eigenvalues are asked for at each of Newton's steps.
    static let mostWeights = 256
    private static let mostSteps = 200

    /// Start k has normal weights with E‖W_j‖² = r². With a fresh sample the searches are over two blocks of it, and Newton's steps
    /// lead from there to the stationary points over all that are held.
    ///
    /// - Returns: nil for a network that is not smooth or has more than `mostWeights` weights, and where a moment is not finite.
    /// Cost: for each start up to 200 directions of Newton's, over moments or two blocks; for each point found that of `StationaryTransport`.
    init?(_ network: PlainNetwork, _ population: Population, seed: UInt64, _ options: PopulationOptions) {
        guard options.starts > 0, network.weightCount <= Self.mostWeights, network.isSmooth else { return nil }
        samples = options.samples.map { PopulationRisk.heldCount(network, PopulationRisk.sampleCount($0)) }
        func risk(_ samples: Int?) -> NetworkRisk? {
            guard let samples else { return SecondMoments(population).flatMap { NetworkRisk(network, $0) } }
            return NetworkRisk(network, freshFrom: population, seed: seed, samples: samples)
        }
        guard let coarse = risk(samples.map { _ in 2 * PopulationSampler.blockRows }), let whole = risk(samples) else {
            return nil
        }
        ball = WeightBall(network, radius: options.radius)
        coefficients = (0..<network.weightCount).map { options.ridge * (1 + Self.fraction($0)) }
        starts = options.starts
        let survey = StationarySurvey(
            Ridged(coarse, coefficients: coefficients), StationarySearch(.newtonMR, maximumSteps: Self.mostSteps)
        ) { [ball] in Self.start($0, ball) }
        let ends = (0..<starts).map(survey.endPoint).filter { $0.verdict == .stationary }
        arrived = ends.count
        let function = Ridged(whole, coefficients: coefficients)
        points = Self.different(
            samples == nil
                ? ends
                : Self.different(ends).map { StationaryTransport.endPoint(of: function, from: $0.place.w) }.filter {
                    $0.verdict == .stationary
                })
    }

    /// Of multiples of the golden ratio: no two are alike, nor close before they have to be.
    private static func fraction(_ k: Int) -> Double {
        let multiple = Double(k) * (5.0.squareRoot() - 1) / 2
        return multiple - multiple.rounded(.down)
    }

    private static func start(_ k: Int, _ ball: WeightBall) -> [Double] {
        var w = normalStart(
            seed: PopulationMeter.searchSeed, k, dimension: ball.layers.last?.upperBound ?? 0,
            standardDeviation: ball.radius)
        for layer in ball.layers { for i in layer { w[i] /= Double(layer.count).squareRoot() } }
        return w
    }

    /// One of those that are one but for signs: the ridge and the risk of units with odd activations are even in them.
    private static func different(_ ends: [EndPoint]) -> [EndPoint] {
        ends.sorted { $0.place.value < $1.place.value }.reduce(into: []) { found, end in
            if !found.contains(where: { areAlike($0.place, end.place) }) { found.append(end) }
        }
    }

    /// Whether weights are the same but for signs, with the same value.
    private static func areAlike(_ a: StationarySearch.Place, _ b: StationarySearch.Place) -> Bool {
        let apart = zip(a.w, b.w).reduce(0) { $0 + (abs($1.0) - abs($1.1)) * (abs($1.0) - abs($1.1)) }.squareRoot()
        let length = Double.dot(a.w.count, a.w, a.w).squareRoot()
        return apart <= 1e-6 * (1 + length) && abs(a.value - b.value) <= 1e-6 * (1 + abs(a.value))
    }

    /// Cost: that of `StationaryTransport` for each point.
    func reading<F: TwiceDifferentiable>(in sample: F) -> TransportReading {
        let function = Ridged(sample, coefficients: coefficients)
        let transports = points.map { StationaryTransport(of: $0, to: function) }
        let ends = transports.map { $0.newIndex == nil ? nil : StationarySearch.Place(function, $0.end) }
        let readings = transports.enumerated().map { k, transport in
            let sharesEnd = ends.indices.contains { other in
                guard other != k, let mine = ends[k], let theirs = ends[other] else { return false }
                return Self.areAlike(mine, theirs)
            }
            let place = points[k].place
            return TransportReading.Point(
                w: place.w, value: place.value, largestNorm: ball.largestNorm(place.w), transport: transport,
                sharesEnd: sharesEnd)
        }
        return TransportReading(points: readings, starts: starts, arrived: arrived, samples: samples)
    }
}
