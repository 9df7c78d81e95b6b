import RealModule

/// The learning rate at step t as a factor of its base value: a pure function of t.
public enum Schedule: Sendable, Equatable {
    case constant
    /// factor^⌊t/every⌋.
    case step(every: Int, factor: Double)
    /// ½ (1 + cos(π t/steps)) down to `floor`, then `floor` (Loshchilov and Hutter 2017, eq. 5).
    case cosine(steps: Int, floor: Double)

    public func factor(at step: Int) -> Double {
        switch self {
        case .constant: return 1
        case .step(let every, let factor): return Double.pow(factor, step / every)
        case .cosine(let steps, let floor):
            let progress = min(Double(step) / Double(steps), 1)
            return floor + (1 - floor) * (1 + Double.cos(Double.pi * progress)) / 2
        }
    }

    /// Σ factor(s) over the steps s before each of these, which increase: ∫η dt over the base value.
    /// Cost: one factor a step, but for constant ones.
    public func times(at steps: [Int]) -> [Double] {
        if self == .constant { return steps.map(Double.init) }
        var (time, next) = (0.0, 0)
        return steps.map { step in
            while next < step {
                time += factor(at: next)
                next += 1
            }
            return time
        }
    }
}
