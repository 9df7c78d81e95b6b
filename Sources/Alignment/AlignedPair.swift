import Networks

/// Two networks of one architecture, the second with its units in the order of the first.
///
/// Both compute what they did before: `first` is a with its units rescaled, `second` is b with its units rescaled, reordered and,
/// where activations are odd, turned over.
package struct AlignedPair {
    package let first: ParameterVector<Double>
    package let second: ParameterVector<Double>
    /// How the units of b were reordered, after rescaling.
    package let matching: WeightMatching

    /// - Parameters:
    ///   - a, b: weights of the model.
    ///   - seed: decides in which orders groups are matched.
    /// - Throws: `AlignmentError` where inner products of the weights are not finite.
    package init(
        _ groups: UnitGroups, _ a: ParameterVector<Double>, _ b: ParameterVector<Double>, seed: UInt64 = 0
    ) throws {
        let (first, balanced) = groups.balanced(a, b)
        matching = try WeightMatching(groups, first, balanced, seed: seed)
        self.first = first
        second = groups.applying(matching.maps, to: balanced)
    }
}
