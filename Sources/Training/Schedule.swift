import RealModule

/// The learning rate at step t as a factor of its base value: a pure function of t.
public enum Schedule: Sendable, Equatable {
    case constant
    /// factor^⌊t/every⌋.
    case step(every: Int, factor: Double)
    /// ½ (1 + cos(π t/steps)) down to `floor`, then `floor` (Loshchilov and Hutter 2017, eq. 5).
    case cosine(steps: Int, floor: Double)

    /// η at step t over its base value.
    public func factor(at step: Int) -> Double {
        switch self {
        case .constant: return 1
        case .step(let every, let factor): return Double.pow(factor, step / every)
        case .cosine(let steps, let floor):
            let progress = min(Double(step) / Double(steps), 1)
            return floor + (1 - floor) * (1 + Double.cos(Double.pi * progress)) / 2
        }
    }

    /// Σ factor(s) over the steps s < t: ∫η dt over the base value, in steps at that; in closed form, so that
    /// its cost doesn't grow with the step.
    /// - Parameter step: 0 or more.
    public func time(at step: Int) -> Double {
        let t = Double(step)
        switch self {
        case .constant: return t
        case .step(let every, let factor):
            let (whole, rest) = step.quotientAndRemainder(dividingBy: every)
            let sum =
                factor == 1 || whole == 0
                ? Double(whole) : Double.expMinusOne(Double(whole) * Double.log(factor)) / (factor - 1)
            return Double(every) * sum + Double(rest) * self.factor(at: step)
        case .cosine(let steps, let floor):
            // Lagrange: Σ cos(sφ) over s < t is sin(tφ/2) cos((t − 1)φ/2)/sin(φ/2).
            let (falling, half) = (min(t, Double(steps)), Double.pi / Double(steps) / 2)
            let sum = Double.sin(falling * half) * Double.cos((falling - 1) * half) / Double.sin(half)
            return floor * t + (1 - floor) * (falling + sum) / 2
        }
    }
}
