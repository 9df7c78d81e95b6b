import Testing
import Training

@Test func schedules() {
    #expect(Schedule.constant.factor(at: 10_000) == 1)
    let step = Schedule.step(every: 10, factor: 0.5)
    #expect([0, 9, 10, 19, 30].map { step.factor(at: $0) } == [1, 1, 0.5, 0.5, 0.125])
    let cosine = Schedule.cosine(steps: 100, floor: 0.2)
    #expect(cosine.factor(at: 0) == 1 && abs(cosine.factor(at: 50) - 0.6) < 1e-15)
    #expect(abs(cosine.factor(at: 100) - 0.2) < 1e-15 && abs(cosine.factor(at: 500) - 0.2) < 1e-15)
}

@Test(arguments: [
    Schedule.constant, .step(every: 7, factor: 0.3), .step(every: 1, factor: 1 - 1e-9), .step(every: 3, factor: 0),
    .step(every: 5, factor: 1), .cosine(steps: 300, floor: 0.1), .cosine(steps: 1, floor: 0),
])
func timeIsTheSumOfTheLearningRates(_ schedule: Schedule) {
    var sum = 0.0
    for step in 0...500 {
        #expect(abs(schedule.time(at: step) - sum) <= 1e-12 * max(sum, 1))
        sum += schedule.factor(at: step)
    }
    // In closed form: a damaged file may say any step.
    #expect(schedule.time(at: 1 << 60).isFinite)
}

@Test func trackedSteps() {
    #expect((0...20).filter { TrackedSteps.every(7).contains($0) } == [0, 7, 14])
    let log = TrackedSteps.logarithmic(perDecade: 5)
    let expected = [0, 1, 2, 3, 4, 6, 10, 16, 25, 40, 63, 100, 158, 251, 398, 631, 1000]
    #expect((0...1000).filter { log.contains($0) } == expected)
    #expect((0...9).filter { TrackedSteps.logarithmic(perDecade: 100).contains($0) } == Array(0...9))
}

@Test func shuffledBatchesVisitEverySampleOnceAnEpoch() {
    let sampler = BatchSampler(samples: 10, batch: 3, order: .shuffle, seed: 2)
    var cache: (epoch: Int, order: [Int])?
    var rows: [Int] = []
    var epochs: [[Int]] = []
    for epoch in 0..<3 {
        var seen: [Int] = []
        for step in 0..<sampler.stepsPerEpoch {
            sampler.fill(&rows, at: epoch * sampler.stepsPerEpoch + step, permutation: &cache)
            seen += rows
        }
        #expect(seen.sorted() == Array(0..<10))
        epochs.append(seen)
    }
    #expect(Set(epochs).count == 3)
    // A step's batch does not depend on what was asked before.
    var fresh: (epoch: Int, order: [Int])?
    var again: [Int] = []
    sampler.fill(&rows, at: 5, permutation: &cache)
    sampler.fill(&again, at: 5, permutation: &fresh)
    #expect(rows == again)
}

@Test func drawsWithReplacementAreUniform() {
    let sampler = BatchSampler(samples: 10, batch: 4, order: .replacement, seed: 2)
    var cache: (epoch: Int, order: [Int])?
    var rows: [Int] = []
    var counts = [Int](repeating: 0, count: 10)
    for step in 0..<5000 {
        sampler.fill(&rows, at: step, permutation: &cache)
        for row in rows { counts[row] += 1 }
    }
    #expect(counts.allSatisfy { abs(Double($0) - 2000) < 5 * (20000 * 0.1 * 0.9).squareRoot() })
}
