import Foundation
import Measurements
import Testing

private let reasons: [(reason: StopReason, words: String)] = [
    (.running, ""), (.signal, "stopped by a signal"), (.goal(.steps), "training.stop.steps"),
    (.goal(.loss), "training.stop.loss"), (.goal(.lossRatio), "training.stop.loss_ratio"),
    (.goal(.gradientNorm), "training.stop.gradient_norm"), (.goal(.accuracy), "training.stop.accuracy"),
    (.goal(.minutes), "training.stop.minutes"), (.failure("the disk is full"), "the disk is full"),
    (.goingFurther(than: .goal(.lossRatio)), "to go further than training.stop.loss_ratio"),
]

/// What records of all versions hold is read as what it was.
@Test(arguments: reasons.indices)
func reasonsAreReadFromTheirWords(index: Int) throws {
    let (reason, words) = reasons[index]
    #expect(reason.words == words)
    #expect(StopReason(words: words) == reason)
    let record = try JSONEncoder().encode([reason])
    #expect(try JSONDecoder().decode([String].self, from: record) == [words])
    #expect(try JSONDecoder().decode([StopReason].self, from: record) == [reason])
}

@Test func numbersOfADivergenceAreKeptInWords() {
    let grown = StopReason.lossGrew(from: 0.5, to: 1e9, step: 12)
    #expect(
        grown.words == "the loss grew from 0.5 to 1000000000.0 at step 12; "
            + "try a smaller training.learning_rate (or auto_factor below 2)")
    for reason in [grown, .lossNotFinite(step: 3)] { #expect(StopReason(words: reason.words).words == reason.words) }
}

@Test func aKernelOfAllSamplesAndOutputsIsWhole() {
    #expect(KernelExtent(samples: 12, hasAllOutputs: true).isWhole(of: 12))
    #expect(!KernelExtent(samples: 11, hasAllOutputs: true).isWhole(of: 12))
    #expect(!KernelExtent(samples: 12, hasAllOutputs: false).isWhole(of: 12))
    #expect(!KernelExtent().isWhole(of: 1))
}
