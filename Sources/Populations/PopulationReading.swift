/// What a network's weights are beside the population: all in units of J, the mean of ½‖f(w, x) − y‖².
package struct PopulationReading: Sendable {
    /// M, the size of the fresh sample behind J; nil in closed form, where no number has an error.
    package let samples: Int?
    /// J_n(w).
    package let sampleRisk: Double
    /// ‖∇J_n(w)‖.
    package let sampleSlope: Double
    /// J(w).
    package let risk: Measured
    /// ‖∇J(w)‖.
    package let slope: Measured
    /// J_n(w) − J(w).
    package let riskGap: Measured
    /// ‖∇J_n(w) − ∇J(w)‖.
    package let gradientGap: Measured
    /// The largest ‖W_j‖_F.
    package let largestNorm: Double
    /// r.
    package let radius: Double
    /// The largest J and ‖∇J‖ that were found in Ω, at random points, at the ends of ascents and at w: scales for gaps. By noise of a fresh
    /// sample they are a bit too large.
    package let scales: (risk: Double, slope: Double)
    /// sup |J_n − J| over Ω.
    package let uniformRisk: UniformReading
    /// sup ‖∇J_n − ∇J‖ over Ω.
    package let uniformGradient: UniformReading
    /// nil where none were looked for, or the network is not smooth or has too many weights.
    package let stationaryPoints: TransportReading?
    /// nil for a network that is not smooth, or where no samples are left out.
    package let stability: StabilityReading?

    /// Whether w is in Ω.
    package var isInBall: Bool { largestNorm <= radius }
    /// Lower bounds of sup |J_n − J| and sup ‖∇J_n − ∇J‖, up to their standard errors: what the search found, or the gap at w where that is
    /// larger and w is in Ω.
    package var largestGaps: (risk: Measured, gradient: Measured) {
        func larger(_ found: Measured, _ own: Measured) -> Measured {
            isInBall && own.value - 4 * own.standardError > found.value - 4 * found.standardError ? own : found
        }
        return (
            larger(uniformRisk.value, riskGap.magnitude), larger(uniformGradient.value, gradientGap)
        )
    }
}

/// The largest gap over Ω: what was found of it, and what theory allows.
package struct UniformReading: Sendable {
    /// By the J that chose the place: with a fresh sample too large on average.
    package let found: UniformGap
    /// The gap there by a second fresh sample that had no say in it, of the risk along the sign of what was found, so that it may be
    /// negative. On average it is no more than the supremum; nil in closed form.
    package let again: Measured?
    /// What the gap can't be above, by `CertainBound`; nil where there is none.
    package let certain: Double?
    /// By `PublishedBounds` with constants of 1; nil where no theorem speaks of the network.
    package let published: Double?

    /// A lower bound of the supremum, up to its standard error. Other weights in Ω may have a larger gap, those that were measured too.
    package var value: Measured { again ?? Measured(found.value) }
}

/// Stationary points of J with a ridge, and what becomes of them in J_n with the same one.
package struct TransportReading: Sendable {
    /// One of them; of all its images under signs of units one is taken.
    package struct Point: Sendable {
        /// w*.
        package let w: [Double]
        /// J there, with the ridge.
        package let value: Double
        /// The largest ‖W_j‖_F.
        package let largestNorm: Double
        package let transport: StationaryTransport
        /// Whether another one arrived at the same point of J_n: then they are not one to one.
        package let sharesEnd: Bool

        /// (2/ζ) ‖∇J_n − ∇J‖, within which the theorem has the distance; infinite for degenerate points.
        package var reach: Double { 2 / transport.curvature * transport.gradientGap }
        /// ‖w_n − w*‖ over that; 0 where it did not move: a point that symmetry holds where it is has no gap either.
        package var share: Double { transport.distance > 1e-12 ? transport.distance / reach : 0 }
        /// Whether it is as the theorem says: a point of its own in J_n, with the same index, within reach.
        package var isMatched: Bool {
            transport.outcome == .matched && transport.index == transport.newIndex && !sharesEnd
                && share <= 1
        }
    }
    /// By value.
    package let points: [Point]
    /// How many searches there were.
    package let starts: Int
    /// How many of them ended at a stationary point.
    package let arrived: Int
    /// How many fresh samples J was taken over; nil in closed form.
    package let samples: Int?
}

/// What a stationary point w_n of J_n is worth beyond the samples, and what one of them changes.
package struct StabilityReading: Sendable {
    /// w_n, where the search from w ended: of a valley, a point of it.
    package struct End: Sendable {
        package let w: [Double]
        /// ‖w_n − w‖.
        package let distance: Double
        /// The number of negative eigenvalues of ∇²J_n; nil for too many weights.
        package let index: ClosedRange<Int>?
        /// J_n(w_n).
        package let sampleRisk: Double
        /// J(w_n).
        package let risk: Measured
        /// J_n(w_n) − J(w_n).
        package let gap: Measured
    }
    /// nil where the search came to no stationary point.
    package let end: End?
    /// How many samples were left out, one at a time.
    package let leftOut: Int
    /// After how many of them the search from w_n came to a stationary point.
    package let arrived: Int
    /// The mean of ½‖f − y‖² on the sample that was left out, without it less with it, and its standard error over these samples;
    /// nil where not all searches arrived, or there are fewer than two.
    package let change: Measured?
}
