/// Which ReLUs are taken along by the stage beside them, so that their own pass over memory is spared.
///
/// Values and cotangents come out as they would without it, to the bit. Derivatives along directions and of many
/// cotangents do without.
struct FusionPlan: Sendable {
    /// For each stage, the slope of the ReLU after it that works in place on its output.
    private(set) var following: [Double?]
    /// Whether a stage is such a ReLU.
    private(set) var isTaken: [Bool]
    /// The operations of the reverse pass: those of a ReLU that made a stage's input, and works in place on the
    /// cotangent, become the slope of that stage's.
    private(set) var reverse: [(operation: ReversePlan.Operation, slope: Double?)] = []

    init(_ stages: [Stage], memory: MemoryPlan, reverse plan: ReversePlan) {
        following = Array(repeating: nil, count: stages.count)
        isTaken = Array(repeating: false, count: stages.count)
        for s in stages.indices.dropLast() where stages[s].layer != nil {
            guard let slope = stages[s + 1].rectifierSlope, stages[s + 1].source == s + 1,
                memory.buffers[s + 2] == memory.buffers[s + 1], !isTaken[s]
            else { continue }
            following[s] = slope
            isTaken[s + 1] = true
        }
        for operation in plan.operations {
            if case .pullback(let r, let yBar, let xBar) = operation, yBar == xBar,
                case .pullback(let s, _, yBar)? = reverse.last?.operation, stages[s].source == r + 1,
                reverse[reverse.count - 1].slope == nil, let slope = stages[r].rectifierSlope
            {
                reverse[reverse.count - 1].slope = slope
            } else {
                reverse.append((operation, nil))
            }
        }
    }
}

extension Stage {
    /// Slope below zero, where this is a ReLU or a leaky one.
    fileprivate var rectifierSlope: Double? {
        guard let activation = layer as? Activation, activation.isPiecewiseLinear else { return nil }
        return activation.negativeSlope
    }
}
