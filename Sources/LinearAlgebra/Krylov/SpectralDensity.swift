import RealModule

/// A Gauss rule of the spectral measure of one start vector: nodes θ_i with weights s_i², which add up to 1.
///
/// For the unit vector v, vᵀ p(A) v = Σ w_i p(θ_i) for every polynomial p of degree ≤ 2k − 1, k the number of nodes
/// (Golub, Meurant 2010, theorem 6.3).
public struct GaussRule: Sendable, Equatable {
    /// θ_i, ascending.
    public let nodes: [Double]
    /// w_i.
    public let weights: [Double]
    /// How far an eigenvalue can be from each node.
    public let residuals: [Double]

    /// A rule by its nodes.
    public init(nodes: [Double], weights: [Double], residuals: [Double]) {
        self.nodes = nodes
        self.weights = weights
        self.residuals = residuals
    }

    /// Σ w_i f(θ_i), which approximates vᵀ f(A) v.
    public func sum(_ f: (Double) -> Double) -> Double { zip(nodes, weights).reduce(0) { $0 + $1.1 * f($1.0) } }

    /// What the start vector has at most in eigenvectors with |λ| ≤ zero, by the smaller of two bounds.
    ///
    /// The measure between two nodes is at most their weights and those between them (Chebyshev, Markov, Stieltjes; Golub, Meurant
    /// 2010, section 2.2). And P v = Σ s_i P y_i, where a Ritz vector y_i of residual ρ_i has ‖P y_i‖ ≤ ρ_i/(|θ_i| − zero).
    func mostAround(_ zero: Double) -> Double {
        let first = nodes.lastIndex { $0 < -zero } ?? 0
        let last = nodes.firstIndex { $0 > zero } ?? nodes.count - 1
        let between = nodes.isEmpty ? 0 : weights[first...max(first, last)].reduce(0, +)
        let length = nodes.indices.reduce(0.0) { sum, i in
            let distance = abs(nodes[i]) - zero
            return sum + Double.sqrt(weights[i]) * (distance > residuals[i] ? residuals[i] / distance : 1)
        }
        return min(length * length, between, 1)
    }

    /// The weight of the nodes that a test of node and residual chooses.
    func share(_ isChosen: (Double, Double) -> Bool) -> Double {
        nodes.indices.reduce(0) { $0 + (isChosen(nodes[$1], residuals[$1]) ? weights[$1] : 0) }
    }
}

extension LanczosIteration {
    /// The rule of the steps so far.
    public var rule: GaussRule {
        let ritz = ritz
        return GaussRule(
            nodes: ritz.map(\.value.value), weights: ritz.map(\.weight), residuals: ritz.map(\.value.residual))
    }
}

/// The distribution of eigenvalues by stochastic Lanczos quadrature: the mean of the rules of random start vectors.
///
/// p(t) = 1/r Σ_v Σ_i w_vi N(t; θ_vi, σ²) has the integral 1 (Ubaru, Chen, Saad 2017; Ghorbani, Krishnan, Xiao 2019,
/// algorithm 1). Eigenvalues within `zero` of 0 are a spike apart from it.
public struct SpectralDensity: Sendable {
    /// One for each start vector.
    public let rules: [GaussRule]
    /// σ.
    public let width: Double
    /// What counts as 0.
    public let zero: Double

    /// - Parameters:
    ///   - width: σ; where nil, 2/(k − 1)/√(8 ln 3) of half the range of the nodes, k the most nodes of a rule, with which
    ///     neighbouring nodes of a uniform spectrum run into one another (Papyan 2020, appendix).
    public init(_ rules: [GaussRule], width: Double? = nil, zero: Double) {
        self.rules = rules
        self.zero = zero
        let nodes = rules.flatMap(\.nodes)
        let range = (nodes.max() ?? 0) - (nodes.min() ?? 0)
        let most = max(rules.map(\.nodes.count).max() ?? 0, 2)
        let usual = width ?? range / Double(most - 1) / Double.sqrt(8 * Double.log(3))
        // No narrower than what a thousand points show; a single value still has a width.
        self.width = max(usual, range / 400, (nodes.map(abs).max() ?? 0) * 1e-6, .leastNormalMagnitude)
    }

    /// Mean over start vectors of Σ w_i f(θ_i), which estimates tr f(A)/P, with its standard error; the error is nil for a
    /// single vector.
    public func mean(_ f: (Double) -> Double) -> (value: Double, error: Double?) { spread(of: rules.map { $0.sum(f) }) }

    /// The share of eigenvalues within `zero` of 0: what nodes that have converged there say, and at most what those that
    /// may belong there add. The two differ where other eigenvalues crowd around 0.
    public var spike: (atLeast: Double, atMost: Double, error: Double?) {
        let least = spread(of: rules.map { $0.share { abs($0) <= self.zero && $1 <= self.zero } })
        let most = spread(of: rules.map { $0.mostAround(zero) })
        let errors = [least.error, most.error].compactMap { $0 }
        return (least.value, most.value, errors.max())
    }

    /// The density without the spike at some points; with `spike.atLeast` its integral is 1.
    public func values(at points: [Double]) -> [Double] {
        let scale = 1 / (width * Double.sqrt(2 * .pi) * Double(max(rules.count, 1)))
        let nodes = rules.flatMap { rule in
            rule.nodes.indices.filter { abs(rule.nodes[$0]) > zero || rule.residuals[$0] > zero }
                .map { (rule.nodes[$0], scale * rule.weights[$0]) }
        }
        return points.map { point in
            nodes.reduce(0) { total, node in
                let distance = (point - node.0) / width
                return total + node.1 * Double.exp(-distance * distance / 2)
            }
        }
    }

    /// Points from five widths below the nodes to five above.
    public func grid(count: Int) -> [Double] {
        let nodes = rules.flatMap(\.nodes)
        let (low, high) = ((nodes.min() ?? 0) - 5 * width, (nodes.max() ?? 0) + 5 * width)
        return (0..<count).map { low + (high - low) * Double($0) / Double(max(count - 1, 1)) }
    }
}

/// The mean of some numbers with its standard error, nil for fewer than two.
func spread(of values: [Double]) -> (value: Double, error: Double?) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    guard values.count > 1 else { return (mean, nil) }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, Double.sqrt(squares / (n * (n - 1))))
}
