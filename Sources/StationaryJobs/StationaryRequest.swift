import StationaryPoints

/// What `ntklab stationary` is asked for.
package struct StationaryRequest: Sendable {
    /// Where starts are taken.
    package enum Origin: String, Sendable, CaseIterable {
        /// Drawn as the configuration draws its weights, each from a seed of its own.
        case random
        /// The weights that a run recorded, in turn; from the second round on with noise.
        case trajectory
        /// Noise around a run's newest weights.
        case minimum
    }
    /// What holds the weights of each layer, its weight and bias as one vector.
    package enum Constraint: Sendable, Equatable {
        case sphere(radius: Double)
        case ball(radius: Double)
    }
    /// A run or a configuration.
    package enum Subject: Sendable {
        case run(String)
        case configuration(String)

        /// For messages.
        package var name: String {
            switch self {
            case .run(let path), .configuration(let path): path
            }
        }
    }

    package let subject: Subject
    package let starts: Int
    package let method: StationarySearch.Method
    /// For ‖g‖ over 1 + ‖g(start)‖.
    package let tolerance: Double
    /// Trajectory where nothing was asked for and there is a run, random where there is none.
    package let origin: Origin
    /// Deviation of the noise over the root mean square of each tensor; nil for the origin's own.
    package let spread: Double?
    /// Of the starts; that of the configuration where nil.
    package let seed: UInt64?
    /// The first samples; all where nil.
    package let samples: Int?
    /// The most steps of a search; nil for the method's own.
    package let steps: Int?
    /// λ: weight i has a ridge of its own, ½ λᵢ wᵢ² with λᵢ from λ/2 to 3λ/2.
    package let ridge: Double?
    package let constraint: Constraint?
    /// The file; nil for `stationary.h5` in the run's folder, or in the working folder.
    package let out: String?

    package init(
        _ subject: Subject, starts: Int, method: StationarySearch.Method, tolerance: Double, origin: Origin?,
        spread: Double?, seed: UInt64?, samples: Int?, steps: Int?, ridge: Double?, constraint: Constraint?,
        out: String?
    ) {
        (self.subject, self.starts, self.method, self.tolerance) = (subject, starts, method, tolerance)
        let isRun = if case .run = subject { true } else { false }
        self.origin = origin ?? (isRun ? .trajectory : .random)
        (self.spread, self.seed, self.samples) = (spread, seed, samples)
        (self.steps, self.ridge, self.constraint, self.out) = (steps, ridge, constraint, out)
    }
}

/// How a job ended.
package enum StationaryOutcome: Sendable {
    case done(StationarySummary)
    /// Stopped by a signal; the same request goes on.
    case interrupted(done: String)
}
