import Foundation
import Measurements

private func landscapes(_ records: LandscapeEvidence...) -> RunEvidence {
    var run = healthy
    run.landscapes = records
    return run
}

let smoothnessCases: [Case] = [
    Case(.semiSmoothness, .holds, "quadratic", "keeps", healthy),
    Case(
        .semiSmoothness, .fails, "a step too long", "loses",
        landscapes(Linear().landscape(at: 0), Linear().landscape(at: 8, curvature: ["gradient": 25]))),
    Case(
        .semiSmoothness, .fails, "a saddle", "bends down",
        landscapes(Linear().landscape(at: 0), Linear().landscape(at: 8, curvature: ["gradient": 1, "curvature+": -90]))),
    Case(
        .semiSmoothness, .cannotTell, "a step below the rounding of F", "rounding",
        landscapes(Linear().landscape(at: 0, offset: 1e17), Linear().landscape(at: 8, offset: 1e17))),
    Case(
        .semiSmoothness, .cannotTell, "a ladder without numbers", "no numbers",
        landscapes(Linear().landscape(at: 0, curvature: ["gradient": 5, "random1": .nan]), Linear().landscape(at: 8))),
    Case(
        .semiSmoothness, .cannotTell, "a ladder shorter than the way", "weights moved",
        healthy.with("weight_drift") { _, d in 100 + d }),
    Case(.semiSmoothness, .cannotTell, "one step", "one step", landscapes(Linear().landscape(at: 0))),
    Case(.semiSmoothness, .cannotTell, "none", "no landscape", landscapes()),
]

let driftCases: [Case] = [
    Case(.nearInitialization, .holds, "near", "path", healthy),
    Case(
        .nearInitialization, .fails, "far", "W1",
        healthy.with("weight_drift_relative.W1") { t, _ in t > 50 ? 0.7 : 0.1 }),
    Case(.nearInitialization, .fails, "many flips", "flipped", healthy.with("pattern_flips.W1") { _, _ in 0.6 }),
    Case(.nearInitialization, .fails, "a detour", "path", healthy.with("weight_drift") { _, d in 9 * d }),
    Case(
        .nearInitialization, .cannotTell, "between the marks", "0.4", healthy.with("pattern_flips.W1") { _, _ in 0.4 }),
    Case(
        .nearInitialization, .holds, "no ReLU layers", "no ReLU layers",
        healthy.without("pattern_flips").setting { $0.hasRectifiers = false }),
    Case(
        .nearInitialization, .fails, "a tensor that starts at 0 and moves far", "output starts at 0",
        healthy.with("weight_drift_relative.output") { _, _ in .nan }.with("weight_drift.output") { t, _ in Double(t) }
            .with("weight_drift_relative") { _, _ in 0.8 }),
    Case(
        .nearInitialization, .cannotTell, "a drift that is no number", "not a number",
        healthy.with("weight_drift_relative.W1") { t, d in t > 50 ? .nan : d }),
    Case(.nearInitialization, .cannotTell, "no patterns", "not recorded", healthy.without("pattern_flips")),
    Case(.nearInitialization, .cannotTell, "cut short", "so far", healthy.cut(after: 16)),
    Case(
        .nearInitialization, .cannotTell, "units that may flip and flip back", "flip back",
        overshooting.with("pattern_flips.W1") { _, _ in 0 }),
]

/// Tracked at every second step, with steps that overshoot.
private let overshooting = Linear(eigenvalues: [1, 2, 15], modes: [1, 1, 0], eta: 0.1).run

let tangentCases: [Case] = [
    Case(.tangentEquivalence, .holds, "lazy", "λ(Θ_t)", healthy),
    Case(.tangentEquivalence, .fails, "the kernel changes", "Θ_t", healthy.with("kernel_drift") { _, _ in 0.9 }),
    Case(
        .tangentEquivalence, .fails, "its smallest eigenvalue is lost", "falls to",
        healthy.with("kernel_lambda_min") { t, l in t > 50 ? 0.3 * l : l }),
    Case(
        .tangentEquivalence, .cannotTell, "test outputs leave, or are near 0", "test",
        healthy.with("prediction_gap_test") { _, _ in 0.8 }),
    Case(
        .tangentEquivalence, .cannotTell, "an eigenvalue within its error of one half", "is open",
        healthy.with("kernel_lambda_min") { t, l in t > 50 ? 0.45 * l : l }.with("kernel_lambda_error") { _, _ in 0.2 }),
    Case(
        .tangentEquivalence, .cannotTell, "an eigenvalue that is not resolved", "smaller than its error",
        healthy.with("kernel_lambda_min") { t, l in t > 50 ? .nan : l }),
    Case(
        .tangentEquivalence, .cannotTell, "a kernel at the start only", "up to step 0 only",
        healthy.with("kernel_drift") { t, d in t == 0 ? 0 : .nan }),
    Case(
        .tangentEquivalence, .cannotTell, "errors as large as the eigenvalues", "is open",
        healthy.with("kernel_lambda_error") { _, _ in 0.6 }),
    Case(
        .tangentEquivalence, .cannotTell, "the linearization itself", "nothing to compare",
        healthy.setting { $0.isLinearized = true }),
    Case(
        .tangentEquivalence, .holds, "no test samples", "no test samples",
        healthy.without("prediction_gap_test").setting { $0.hasTestSamples = false }),
    Case(.tangentEquivalence, .cannotTell, "no prediction", "not recorded", healthy.without("prediction")),
]
