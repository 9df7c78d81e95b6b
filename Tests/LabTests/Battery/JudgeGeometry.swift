import Foundation
import Theory
import Training

/// Gradient and landscape.
extension Judge {
    mutating func judgeGradient() {
        let statement = Statement.noCriticalPoint
        if seen.first == 0 { return truth.never(.fails, statement) }
        let isMeasured = !seen.run.series.known("gradient_norm").isEmpty
        if !isMeasured { truth.never(.holds, statement) }
        if facts.isCritical == true {
            truth.never(.holds, statement)
            if isMeasured, facts.isLawTold ?? false { truth.can(.fails, statement) }
            return
        }
        switch facts.law {
        case .linear:
            truth.never(.fails, statement)
            if isMeasured, isConstantTold { truth.can(.holds, statement) }
        case .settles:
            if facts.isEventuallyLinear || truth.isWrong(.fails, .linearConvergence) { truth.never(.fails, statement) }
        case .slower: truth.never(.holds, statement)
        case .rests:
            if facts.isCritical == nil { truth.never(.fails, statement) }
            truth.never(.holds, statement)
        case .noise, .grows, .free: break
        }
    }

    mutating func judgeLandscape() {
        let statement = Statement.semiSmoothness
        let usable = seen.run.landscapes.filter { record in
            record.loss.isFinite && record.gradientNorm > 0
                && record.rays.contains { ray in ray.losses.contains { $0.isFinite } }
        }
        guard !usable.isEmpty else { return truth.never(.holds, statement) }
        if usable.contains(where: { $0.lossAfterStep > $0.loss * (1 + 1e-6) || $0.lossAfterStep.isNaN }) {
            truth.never(.holds, statement)
        } else if facts.isConvex {
            truth.never(.fails, statement)
            // Well above rounding, at steps far enough from each other.
            let clear = usable.filter { $0.loss - $0.lossAfterStep > 1e-9 * $0.loss }
            if clear.count >= 3, isDown { truth.can(.holds, statement) }
        }
    }
}

/// Drift, kernels, initialization: on what was recorded, by the marks 0.25 and 0.5.
extension Judge {
    private var isWhole: Bool { !seen.isDiverged && isDown }

    mutating func judgeDrift() {
        let statement = Statement.nearInitialization
        let series = seen.run.series
        let drifts = series.family(.weightDriftRelative)
        let flips = series.family(.patternFlips)
        let moved = series.family(.weightDrift).filter { !$0.member.isEmpty }
        // Tensors that start at zero have no relative drift.
        let zeros = drifts.filter { _, values in !values.contains { $0.isFinite } }.map(\.member)
        let zeroMoves = moved.contains { name, values in zeros.contains(name) && values.contains { $0 > 0 } }
        let known = (drifts + flips).flatMap(\.values).filter(\.isFinite)
        guard !drifts.isEmpty else {
            truth.never(.holds, statement)
            return
        }
        if seen.isDiverged { truth.never(.holds, statement) }
        let total = series["weight_drift_relative"].filter(\.isFinite).max()
        let worst = max(known.max() ?? 0, zeroMoves ? total ?? .infinity : 0)
        if worst > 0.25 * (1 + 1e-9) { truth.never(.holds, statement) }
        if worst <= 0.5 * (1 - 1e-9) { truth.never(.fails, statement) }
        let isKnown = zeros.isEmpty && (!facts.hasRectifiers || !flips.isEmpty)
        if isKnown, worst <= 0.25, isWhole { truth.can(.holds, statement) }
        if isKnown, worst > 0.5, worst.isFinite { truth.can(.fails, statement) }
    }

    mutating func judgeEquivalence() {
        let statement = Statement.tangentEquivalence
        let run = seen.run
        if run.setting.isLinearized { return truth.never(.fails, statement) }
        guard let drift = seen.largest("kernel_drift") else {
            // Nothing was recorded that could refute it, or prove it.
            return truth.never(.holds, statement)
        }
        let gap = seen.largest("prediction_gap")
        let worst = max(drift, gap ?? 0)
        let testGap = seen.largest("prediction_gap_test") ?? 0
        if max(worst, testGap) > 0.25 * (1 + 1e-9) || gap == nil { truth.never(.holds, statement) }
        let share = seen.kernelShare
        if let share, share.high < 0.5 { truth.never(.holds, statement) }
        let isKept = share.map { $0.low >= 0.5 } ?? true
        if worst <= 0.5 * (1 - 1e-9), testGap <= 0.5, isKept { truth.never(.fails, statement) }
        if gap != nil, worst <= 0.25, testGap <= 0.25, let share, share.low >= 0.5, isWhole, seen.kernels.count >= 3 {
            truth.can(.holds, statement)
        }
        if worst > 0.5 || share.map({ $0.high < 0.5 }) ?? false, worst.isFinite { truth.can(.fails, statement) }
    }

    mutating func judgeStart() {
        let statement = Statement.goodInitialization
        guard facts.hasRectifiers, let start = seen.run.initialization, !start.layers.isEmpty else {
            return truth.never(.holds, statement)
        }
        let low = start.layers.compactMap(\.norms?.lowerBound).min() ?? 0
        let high = start.layers.compactMap(\.norms?.upperBound).max() ?? 0
        let backward = start.backward.map(\.norm).max() ?? 0
        let separation = start.layers.map(\.separation).min() ?? 0
        let wanted = min(start.inputSeparation, 1 / Double(start.layers.count)) / 2
        if facts.hasEqualInputs || low < 0.5 || high > 1.5 || separation < wanted || backward > 2 {
            truth.never(.holds, statement)
        }
        if !facts.hasEqualInputs, low >= 1 / 3.0, high <= 3, separation >= wanted, backward <= 4 {
            truth.never(.fails, statement)
            if low >= 0.5, high <= 1.5, !start.backward.isEmpty, backward <= 2, wanted > 1e-3 {
                truth.can(.holds, statement)
            }
        }
    }

    mutating func judgeBatches() {
        guard let contracts = facts.contracts else { return }
        let statement = Statement.stochasticDescent
        if seen.run.series.known("batch_contraction").isEmpty { truth.never(.holds, statement) }
        if contracts {
            truth.never(.fails, statement)
            if facts.isContractionTold { truth.can(.holds, statement) }
        } else {
            truth.never(.holds, statement)
        }
    }
}
