import LinearAlgebra
import Measurements
import Networks
import Populations

/// What the end of a run is beside the population that its samples are of.
struct PopulationKind: ProbeKind {
    var option: ProbeOption? { nil }
    var part: ProbeParts { .end }
    var families: [MetricFamily] {
        [
            .populationEmpirical, .populationRisk, .populationRiskError, .populationGradientNorm,
            .populationGradientGap, .populationGradientError, .populationNorm, .populationScale,
            .populationGradientScale, .populationSupGap, .populationSupGapError, .populationSupGradientGap,
            .populationSupGradientGapError, .populationBound, .populationGradientBound, .populationTheorem,
            .populationGradientTheorem, .populationPoints, .populationPointsDegenerate, .populationPointsMatched,
            .populationPointsChanged, .populationPointDistance, .populationPointShare, .populationPointCurvature,
            .populationPointIndex, .populationStableGap, .populationStableGapError, .populationLeftOutArrived,
            .populationLeftOut,
            .populationLeftOutError,
        ]
    }

    func records(_ family: MetricFamily, _ selection: ProbeSelection) -> Bool { selection.population != nil }

    func remedy(_ metric: String) -> String { "population: {}" }

    func bytes(_ cost: ProbeCost) throws -> Double {
        guard let selection = cost.selection.population, let network = PlainNetwork(recognizing: cost.model) else {
            return 0
        }
        return PopulationMeter.bytes(
            network, try selection.population(), samples: cost.samples, selection.options)
    }

    func probe<S: Scalar>(_ run: ProbedRun<S>) throws -> (any Probe<S>)? {
        guard let selection = run.selection.population, let network = PlainNetwork(recognizing: run.model) else {
            return nil
        }
        return PopulationProbe(
            PopulationMeter(
                network, try selection.population(), seed: selection.seed, run.train.inputs.widened(),
                run.train.targets.widened(), selection.options), network.coordinates)
    }
}

/// Measures `PopulationReading` at the weights.
private final class PopulationProbe<S: Scalar>: Probe {
    /// nil where moments of the samples are not finite.
    private let meter: PopulationMeter?

    private let coordinates: TrainedCoordinates

    init(_ meter: PopulationMeter?, _ coordinates: TrainedCoordinates) {
        (self.meter, self.coordinates) = (meter, coordinates)
    }

    func measure(_ moment: Moment<S>) -> [Metric] {
        var w = [S](repeating: 0, count: coordinates.count)
        coordinates.gather(moment.w.base, into: &w)
        guard let found = meter?.measure(w.map { Double($0) }) else { return [Metric(.populationEmpirical, .nan)] }
        return found.metrics
    }
}

extension PopulationReading {
    fileprivate var metrics: [Metric] {
        [
            Metric(.populationEmpirical, sampleRisk), Metric(.populationRisk, risk.value),
            Metric(.populationRiskError, risk.standardError), Metric(.populationGradientNorm, slope.value),
            Metric(.populationGradientGap, gradientGap.value),
            Metric(.populationGradientError, gradientGap.standardError), Metric(.populationNorm, largestNorm),
            Metric(.populationScale, scales.risk), Metric(.populationGradientScale, scales.slope),
        ]
            + largestGaps.risk.metrics(.populationSupGap, .populationSupGapError)
            + uniformRisk.metrics(.populationBound, .populationTheorem)
            + largestGaps.gradient.metrics(.populationSupGradientGap, .populationSupGradientGapError)
            + uniformGradient.metrics(.populationGradientBound, .populationGradientTheorem)
            + (stationaryPoints?.metrics ?? []) + (stability?.metrics ?? [])
    }
}

extension UniformReading {
    fileprivate func metrics(_ bound: MetricFamily, _ theorem: MetricFamily) -> [Metric] {
        (certain.map { [Metric(bound, $0)] } ?? []) + (published.map { [Metric(theorem, $0)] } ?? [])
    }
}

extension Measured {
    fileprivate func metrics(_ number: MetricFamily, _ error: MetricFamily) -> [Metric] {
        [Metric(number, value), Metric(error, standardError)]
    }
}

extension TransportReading {
    fileprivate var metrics: [Metric] {
        let isolated = points.filter { $0.transport.outcome != .degenerate }
        let arrived = isolated.filter { $0.transport.outcome == .matched }
        let matched = arrived.filter(\.isMatched)
        // Beyond the theorem's reach another point may be nearer.
        let near = arrived.filter { $0.share <= 1 }
        return [
            Metric(.populationPoints, Double(points.count)),
            Metric(.populationPointsDegenerate, Double(points.count - isolated.count)),
            Metric(.populationPointsMatched, Double(matched.count)),
            Metric(.populationPointsChanged, Double(near.count - matched.count)),
        ]
            + points.enumerated().flatMap { index, point -> [Metric] in
                let transport = point.transport
                guard transport.outcome == .matched else { return [] }
                let name = "\(index + 1)"
                return [
                    Metric(.populationPointDistance, of: name, transport.distance),
                    Metric(.populationPointShare, of: name, point.share),
                    Metric(.populationPointCurvature, of: name, transport.curvature),
                    Metric(.populationPointIndex, of: name, Double(transport.index.lowerBound)),
                ]
            }
    }
}

extension StabilityReading {
    fileprivate var metrics: [Metric] {
        guard let end else { return [] }
        let gap = [
            Metric(.populationStableGap, -end.gap.value),
            Metric(.populationStableGapError, end.gap.standardError),
            Metric(.populationLeftOutArrived, Double(arrived)),
        ]
        guard let change else { return gap }
        return gap + [Metric(.populationLeftOut, change.value), Metric(.populationLeftOutError, change.standardError)]
    }
}
