import Foundation
import Measurements
import Statistics
import Theory

/// A run or a series whose law is known.
struct BatteryCase: Sendable {
    enum Source: Sendable {
        case run(RunSetup)
        case series(RunEvidence)
    }
    let family: String
    let parameters: String
    let source: Source
    /// What mathematics says, given what was recorded.
    let facts: @Sendable (RunEvidence) -> Facts
    /// What is taken from the evidence before it is judged.
    var damage: @Sendable (inout RunEvidence) -> Void = { _ in }
}

/// A configuration and the data that it reads, as texts.
struct RunSetup: Sendable {
    var precision = "float64"
    var seed = 0
    var loss = "squared"
    var reduction = "sum"
    /// Lines of a table: inputs, then targets or a label.
    var rows: [[Double]] = []
    /// Real targets a line; 0 for a label.
    var targets = 1
    /// The data in another form than a table.
    var data: String?
    /// More keys of `data`.
    var dataKeys = ""
    var model =
        "{network: layers, parametrization: standard, activation: linear, layers: [{type: dense, deviation: 0}]}"
    var training: [String] = []
    var tracking: [String] = []

    /// The columns of a table as it is written.
    var table: String {
        rows.map { row in
            let values = row.dropLast().map { "\($0)" }
            let last = row.last.map { targets > 0 ? "\($0)" : "\(Int($0))" } ?? ""
            return (values + [last]).joined(separator: ",")
        }.joined(separator: "\n") + "\n"
    }

    func text(folder: String) -> String {
        let labels = targets > 0 ? "labels: values, target_columns: \(targets)" : "labels: classes"
        let own =
            data ?? "{source: csv, path: \(folder)/data.csv, header: none, \(labels), normalization: none\(dataKeys)}"
        return """
            name: case
            seed: \(seed)
            precision: \(precision)
            loss: {kind: \(loss), reduction: \(reduction)}
            data: \(own)
            model: \(model)
            training: {\(training.joined(separator: ", "))}
            tracking: {\(tracking.joined(separator: ", "))}
            checkpoints: {keep: 0}

            """
    }
}

/// What is known of a run by mathematics.
struct Facts: Sendable {
    enum Law: Sendable {
        /// A constant factor a unit of time, from start to end: a constant kernel, or one that keeps half of itself.
        case linear
        /// Eventually so: whether it was so in what was recorded, the local rate says.
        case settles
        /// Slower than any exponential.
        case slower
        /// Stands still now, above what is known of F*, or falls later.
        case rests
        /// A floor of noise above F*.
        case noise
        case grows
        case free
    }
    var law = Law.linear
    /// F*; nil where it isn't known.
    var least: Double? = 0
    /// Whether the numbers recorded tell F*.
    var isLeastTold = true
    /// The scale of the data, min(F_0, loss of the best constant output); 0 for targets of 0, nil where unknown.
    var scale: Double?
    /// F at the end, where mathematics tells it: the run is what it is taken for.
    var end: Double?
    /// F/F_0 that was asked for.
    var asked = 1e-3
    /// Whether a longer run would go on to F*.
    var goesOn = true
    /// Whether the loss is quadratic in the weights, and convex, with stable steps.
    var isConvex = false
    /// Whether it has ReLU layers.
    var hasRectifiers = false
    /// Whether a referee with the numbers could tell of linear convergence, where it is so; nil: by the general rule.
    var isLawTold: Bool?
    /// Whether the gradient's inequality fails: at a critical point above F*, or with a power law.
    var isCritical: Bool?
    /// With `settles`: whether it is known to come to a constant factor, whatever was recorded.
    var isEventuallyLinear = false
    /// What SGD does: nil where it is not SGD.
    var contracts: Bool?
    var isContractionTold = false
    /// A statement of which nothing can be said, since numbers that it needs are missing.
    var gap: Statement?
    /// Statements that do not hold, whatever the recorded rows look like, and those that don't fail.
    var untrue: Set<Statement> = []
    var unrefuted: Set<Statement> = []
    /// Whether two inputs are the same.
    var hasEqualInputs = false
}

/// Verdicts that would be wrong, and those that a referee with the recorded numbers could give.
struct Truth {
    private(set) var wrong: [Statement: Set<Verdict>] = [:]
    private(set) var tellable: [Statement: Verdict] = [:]

    mutating func never(_ verdict: Verdict, _ statements: Statement...) {
        for statement in statements { wrong[statement, default: []].insert(verdict) }
    }

    mutating func can(_ verdict: Verdict, _ statement: Statement) { tellable[statement] = verdict }

    func isWrong(_ verdict: Verdict, _ statement: Statement) -> Bool { wrong[statement]?.contains(verdict) ?? false }
}
