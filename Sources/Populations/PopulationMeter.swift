import Landscape
import LinearAlgebra
import StationaryPoints

/// Measures what weights of a network are beside the population that its samples are from (`PopulationReading`).
///
/// What does not depend on the weights, the largest gaps over Ω and the stationary points of J, is found at the first measurement and kept.
/// An instance belongs to one thread. Memory: `bytes`.
package final class PopulationMeter {
    private let network: PlainNetwork
    private let population: Population
    private let seed: UInt64
    private let x: MatrixBuffer<Double>
    private let y: MatrixBuffer<Double>
    private let options: PopulationOptions
    private let ball: WeightBall
    /// J.
    private let whole: PopulationRisk
    /// J_n.
    private let sample: NetworkRisk
    /// Of random points and starts, which are the same for every sample, so that what is found for one can be compared with another.
    static let searchSeed: UInt64 = 0
    private lazy var common = Common(self)

    /// - Parameters:
    ///   - seed: of the fresh samples.
    ///   - x: inputs [n, d_0], y: answers [n, d_l] of samples of the population.
    /// - Returns: nil where moments of the samples are not finite.
    /// - Precondition: network, population and samples have one shape, and J has a closed form (`PopulationRisk.hasClosedForm`) where
    ///   no size of a fresh sample is given.
    package init?(
        _ network: PlainNetwork, _ population: Population, seed: UInt64, _ x: MatrixBuffer<Double>,
        _ y: MatrixBuffer<Double>, _ options: PopulationOptions
    ) {
        precondition(
            population.inputs == network.inputs && population.outputs == network.outputs,
            "the population has the network's shape")
        precondition(
            options.samples != nil || PopulationRisk.hasClosedForm(network, population), "J has no closed form")
        guard let whole = PopulationRisk(network, population, seed: seed, samples: options.samples),
            let sample = SampleStability.risk(network, x, y)
        else { return nil }
        (self.network, self.population, self.seed, self.options) = (network, population, seed, options)
        (self.x, self.y, self.whole, self.sample) = (x, y, whole, sample)
        ball = WeightBall(network, radius: options.radius)
    }

    /// Cost: the first time that of `GapSearch` and of the searches for stationary points; each time two gradients of J with errors, and
    /// those of `leftOut` + 1 searches for stationary points of J_n.
    /// - Returns: nil where something is not finite.
    package func measure(_ w: [Double]) -> PopulationReading? {
        let (place, estimate) = (StationarySearch.Place(sample, w), whole.estimate(at: w))
        let (slope, gap) = (estimate.slope, estimate.gradientGap(of: place))
        guard place.value.isFinite, place.gradientNorm.isFinite, estimate.risk.isFinite, slope.isFinite, gap.isFinite
        else { return nil }
        let common = common
        guard common.isFinite else { return nil }
        return PopulationReading(
            samples: whole.samples, sampleRisk: place.value, sampleSlope: place.gradientNorm, risk: estimate.risk,
            slope: slope, riskGap: estimate.gap(of: place), gradientGap: gap, largestNorm: ball.largestNorm(w),
            radius: ball.radius,
            scales: ball.largestNorm(w) <= ball.radius
                ? (max(common.scales.risk, estimate.risk.value), max(common.scales.slope, slope.value)) : common.scales,
            uniformRisk: common.risk, uniformGradient: common.gradient, stationaryPoints: common.stationaryPoints,
            stability: network.isSmooth && options.leftOut > 0
                ? SampleStability(network: network, x: x, y: y, sample: sample).reading(
                    from: w, leftOut: options.leftOut, whole) : nil)
    }

    /// Bytes while it measures n samples.
    package static func bytes(
        _ network: PlainNetwork, _ population: Population, samples: Int, _ options: PopulationOptions
    ) -> Double {
        let (row, weights) = (Double(network.inputs + network.outputs), Double(network.weightCount))
        let pass = Double(PopulationSampler.blockRows * LossSurface<Double>.count(network.model)) + 6 * weights
        let fresh = options.samples.map { PopulationRisk.heldCount(network, PopulationRisk.sampleCount($0)) } ?? 0
        // J's sample, the survey's and the one without a sample of J_n; J, J_n and up to three more have passes and blocks of their own.
        let held = row * (2 * Double(fresh) + 2 * Double(samples))
        var passes = 5 * (pass + row * Double(PopulationSampler.blockRows))
        if case .network(let teacher, _) = population.teacher {
            passes += 5 * Double(teacher.model.workspaceCount(rows: PopulationSampler.blockRows) + teacher.weightCount)
        }
        let side = network.weightCount <= HessianSpectrum.mostEntries ? weights : 0
        // Moments, their eigenvectors and the samples that have them, of J, of J_n and of J_n without a sample.
        let moments = network.kind == .linear ? 10 * Double(network.inputs) * Double(network.inputs) : 0
        return 8 * (held + passes + moments + 4 * Double(options.points) * weights + 6 * side * side)
    }
}

extension PopulationMeter {
    /// What does not depend on the weights.
    private struct Common {
        let scales: (risk: Double, slope: Double)
        let risk: UniformReading
        let gradient: UniformReading
        let stationaryPoints: TransportReading?
        var isFinite: Bool {
            [risk, gradient].allSatisfy { $0.found.value.isFinite && $0.value.isFinite }
        }

        init(_ meter: PopulationMeter) {
            let (network, population, options) = (meter.network, meter.population, meter.options)
            let search = GapSearch(meter.whole, meter.ball, points: options.points, seed: searchSeed)
            let found = search.gaps(of: meter.sample, trials: options.trials)
            // J where the ascents came to is larger than at any random weights of many layers.
            let highest = [found.risk.w, found.gradient.w].map { StationarySearch.Place(meter.whole, $0) }
            scales = highest.reduce(search.scales) { (max($0.risk, $1.value), max($0.slope, $1.gradientNorm)) }
            let bounds = PublishedBounds(
                samples: meter.x.rows, widths: network.widths, radius: options.radius, deviation: population.deviation,
                nonzero: network.weightCount)
            let certain =
                network.kind == .linear ? CertainBound(SecondMoments(meter.x, meter.y), of: population) : nil
            let (layers, radius) = (network.layerCount, options.radius)
            risk = UniformReading(
                found: found.risk, again: meter.riskGapAgain(at: found.risk.w),
                certain: certain?.risk(layers: layers, radius: radius), published: bounds.risk(network.kind))
            gradient = UniformReading(
                found: found.gradient, again: meter.gradientGapAgain(at: found.gradient.w),
                certain: certain?.gradient(layers: layers, radius: radius), published: bounds.gradient(network.kind))
            stationaryPoints = PopulationSurvey(network, population, seed: meter.seed, options)?.reading(
                in: meter.sample)
        }
    }

    /// J by the second fresh sample, of the same size; nil in closed form.
    private func check(at w: [Double]) -> RiskEstimate? {
        whole.samples.map { StreamedRisk(network, population, .check, seed: seed, samples: $0).estimate(at: w) }
    }

    /// Along the sign that the gap has by the first sample.
    private func riskGapAgain(at w: [Double]) -> Measured? {
        let place = StationarySearch.Place(sample, w)
        return check(at: w)?.gap(of: place).signed(as: place.value - whole.gradient(at: w).value)
    }

    private func gradientGapAgain(at w: [Double]) -> Measured? {
        check(at: w)?.gradientGap(of: StationarySearch.Place(sample, w))
    }
}
