import LinearAlgebra
import StationaryPoints

/// J as well as it is known: in closed form, or by a fresh sample that is held where that takes no more than `mostHeld` numbers.
///
/// An instance belongs to one thread.
package struct PopulationRisk: TwiceDifferentiable {
    private enum Form {
        case whole(NetworkRisk)
        case streamed(StreamedRisk)
    }
    private let form: Form
    /// The same fresh sample, block after block, which tells errors; nil in closed form.
    private let blocks: StreamedRisk?

    /// 2²⁴ numbers are 128 MB.
    package static let mostHeld = 1 << 24
    /// With fewer blocks standard errors would not be known well: 16 tell them to a fifth.
    private static let fewestBlocks = 16

    /// Whether J has a closed form: for a linear network and a linear teacher.
    package static func hasClosedForm(_ network: PlainNetwork, _ population: Population) -> Bool {
        guard case .linear = population.teacher else { return false }
        return network.kind == .linear
    }

    /// M for a size that was asked for: whole blocks, 16 at least.
    package static func sampleCount(_ asked: Int) -> Int {
        let rows = PopulationSampler.blockRows
        return rows * max(fewestBlocks, asked / rows + (asked % rows > 0 ? 1 : 0))
    }

    /// How many of M fresh samples can be held.
    static func heldCount(_ network: PlainNetwork, _ samples: Int, mostHeld: Int = mostHeld) -> Int {
        let rows = PopulationSampler.blockRows
        return min(samples, max(1, mostHeld / (network.inputs + network.outputs) / rows) * rows)
    }

    /// - Parameters:
    ///   - samples: M, rounded up to `sampleCount`; nil for the closed form.
    ///   - mostHeld: numbers, d_0 + d_l for each sample.
    /// - Returns: nil where a moment is not finite.
    /// - Precondition: there is a closed form where no size is given.
    package init?(
        _ network: PlainNetwork, _ population: Population, seed: UInt64, samples: Int?,
        mostHeld: Int = PopulationRisk.mostHeld
    ) {
        guard let samples = samples.map(Self.sampleCount) else {
            guard let moments = SecondMoments(population) else { preconditionFailure("J has no closed form") }
            guard let risk = NetworkRisk(network, moments) else { return nil }
            (form, blocks) = (.whole(risk), nil)
            return
        }
        let streamed = StreamedRisk(network, population, seed: seed, samples: samples)
        blocks = streamed
        form =
            Self.heldCount(network, samples, mostHeld: mostHeld) == samples
            ? .whole(NetworkRisk(network, freshFrom: population, seed: seed, samples: samples)) : .streamed(streamed)
    }

    /// M; nil in closed form.
    package var samples: Int? { blocks?.sampleCount }

    package var dimension: Int {
        switch form {
        case .whole(let risk): risk.dimension
        case .streamed(let risk): risk.dimension
        }
    }

    package func gradient(at w: [Double]) -> (value: Double, gradient: [Double]) {
        switch form {
        case .whole(let risk): risk.gradient(at: w)
        case .streamed(let risk): risk.gradient(at: w)
        }
    }

    package func hessian(at w: [Double]) -> PopulationHessian {
        switch form {
        case .whole(let risk): PopulationHessian(map: risk.hessian(at: w))
        case .streamed(let risk): PopulationHessian(map: risk.hessian(at: w))
        }
    }

    /// J(w) and ∇J(w) with standard errors. Cost: that of `StreamedRisk.estimate`.
    package func estimate(at w: [Double]) -> RiskEstimate {
        blocks?.estimate(at: w) ?? RiskEstimate(exact: gradient(at: w))
    }
}

/// ∇²J at a point.
package struct PopulationHessian: LinearOperator {
    fileprivate let map: any LinearOperator<Double>
    package var dimension: Int { map.dimension }

    package func apply(_ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) { map.apply(x, out) }
}
