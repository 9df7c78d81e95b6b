import Configurations
import Console
import HDF5
import LinearAlgebra
import Measurements
import Runs
import Training

/// When a run ends, and why.
extension TrainingLoop {
    /// Measures where due, and says whether the run ends before the next step.
    func reasonToStop() throws -> (RunRecord.Status, StopReason)? {
        if isTracked, history.lastStep != step { try measure() }
        if let divergence { return (.diverged, divergence) }
        if let goal = reachedGoal() { return (.completed, .goal(goal)) }
        if Interruption.isRequested { return (.interrupted, .signal) }
        if let minutes = training.stop.minutes, clock.seconds >= 60 * minutes {
            return (.completed, .goal(.minutes))
        }
        return nil
    }

    private var divergence: StopReason? {
        guard lastLoss.isFinite else { return .lossNotFinite(step: step) }
        guard lastLoss > training.divergenceRatio * firstLoss else { return nil }
        return .lossGrew(from: firstLoss, to: lastLoss, step: step)
    }

    private func reachedGoal() -> StopReason.Goal? {
        let stop = training.stop
        if step >= stop.steps { return .steps }
        if let goal = lossGoal(at: lastLoss) {
            if isTracked, history.lastStep == step { return goal }
            // That of the weights before the last step, which may have gone up since. The loss of now decides nothing but
            // this: a run that goes on from here to a lower goal ends where one that never stopped does.
            if let goal = lossGoal(at: probes.loss(descent.parameters)) { return goal }
        }
        guard isTracked, history.lastStep == step else { return nil }
        if stop.gradientNorm > 0, let norm = history.column(.gradientNorm).last, norm <= stop.gradientNorm {
            return .gradientNorm
        }
        if let wanted = stop.accuracy, let accuracy = history.column(.trainAccuracy).last, accuracy >= wanted {
            return .accuracy
        }
        return nil
    }

    /// The goal that a loss is down to; nil where it is above both.
    private func lossGoal(at loss: Double) -> StopReason.Goal? {
        let stop = training.stop
        return loss <= stop.loss ? .loss : loss <= stop.lossRatio * firstLoss ? .lossRatio : nil
    }
}
