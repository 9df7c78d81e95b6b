extension ScalingNetwork {
    /// The exponents of an observable in the width m at a fixed loss ratio; nil where nothing is known of it.
    ///
    /// Typical exponents are power counting at first order: f moves by O(1), so that the weights of layer l move by
    /// ΔW_l ~ η T ∂f/∂W_l with η T ~ 1/λ(Θ) and ‖∂f/∂W_l‖² = Θ_l. Their derivations are in the documentation (Scaling).
    /// Bounds: Allen-Zhu, Li, Song 2019, Theorems 1, 3 and 5, with ω ~ m^(−1/2) put into the powers of ω of Cao, Gu
    /// 2019, Lemmas B.2 and D.1, for ReLU and the paper's parametrization; Lee et al. 2019, Theorem 2.1 and appendix G,
    /// for smooth activations.
    public func exponent(of observable: ScalingObservable, layer: ScalingLayer = .all) -> ExpectedExponent? {
        guard depth >= 1 else { return nil }
        // Entries of a layer are ~ m^(−1/2) there, so that a smooth activation turns into its tangent at 0 as m grows.
        if regime == .paper, activation == .smooth { return nil }
        let typical = typical(observable, layer)
        guard let bound = bound(observable), hasSquaredLoss else { return typical.map { ExpectedExponent($0) } }
        return ExpectedExponent(typical, worst: bound.exponent, atLeast: bound.isLower, bound.source)
    }

    private func typical(_ observable: ScalingObservable, _ layer: ScalingLayer) -> ClosedRange<Double>? {
        switch observable {
        case .weightDrift: at(drift(layer))
        case .relativeDrift: relativeDrift(layer)
        case .rowDrift: rowDrift(layer)
        case .flips:
            // A unit flips where |Δg| exceeds |g|; the theorem's ω^(2/3) is the other end.
            activation != .rectified ? nil : isShallowStandard || isFirst(layer) ? at(-1.5) : -0.5...(-1 / 3.0)
        case .backwardChange: backwardChange
        case .kernelDrift, .linearizationGap: curvature
        case .forwardNormError: activation == .smooth ? nil : at(-0.5)
        case .kernelLambdaMin, .gradientRatio: at(kernel)
        case .steps: at(hasAutomaticRate ? 0 : -kernel)
        }
    }

    /// Of Θ, which the layers above the first have together.
    private var kernel: Double { regime == .ntk ? 0 : 1 }
    private var isShallowStandard: Bool { regime == .standard && depth == 1 }
    private func isFirst(_ layer: ScalingLayer) -> Bool { regime == .standard && layer == .first }

    /// ‖ΔW_l‖ ~ √Θ_l/λ(Θ): Θ_l ~ m but for the standard first layer, whose inputs do not grow and whose Θ_1 ~ 1.
    private func drift(_ layer: ScalingLayer) -> Double { regime == .ntk ? 0 : isFirst(layer) ? -1 : -0.5 }

    /// ‖W_l(0)‖ ~ m in the ntk parametrization's hidden layers, ~ 1 in the standard output layer, ~ √m elsewhere.
    private func relativeDrift(_ layer: ScalingLayer) -> ClosedRange<Double> {
        switch (regime, layer) {
        case (.ntk, .hidden): at(-1)
        // Of m d + (L − 1) m² weights, those of the first layer are the more at small widths.
        case (.ntk, .all): depth > 1 ? -1...(-0.5) : at(-0.5)
        case (.ntk, _), (.standard, .output): at(-0.5)
        case (.standard, .first): at(-1.5)
        case (.standard, _), (.paper, _): at(-1)
        }
    }

    /// One of the output's K rows holds a fixed share of its drift, one of m rows a share of m^(−1/2), and the largest
    /// of m is longer than the mean by √(2 ln m), which adds up to 0.15 to an exponent.
    private func rowDrift(_ layer: ScalingLayer) -> ClosedRange<Double> {
        let hasOutput = regime != .paper && (layer == .output || layer == .all)
        let exponent = drift(layer)
        return hasOutput ? at(exponent) : (exponent - 0.5)...(exponent - 0.35)
    }

    /// Of relative order m^(−1/2) by weights, and by the root of the share of flipped units.
    private var backwardChange: ClosedRange<Double>? {
        switch activation {
        case .rectified: isShallowStandard ? at(-0.5) : -0.25...(-1 / 6.0)
        // b = B throughout.
        case .linear: regime == .paper && depth == 1 ? nil : at(-0.5)
        case .smooth: at(-0.5)
        }
    }

    /// What second derivatives of f make of the kernel and of the outputs.
    private var curvature: ClosedRange<Double>? {
        // Output weights alone move f, and h by m^(−3/2) an entry.
        if isShallowStandard { return at(-2) }
        switch activation {
        case .rectified: return -1...(-0.5)
        // f = B W A x is linear in W: both are exactly 0.
        case .linear: return regime == .paper && depth == 1 ? nil : at(-1)
        case .smooth: return at(-1)
        }
    }

    /// What a theorem guarantees; those of W hold for each of its tensors.
    private func bound(_ observable: ScalingObservable) -> (exponent: Double, isLower: Bool, source: String)? {
        let first = "after Allen-Zhu, Li, Song 2019, Theorem "
        let lee = "Lee et al. 2019, "
        switch (regime, activation, observable) {
        case (.paper, .rectified, .weightDrift): return (-0.5, false, first + "1")
        case (.paper, .rectified, .relativeDrift): return (-1, false, first + "1")
        case (.paper, .rectified, .flips): return (-1 / 3.0, false, "ω^(2/3); Cao, Gu 2019, Lemma D.1")
        case (.paper, .rectified, .backwardChange): return (-1 / 6.0, false, "ω^(1/3); Cao, Gu 2019, Lemma B.2")
        case (.paper, .rectified, .kernelDrift): return (-1 / 6.0, false, "ω^(1/3); \(first)5")
        case (.paper, .rectified, .linearizationGap): return (-1 / 6.0, false, "ω^(4/3) √m; \(first)5")
        case (.paper, .rectified, .forwardNormError): return (-0.5, false, "Cao, Gu 2019, appendix B")
        case (.paper, .rectified, .kernelLambdaMin), (.paper, .rectified, .gradientRatio): return (1, true, first + "3")
        case (.paper, .rectified, .steps): return hasAutomaticRate ? (0, false, first + "1") : nil
        case (.standard, _, .weightDrift), (.ntk, _, .weightDrift):
            let source = activation == .rectified ? first + "1, all layers trained" : lee + "appendix G.1"
            return (regime == .ntk ? 0 : -0.5, false, source)
        case (.standard, .linear, .kernelDrift), (.standard, .smooth, .kernelDrift), (.ntk, .linear, .kernelDrift),
            (.ntk, .smooth, .kernelDrift), (.standard, .linear, .linearizationGap),
            (.standard, .smooth, .linearizationGap), (.ntk, .linear, .linearizationGap),
            (.ntk, .smooth, .linearizationGap):
            return (-0.5, false, lee + "Theorem 2.1")
        default: return nil
        }
    }

    private func at(_ value: Double) -> ClosedRange<Double> { value...value }
}
