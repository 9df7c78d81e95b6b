import Certificates
import Measurements
import Testing
import Training

/// What runs can lack, in the order of `MissingEvidence`.
private let missing: [MissingEvidence] = [
    .configuration, .trainingLoss, .trainingAccuracy, .moreMeasurements, .everyStep, .firstSteps, .longerRun,
    .wholeDescent, .longerSchedule, .moreSteps(about: 20, total: 120, ratio: 1e-3), .stepsPastDivergence,
    .smallerSteps, .smallerLoss(), .smallerLoss(ratio: 1e-4, loss: 0.5), .rightSamples(below: 1e-3), .smallerRoundoff,
    .gradientNorm, .weightDrift, .patternFlips, .initialization(), .initialization(samples: 48), .kernel(samples: 48),
    .precisionOfKernels, .moreKernels, .prediction, .networkItself, .landscape, .moreLandscapes,
    .moreLandscapesOrSteps, .landscapeAtTheEnd(and: .longerRun), .batches(8, and: .moreMeasurements),
    .batches(8, and: nil), .moreBatches(and: .longerRun), .otherPlaces(ofEpoch: 5), .stepsWithoutMomentum,
    .gradientDescent, .descentOnLoss, .rowsWithoutBatches,
]

/// A remedy that names a value names one that configurations take, and prints it.
@Test func everyRemedyWithAValueIsTakenByConfigurations() throws {
    let lab = Lab()
    let remedies = missing.map(Remedy.init)
    #expect(Set(remedies.map(\.line)).count == missing.count)
    #expect(remedies.compactMap(\.setting).count == 20)
    for remedy in remedies {
        guard let (key, value) = remedy.setting else { continue }
        #expect(remedy.line.contains("\(key): \(value)"))
        let check = try lab.call(["train", "config.yaml", "--dry-run", "--set", "\(key)=\(value)"])
        #expect(check.code == 0, "\(remedy.line): \(check.err)")
    }
}

@Test func remediesArePrintedInOneLine() {
    #expect(
        Remedy(.kernel(samples: 12)).line
            == "the kernel of all training samples and outputs: tracking.kernel: {samples: 12, outputs: full}")
    #expect(
        Remedy(.batches(9, and: .moreMeasurements)).line
            == "tracking.contraction_batches: 9, and more measurements: tracking.every, a fiftieth of the steps or less"
    )
    #expect(
        Remedy(.smallerLoss(ratio: 1e-4, loss: 0.5)).line
            == "a smaller loss to stop at: training.stop.loss_ratio below 1e-4 and training.stop.loss below 0.5")
}
