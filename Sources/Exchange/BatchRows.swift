import Configurations
import Files
import HDF5
import RunFolders
import Runs
import Training

/// The rows of the training samples that each step of a run sees, with its learning rate and the factor of its
/// gradient: functions of the seed and the step, made again from `config.yaml` and `run.json` alone.
package struct BatchRows {
    private let sampler: BatchSampler
    private let configuration: Configuration
    private let record: RunRecord
    private let steps: ClosedRange<Int>

    private static let mostRows = 1 << 28

    /// - Parameter steps: counted from 0; step t leads from the weights after t steps to the next.
    /// - Throws: `LabError` where the run or the steps are none.
    package init(ofRun run: String, steps: ClosedRange<Int>) throws {
        record = try RunRecord(reading: run)
        configuration = try Configuration(file: RunFile.configuration.path(of: run))
        guard let samples = record.samples else {
            throw LabError(
                "\(RunFile.record.path(of: run)): does not hold the number of samples: it is of an earlier version")
        }
        sampler = configuration.sampler(samples: samples)
        let most = Self.mostRows / sampler.batch
        // The last step first: the number of steps up to the largest integer is none.
        guard steps.upperBound < 1 << 40, steps.count <= most else {
            throw LabError(
                "--steps: expected at most \(most) steps below 2^40 at once, found \(steps.lowerBound)..\(steps.upperBound)"
            )
        }
        self.steps = steps
    }

    /// What one step sees.
    package struct Step: Encodable, Sendable {
        package let step: Int
        package let learningRate: Double
        package let gradientScale: Double
        package let rows: [Int]

        /// The columns of `line`.
        package static let titles = "step\tlearning_rate\tgradient_scale\trows"

        /// Step, η, gradient scale and rows, between tabs and spaces.
        package var line: String {
            "\(step)\t\(learningRate)\t\(gradientScale)\t\(rows.map(String.init).joined(separator: " "))"
        }
    }

    /// One step after another.
    package func forEach(_ body: (Step) throws -> Void) rethrows {
        var order = BatchOrder(sampler)
        for step in steps {
            let rows = order.rows(at: step)
            try body(Step(step: step, learningRate: rate(step), gradientScale: scale(rows.count), rows: rows))
        }
    }

    /// /rows [steps, batch], −1 where a batch is smaller; /step, /learning_rate and /gradient_scale [steps].
    /// - Throws: an error where the file is there and not to be replaced, or cannot be written.
    package func write(to path: String, isForced: Bool) throws {
        try DataImport.checkTarget(path, isForced: isForced)
        var counts: [Int] = []
        try HDF5Writer.write(to: path) { file in
            try file.attribute("format", "ntklab-batches")
            try file.attribute("format_version", 1)
            try file.attribute("creator", "ntklab")
            try file.attribute("creator_version", ntklabVersion)
            var order = BatchOrder(sampler)
            try file.matrix(
                "/rows", as: Int64.self, rows: steps.count, columns: sampler.batch,
                rowsAtOnce: max(1_000_000 / sampler.batch, 1),
                attributes: ["layout": "step,place", "long_name": "training samples of each step, -1 for none"]
            ) { first, count, to in
                for step in 0..<count {
                    let rows = order.rows(at: steps.lowerBound + first + step)
                    counts.append(rows.count)
                    for place in 0..<sampler.batch {
                        to[step * sampler.batch + place] = place < rows.count ? Int64(rows[place]) : -1
                    }
                }
            }
            try file.dataset(
                "/learning_rate", steps.map(rate), attributes: ["long_name": "learning rate of the step"])
            try file.dataset(
                "/gradient_scale", counts.map(scale),
                attributes: ["long_name": "factor of the sum of the gradients of the rows' losses"])
            try file.dataset(
                "/step", steps.map { Int64($0) }, attributes: ["long_name": "parameter updates made before it"])
            try file.scale(
                "/step", named: "step", axes: ["/rows", "/learning_rate", "/gradient_scale"].map { ($0, 0) })
        }
    }

    private func rate(_ step: Int) -> Double {
        record.learningRate * configuration.training.schedule.factor(at: step)
    }

    private func scale(_ rows: Int) -> Double {
        configuration.gradientScale(rows: rows, samples: sampler.samples)
    }
}

/// The rows of one step after another, as `TrainingLoop` takes them.
private struct BatchOrder {
    let sampler: BatchSampler
    private var permutation: (epoch: Int, order: [Int])?
    private var rows: [Int] = []

    init(_ sampler: BatchSampler) { self.sampler = sampler }

    mutating func rows(at step: Int) -> [Int] {
        // A full batch is taken as it lies.
        if sampler.isFullBatch { return Array(0..<sampler.samples) }
        sampler.fill(&rows, at: step, permutation: &permutation)
        return rows
    }
}
