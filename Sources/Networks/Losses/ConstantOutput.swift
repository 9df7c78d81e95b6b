import RealModule

extension LossKind {
    /// min over f of Σ_i ℓ(f, y_i): the least loss of samples that all get the same output, an infimum where none
    /// attains it.
    ///
    ///     squared         ½ Σ_i ‖y_i − ȳ‖²                 at the mean
    ///     cross-entropy   −n Σ_k p_k ln p_k                 at the logarithms of the classes' shares
    ///     logistic        −n Σ_k p_k ln p_k + q_k ln q_k    for each output, of the shares of its two signs
    ///     sigmoid         Σ_k min(n p_k, n q_k)             where the output goes to ±∞
    ///
    /// - Parameter targets: y, one row a sample. Cost: a few passes over them.
    public func leastTotal(ofConstantOutput targets: [[Double]]) -> Double {
        guard let outputs = targets.first?.count else { return 0 }
        let count = Double(targets.count)
        return (0..<outputs).reduce(0.0) { sum, k in
            let column = targets.map { $0[k] }
            // Equal targets have no scatter, whatever their mean rounds to.
            guard let first = column.first, column.contains(where: { $0 != first }) else { return sum }
            let mean = column.reduce(0, +) / count
            switch self {
            case .squared: return sum + column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2
            case .crossEntropy: return sum + count * Self.entropyTerm(mean)
            case .logistic:
                let share = (1 + mean) / 2
                return sum + count * (Self.entropyTerm(share) + Self.entropyTerm(1 - share))
            case .sigmoid: return sum + count * min((1 + mean) / 2, (1 - mean) / 2)
            }
        }
    }

    /// −p ln p.
    private static func entropyTerm(_ p: Double) -> Double { p > 0 ? -p * Double.log(p) : 0 }
}
