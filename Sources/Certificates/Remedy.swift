import Configurations
import Measurements
import Statistics
import Theory
import Training

/// How a configuration gets the evidence that a statement lacks.
package struct Remedy: Sendable {
    /// What is printed: what it is, and the keys that record it.
    package let line: String
    /// The key and the value that record it; nil where there are several, or a person has to choose.
    package let setting: (key: String, value: String)?

    private init(_ line: String) { (self.line, setting) = (line, nil) }

    /// - Parameters:
    ///   - what: empty where the key says it.
    ///   - rest: follows in the line.
    private init(_ what: String, _ key: String, _ value: String, rest: String = "") {
        line = (what.isEmpty ? "" : what + ": ") + "\(key): \(value)" + rest
        setting = (key, value)
    }

    package init(_ missing: MissingEvidence) {
        switch missing {
        case .configuration: self.init("a sound config.yaml or metrics.h5")
        case .trainingLoss: self.init("metrics.jsonl")
        case .trainingAccuracy: self.init("train_accuracy in metrics.jsonl")
        case .moreMeasurements: self.init("more measurements: tracking.every, a fiftieth of the steps or less")
        case .everyStep: self.init("each step recorded", "tracking.every", "1")
        case .firstSteps: self.init("the first steps", "tracking.every", "log")
        case .longerRun: self.init("a longer run: training.stop")
        case .wholeDescent: self.init("a run to the end: training.stop")
        case .longerSchedule: self.init("a learning rate that falls less: training.schedule")
        case .moreSteps(let about, let total, let ratio):
            self.init("about \(about) more steps, to \(shown(ratio))", "training.stop.steps", "\(total)")
        case .stepsPastDivergence: self.init("steps beyond that: a larger training.divergence_ratio")
        case .smallerSteps: self.init("smaller steps: training.learning_rate")
        case .smallerLoss(let ratio, let loss):
            let keys = ["training.stop.loss_ratio" + (ratio.map { " below \(shown($0))" } ?? "")]
            let all = keys + (loss.map { ["training.stop.loss below \(shown($0))"] } ?? [])
            self.init("a smaller loss to stop at: " + all.joined(separator: " and "))
        case .rightSamples(let ratio): self.init("a smaller training.stop.loss_ratio, below \(shown(ratio))")
        case .smallerRoundoff: self.init("a smaller roundoff", "precision", "float64")
        case .gradientNorm: self.init("", "tracking.gradient_norm", "true")
        case .weightDrift: self.init("the drift of each tensor", "tracking.drift", "true")
        case .patternFlips: self.init("ReLU patterns", "tracking.pattern_samples", "256")
        case .initialization(nil): self.init("norms in ReLU layers", "tracking.initialization", "128")
        case .initialization(let samples?): self.init("all samples", "tracking.initialization", "\(samples)")
        case .minimum: self.init("", "tracking.minimum", "true")
        case .population: self.init("a run to its end with a population section")
        case .populationPoints:
            self.init("stationary points of J, of a smooth network with up to 256 weights", "population.starts", "16")
        case .moreSamples: self.init("more training samples: data.samples")
        case .kernel(let samples):
            self.init(
                "the kernel of all training samples and outputs", "tracking.kernel",
                "{samples: \(samples.map { "\($0)" } ?? "(all)"), outputs: full}")
        case .precisionOfKernels: self.init("smaller errors of eigenvalues", "tracking.kernel.precision", "float64")
        case .moreKernels: self.init("kernels at more steps: tracking.kernel.per_decade")
        case .prediction: self.init("predictions from Θ_0", "tracking.prediction", "true")
        case .networkItself: self.init("the network itself", "training.linearized", "false")
        case .landscape: self.init("the loss around the weights", "tracking.landscape", "{directions: 3}")
        case .moreLandscapes: self.init("landscapes at more steps: tracking.landscape.per_decade")
        case .moreLandscapesOrSteps: self.init("more steps: tracking.landscape.per_decade, or a longer run")
        case .landscapeAtTheEnd(let more):
            self.init("a landscape at the end of the run: tracking.landscape, and \(Remedy(more).line)")
        case .batches(let count, let more):
            self.init(
                "", "tracking.contraction_batches", "\(count)", rest: more.map { ", and \(Remedy($0).line)" } ?? "")
        case .moreBatches(let more):
            self.init("more batches: tracking.contraction_batches, and \(Remedy(more).line)")
        case .otherPlaces(let epoch): self.init("other steps of the epoch: tracking.every, no multiple of \(epoch)")
        case .stepsWithoutMomentum: self.init("steps like those measured", "training.momentum", "0")
        case .gradientDescent: self.init("gradient descent", "training.optimizer.kind", "sgd")
        case .descentOnLoss: self.init("descent on F itself", "training.elimination.kind", "none")
        case .rowsWithoutBatches: self.init("rows that measure no batches told apart", "tracking.drift", "true")
        }
    }
}

extension Certificate {
    /// A line for everything that is missing.
    package var remedies: [String] { missing.map { Remedy($0).line } }
}

extension Configuration {
    /// Whether a remedy names only keys that have those values already.
    func has(_ remedy: Remedy) -> Bool {
        guard let (key, value) = remedy.setting else { return false }
        guard value.hasPrefix("{") else { return isSet(key, value) }
        return value.dropFirst().dropLast().split(separator: ",").allSatisfy { pair in
            let parts = pair.split(separator: ":").map { $0.trimmingPrefix(while: \.isWhitespace) }
            return parts.count == 2 && isSet("\(key).\(parts[0])", String(parts[1]))
        }
    }

    /// Whether a key has a value, or a larger number.
    private func isSet(_ key: String, _ value: String) -> Bool {
        guard var own = values[key] else { return false }
        if key == "tracking.kernel.samples" { own = "\(tracking.probes.kernel.samples)" }
        if let wanted = Double(value), let own = Double(own), key.hasPrefix("tracking.") || key == "training.stop.steps"
        {
            return own >= wanted
        }
        return own == value
    }
}
