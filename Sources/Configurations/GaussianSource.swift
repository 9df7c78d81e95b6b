import Datasets
import LinearAlgebra
import Populations

/// Keys of `source: gaussian`: x ~ N(0, deviation² I), and y = teacher(x) + N(0, noise² I).
///
/// Samples are drawn by `PopulationSampler`, test samples as those that follow the training samples; the teacher has a seed
/// of its own.
struct GaussianSource: Sendable {
    private enum Answers: String, CaseIterable { case teacher, gaussian }
    private enum Kind: String, CaseIterable { case linear, sigmoid }

    private let dimension: Int
    private let deviation: Double
    /// k.
    private let outputs: Int
    /// σ.
    private let noise: Double
    /// Nil for answers that know nothing of x.
    private let teacher: Teacher?

    init(_ section: ConfigSection) {
        dimension = section.integer("dimension", default: 16, in: 1...(1 << 24), "d, coordinates of an input")
        deviation = section.number("deviation", default: 1, in: 1e-12...1e12, "standard deviation of each of them")
        let answers = section.choice(
            "answers", default: Answers.teacher, "those of a random network, with noise, or y ~ N(0, 1)")
        let hasTeacher = answers == .teacher || section.isListing
        let inputs = dimension
        (outputs, teacher) = section.section("teacher") { section in
            let outputs = section.integer("outputs", default: 1, in: 1...(1 << 16), "k, the length of y")
            return (outputs, hasTeacher ? Teacher(section, inputs: inputs, outputs: outputs) : nil)
        }
        noise =
            hasTeacher
            ? section.number("noise", default: 0, in: 0...1e6, "σ, deviation of noise on the teacher's answers") : 1
    }

    /// A network that samples ask.
    private struct Teacher: Sendable {
        let kind: Kind
        /// d, widths of hidden layers, k.
        let widths: [Int]
        let scale: Double
        let seed: UInt64

        init(_ section: ConfigSection, inputs: Int, outputs: Int) {
            kind = section.choice(
                "kind", default: Kind.linear,
                "x ↦ T x, or layers with a sigmoid after each, the last one too (Zhou, Feng 2018, section 2)")
            var hidden: [Int] = []
            if kind == .sigmoid || section.isListing {
                let depth = section.integer("depth", default: 1, in: 0...4096, "hidden layers, for kind: sigmoid")
                let width = section.integer(
                    "width", default: 8, in: 1...(1 << 20), "neurons of a hidden layer, for kind: sigmoid")
                hidden = Array(repeating: width, count: depth)
            }
            widths = [inputs] + hidden + [outputs]
            let scale = section.wordOrNumber(
                "scale", default: .word("auto"), words: ["auto"], in: 0...1e6, isInteger: false,
                "standard deviation of its weights; auto: 1/√d if linear, which gives answers of the size of a "
                    + "coordinate, and 1 for sigmoids, whose answers would hardly differ at 1/√fan-in")
            self.scale = scale.number ?? (kind == .linear ? 1 / Double(inputs).squareRoot() : 1)
            seed = UInt64(
                section.integer(
                    "seed", default: 0, in: 0...Int.max,
                    "key of its weights alone: another `seed` draws other samples of the same teacher"))
        }

        var weightCount: Double { zip(widths, widths.dropFirst()).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
    }

    /// The distribution that samples are drawn from.
    /// - Throws: `DatasetError` for a teacher that does not fit into memory. Cost: its weights are drawn.
    func population() throws -> Population {
        try checkMemory(samples: 0)
        let variances = [Double](repeating: deviation * deviation, count: dimension)
        guard let teacher else {
            return Population(
                variances: variances, .linear([Double](repeating: 0, count: dimension * outputs)), noise: noise)
        }
        switch teacher.kind {
        case .linear:
            return Population(
                variances: variances,
                .randomLinear(inputs: dimension, outputs: outputs, scale: teacher.scale, seed: teacher.seed),
                noise: noise)
        case .sigmoid:
            let network = try PlainNetwork(.sigmoid, widths: teacher.widths)
            return Population(
                variances: variances, .random(network, scale: teacher.scale, seed: teacher.seed), noise: noise)
        }
    }

    /// The first samples for training of a seed.
    /// - Throws: `DatasetError` where they do not fit into memory.
    func samples(_ count: Int, seed: UInt64) throws -> RawSamples {
        try checkMemory(samples: count)
        let (x, y) = PopulationSampler(try population()).sample(.training, seed: seed, count: count)
        return RawSamples(inputs: x, shape: [dimension], targets: .values(y))
    }

    /// Samples are held twice while some are taken; a teacher has its weights, and values and cotangents of a block.
    private func checkMemory(samples: Int) throws {
        let (d, k) = (Double(dimension), Double(outputs))
        let weights = teacher?.weightCount ?? d * k
        let neurons = teacher?.widths.reduce(0.0) { $0 + Double($1) } ?? 0
        let numbers = Double(samples) * (d + k) + weights + Double(PopulationSampler.blockRows) * neurons
        guard Memory.holds(numbers, bytesEach: 16) else {
            throw DatasetError(
                "data: \(samples) samples of \(dimension) inputs and \(outputs) outputs, and a teacher of "
                    + "\(Int(weights)) weights, do not fit into this machine's memory")
        }
    }
}
