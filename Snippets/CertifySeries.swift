// Certifying a recorded series.
//
// `certify` judges statements of the theory of wide networks on what a run recorded. Here two runs are made up, of which only
// the loss is known: one falls as e^(−t/50), the other as 1/(1 + t/2)². Linear convergence holds of the first. Of the second
// it can't be told: a constant kernel with many modes can make such a curve too.

import Measurements
import RealModule
import Theory

func run(_ loss: (Double) -> Double) -> RunEvidence {
    let steps = Array(stride(from: 0, through: 1000, by: 5))
    let series = MetricSeries(
        steps: steps,
        columns: [
            MetricFamily.trainLoss.name: steps.map { loss(Double($0)) },
            MetricFamily.learningRate.name: steps.map { _ in 0.01 },
        ])
    var evidence = RunEvidence(series: series)
    evidence.setting.lossRatio = 1e-5
    // The loss of the best constant output and of the output 0: what a network has to beat.
    evidence.references = .init(bestConstant: 0.9, zeroOutput: 1)
    return evidence
}

let exponential = run { Double.exp(-$0 / 50) }
let powerLaw = run { 1 / ((1 + $0 / 2) * (1 + $0 / 2)) }
for (name, evidence) in [("e^(-t/50)", exponential), ("1/(1 + t/2)²", powerLaw)] {
    guard let certificate = certify(evidence).first(where: { $0.statement == .linearConvergence }) else { continue }
    print("\(name): \(certificate.statement) \(certificate.verdict.rawValue)")
    print("    \(certificate.reason)")
    for quantity in certificate.quantities { print("    \(quantity.name): \(quantity.value)") }
}
