import Configurations
import Console
import Layers
import Measurements
import Reports
import Runs
import ScalingLaws
import Statistics
import Sweeps
import Training

/// How metrics, tensors and keys of the configuration are written in figures and on pages: by symbols, as in papers.
enum Symbols {
    /// `W_1` for `W1`, `W_out` for the output layer; another name in words.
    static func tensor(_ name: String) -> String {
        if name == "output" { return "W_out" }
        let (letter, rest) = (name.prefix(1), name.dropFirst())
        if rest.allSatisfy({ "0123456789".contains($0) }), letter.first?.isLetter == true {
            return rest.isEmpty ? name : "\(letter)_\(rest)"
        }
        return words(name)
    }

    /// A metric or an observable of a sweep at the time T where cells stop.
    static func metric(_ name: String) -> String {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        let tensor = parts.count > 1 ? Self.tensor(parts[1]) : nil
        let w = (tensor ?? "W")
        let change = tensor == nil ? "W_T − W_0" : "\(w)(T) − \(w)(0)"
        let of = tensor.map { ", \($0)" } ?? ""
        return switch parts[0] {
        case MetricFamily.weightDrift.name: "‖\(change)‖_F"
        case MetricFamily.weightDriftRelative.name: "‖\(change)‖_F/‖\(tensor == nil ? "W_0" : w + "(0)")‖_F"
        case MetricFamily.weightDriftSpectral.name: "‖\(change)‖_2"
        case MetricFamily.weightDriftRow.name, ScalingObservable.rowDrift.rawValue: "max_r ‖w_r(T) − w_r(0)‖" + of
        case ScalingObservable.flips.rawValue, MetricFamily.patternFlips.name: "share of flipped ReLU units" + of
        case MetricFamily.backwardChange.name: "‖b_T − b_0‖/‖b_0‖" + of
        case MetricFamily.kernelDrift.name: "‖Θ_T − Θ_0‖_F/‖Θ_0‖_F"
        case MetricFamily.kernelLambdaMin.name: "λ_min(Θ_T)"
        case MetricFamily.kernelLambdaMax.name: "λ_max(Θ_T)"
        case ScalingObservable.kernelLambdaMin.rawValue: "λ_min(Θ_0)"
        case ScalingObservable.linearizationGap.rawValue: "relative ‖f − f_lin‖"
        case MetricFamily.predictionGap.name: "‖f − f_lin‖/‖r_0‖"
        case MetricFamily.predictionGapTest.name: "‖f − f_lin‖/‖f‖ on test samples"
        case ScalingObservable.forwardNormError.rawValue: "max |‖h_l(x)‖ − 1|"
        case ScalingObservable.gradientRatio.rawValue: "min ‖∇F‖²/(2F)"
        case MetricFamily.gradientNorm.name: "‖∇F‖"
        case MetricFamily.trainLoss.name: "F_T"
        case "loss_ratio": "F_T/F_0"
        case "steps": "steps T"
        default: words(parts[0]) + of
        }
    }

    /// The same at the head of a title.
    static func title(_ name: String) -> String {
        let symbol = metric(name)
        return symbol.first?.isASCII == true ? symbol.prefix(1).uppercased() + symbol.dropFirst() : symbol
    }

    /// A key of the configuration: its symbol, or its last part in words.
    static func key(_ key: String) -> String {
        switch key {
        case "model.width", "width": "m"
        case "model.depth", "depth": "L"
        case "data.samples", "samples": "n"
        case "training.learning_rate", "learning_rate": "η"
        default: words(String(key.split(separator: ".").last ?? ""))
        }
    }

    /// The same with its word, for an axis.
    static func axis(_ key: String) -> String {
        let name = words(String(key.split(separator: ".").last ?? ""))
        let symbol = Self.key(key)
        return symbol == name ? name : "\(name) \(symbol)"
    }

    /// `L = 3, n = 32`; texts of users as they stand, behind their key.
    static func place(_ coordinates: [(key: String, value: SweepAxis.Value)]) -> String {
        coordinates.map { key, value in
            value.number == nil
                ? "\(Self.key(key))=\(verbatim(value.text))" : "\(Self.key(key)) = \(verbatim(value.text))"
        }.joined(separator: ", ")
    }

    /// What a metric is, in words, with tensors by their symbols.
    static func meaning(_ name: String) -> String {
        let family = String(name.prefix { $0 != "." })
        let plain = family == name ? SweepTable.meaning(of: name) : ProbeKinds.meaning(of: family)
        let words = plain.replacing("W_t - W_0", with: "W_T − W_0").replacing("Theta_", with: "Θ_")
            .replacing("lambda", with: "λ")
        return name.split(separator: ".", maxSplits: 1).dropFirst().first.map { "\(words), \(tensor(String($0)))" }
            ?? words
    }

    /// A quantity of a study, in which tensors and observables stand under their names.
    static func quantity(_ text: String) -> String {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        return words.enumerated().map { place, word in
            // Behind a comma stands a tensor; "output layer" is a word.
            guard place == 0 || word != "output" || words[place - 1].hasSuffix(",") else { return String(word) }
            let (name, comma) = word.hasSuffix(",") ? (String(word.dropLast()), ",") : (String(word), "")
            let isTensor = name == "output" || name.first == "W" && name.dropFirst().first?.isNumber == true
            if isTensor { return tensor(name) + comma }
            return name.contains("_") && !name.contains("=") ? metric(name) + comma : String(word)
        }.joined(separator: " ")
    }

    /// A name without what only programs write.
    private static func words(_ name: String) -> String {
        name.replacing("_", with: " ").replacing(".", with: " ")
    }
}

extension Configuration {
    /// What was trained on what, in a sentence for captions.
    package func setting(_ record: RunRecord?) -> String {
        let family = values["model.network"]
        let names = ["mlp": "MLP", "cnn": "CNN", "resnet": "ResNet"]
        var network = family.flatMap { names[$0] } ?? "Network"
        if let width = values["model.width"], let depth = values["model.depth"] {
            network += " of width m = \(width) and depth L = \(depth)"
        }
        var data = verbatim(values["data.source"] ?? "data")
        if let samples = record?.samples { data += ", n = \(samples)" }
        let batch = record?.samples.map { sampler(samples: $0).isFullBatch } ?? true
        let rate = record.map { ", η = \(shown($0.learningRate))" } ?? ""
        return
            "\(network), \(model.parametrization.rawValue) parametrization, on \(data); \(loss.rawValue) loss F (\(reduction.rawValue)), "
            + "\(batch ? "full-batch gradient descent" : "SGD")\(rate), \(precision.rawValue), seed \(seed)."
    }
}
