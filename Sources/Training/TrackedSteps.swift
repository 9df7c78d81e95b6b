import RealModule

/// The steps at which a run is measured.
package enum TrackedSteps: Sendable, Equatable {
    case every(Int)
    /// 0, 1, 2, … and from there about `perDecade` steps for each factor of ten.
    case logarithmic(perDecade: Int)

    package func contains(_ step: Int) -> Bool {
        switch self {
        case .every(let interval): return step % interval == 0
        case .logarithmic(let perDecade):
            guard step > 0 else { return true }
            // step is tracked if it is the rounding of some power 10^(k/perDecade).
            let k = (Double(perDecade) * Double.log10(Double(step))).rounded()
            return (-1...1).contains { offset in
                Int(Double.pow(10, (k + Double(offset)) / Double(perDecade)).rounded()) == step
            }
        }
    }

    /// Whether every step of `other` is one of these, as far as their rule tells.
    package func includes(_ other: TrackedSteps) -> Bool {
        switch (self, other) {
        case (.every(1), _): true
        case (.every(let own), .every(let others)): others % own == 0
        case (.logarithmic(let own), .logarithmic(let others)): own % others == 0
        case (.every, .logarithmic), (.logarithmic, .every): false
        }
    }
}
