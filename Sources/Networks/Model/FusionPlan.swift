/// Which ReLUs are taken along by the stage beside them, so that their own pass over memory is spared.
///
/// Values and cotangents come out as they would without it, to the bit. Derivatives along directions and of many
/// cotangents do without.
struct FusionPlan: Sendable {
    /// For each stage, the slope of the ReLU after it that works in place on its output.
    private(set) var following: [Double?]
    /// The operations of the reverse pass: those of a ReLU that made a stage's input, and works in place on the
    /// cotangent, become the slope of that stage's.
    private(set) var reverse: [(operation: ReversePlan.Operation, slope: Double?)]

    /// No ReLU is taken along: the plan that any other is tested against.
    init(unfused plan: ReversePlan, stages: Int) {
        following = Array(repeating: nil, count: stages)
        reverse = plan.operations.map { ($0, nil) }
    }

    init(_ stages: [Stage], memory: MemoryPlan, reverse plan: ReversePlan) {
        following = stages.indices.map { s in
            guard s + 1 < stages.count, stages[s].layer != nil, stages[s + 1].source == s + 1,
                memory.buffers[s + 2] == memory.buffers[s + 1]
            else { return nil }
            return stages[s + 1].rectifierSlope
        }
        reverse = []
        for operation in plan.operations {
            if case .pullback(let r, let yBar, let xBar) = operation, yBar == xBar,
                case .pullback(let s, _, yBar)? = reverse.last?.operation, stages[s].source == r + 1,
                let slope = stages[r].rectifierSlope
            {
                reverse[reverse.count - 1].slope = slope
            } else {
                reverse.append((operation, nil))
            }
        }
    }

    /// Whether a stage is a ReLU that the one before it takes along.
    func isFused(_ s: Int) -> Bool { s > 0 && following[s - 1] != nil }
}

extension Stage {
    /// Slope below zero, where this is a ReLU or a leaky one.
    fileprivate var rectifierSlope: Double? { layer?.rectifierSlope }
}
