import Console
import Networks
import Training

/// `training`: the descent, its learning rate and when it ends.
package struct TrainingConfiguration: Sendable {
    /// b; nil for the full batch.
    package let batch: Int?
    package let order: BatchSampler.Order
    /// Whether a batch of a summed loss is scaled by n/b.
    package let isUnbiased: Bool
    /// η; nil for c/λ_max.
    package let learningRate: Double?
    package let autoFactor: Double
    package let optimizer: Optimizer
    package let form: FunctionForm
    /// What is trained beside the network; nil for nothing.
    package let elimination: Elimination?
    package let schedule: Schedule
    package let stop: StopConfiguration
    package let divergenceRatio: Double

    enum ScheduleKind: String, CaseIterable { case constant, step, cosine }

    init(_ section: ConfigSection) {
        let batch = section.wordOrNumber(
            "batch", default: .word("full"), words: ["full"], in: 1...1e12, isInteger: true, "b, samples of a step")
        self.batch = batch.number.map { Int($0) }
        order = section.choice(
            "sampling", default: .shuffle, "a new order every epoch, or uniform draws with replacement")
        isUnbiased = section.flag(
            "unbiased", default: true,
            "scale a batch by n/b where the loss is summed, so that its gradient is ∇F on average")
        optimizer = Self.optimizer(section)
        learningRate = Self.learningRate(section, isAdam: optimizer.isAdam)
        autoFactor = section.number(
            "auto_factor", default: 1, in: .leastNormalMagnitude...1e6,
            "c of learning_rate: auto; gradient descent is stable below 2")
        form = FunctionForm(
            lazyScale: section.optionalNumber(
                "lazy_scale", in: 1e-12...1e12,
                "α: train α (f − f₀) under 1/α² times the loss, f₀ the network at its start; lazy for large α"),
            isLinearized: section.flag(
                "linearized", default: false,
                "train f₀ + J₀ (w − w₀), the network linearized at its start, in place of the network"))
        elimination = section.section("elimination", word: "kind") { Self.elimination($0) }
        if let lack = elimination?.lack(optimizer, form, learningRate) { section.problem("elimination", lack) }
        schedule = section.section("schedule", Self.schedule)
        stop = section.section("stop") { StopConfiguration($0) }
        divergenceRatio = section.number(
            "divergence_ratio", default: 1e6, in: 1...1e300,
            "a loss above this multiple of the first ends the run as DIVERGED")
    }

    private static func schedule(_ section: ConfigSection) -> Schedule {
        let kind = section.choice("kind", default: ScheduleKind.constant, "how the learning rate changes")
        let kinds = section.reader.isListing ? ScheduleKind.allCases : [kind]
        var result = Schedule.constant
        for kind in kinds {
            section.condition = "kind: \(kind.rawValue)"
            switch kind {
            case .constant: break
            case .step:
                result = .step(
                    every: section.integer("every", default: 1000, in: 1...Int.max, "steps between two changes"),
                    factor: section.number("factor", default: 0.1, in: 0...1, "factor of each change"))
            case .cosine:
                result = .cosine(
                    steps: section.integer("steps", default: 1000, in: 1...Int.max, "steps until the floor is reached"),
                    floor: section.number("floor", default: 0, in: 0...1, "last learning rate over the first"))
            }
        }
        section.condition = ""
        return result
    }
}

/// `training.stop`: whichever comes first.
package struct StopConfiguration: Sendable {
    package let steps: Int
    package let loss: Double
    package let lossRatio: Double
    package let gradientNorm: Double
    package let accuracy: Double?
    package let minutes: Double?

    init(_ section: ConfigSection) {
        steps = section.integer("steps", default: 1000, in: 0...Int.max, "most steps")
        loss = section.number(
            "loss", default: 0, in: 0...1e300, "end once F is at or below this (with mini-batches: at a tracked step)")
        lossRatio = section.number(
            "loss_ratio", default: 0, in: 0...1,
            "end once F/F₀ is at or below this (with mini-batches: at a tracked step)")
        gradientNorm = section.number(
            "gradient_norm", default: 0, in: 0...1e300, "end once ‖∇F‖ at a tracked step is at or below this")
        accuracy = section.optionalNumber(
            "accuracy", in: 0...1, "end once the training accuracy at a tracked step is at or above this share")
        minutes = section.optionalNumber("minutes", in: 0...1e6, "end after this time, counted anew on resume")
    }
}

/// `checkpoints`: when the state is saved, and how many are kept.
package struct CheckpointConfiguration: Sendable {
    /// Nil where time alone decides.
    package let steps: TrackedSteps?
    package let minutes: Double
    package let keep: Int

    /// What is said of a run without checkpoints where some are needed.
    package static let noneKept =
        "this run kept no checkpoints (checkpoints.keep: 0); train it again with checkpoints.keep of 1 or more"

    /// Whether the checkpoint of a step stays however many come after it: those at logarithmic steps do.
    package func alwaysStays(_ step: Int) -> Bool {
        if case .logarithmic = steps { steps?.contains(step) == true } else { false }
    }

    init(_ section: ConfigSection) {
        let every = section.wordOrNumber(
            "every", default: .word("none"), words: ["none", "log"], in: 1...1e12, isInteger: true,
            "steps between two checkpoints, log for steps spaced evenly in ln t, or none where time alone decides")
        let perDecade = section.integer(
            "per_decade", default: 4, in: 1...1000, "checkpoints for each factor of ten, for every: log")
        steps = every == .word("log") ? .logarithmic(perDecade: perDecade) : every.number.map { .every(Int($0)) }
        minutes = section.number("minutes", default: 10, in: 0.001...1e6, "time between two checkpoints")
        keep = section.integer(
            "keep", default: 3, in: 0...100_000,
            "how many of the last checkpoints stay, beside all of every: log, and data.h5, initial.h5 and outputs.h5; 0: none of "
                + "all these once the run "
                + "has completed, one checkpoint while it goes on")
    }
}
