import Configurations
import Runs
import Training

/// What a run records, by groups of the keys of `tracking` that mean something together only.
///
/// Sizes are compared as sizes: a run that followed 200 samples records what is asked of one with 100, and is not made
/// again for it.
struct RecordedKeys {
    /// n and K of the data, which decide what is automatic; nil where they are not known.
    let data: (samples: Int, outputs: Int)?

    /// - Parameter record: of a run with the data.
    init(_ record: RunRecord?) {
        data = record.flatMap { record in record.samples.flatMap { n in record.outputs.map { (n, $0) } } }
    }

    /// Whether a run records all that another asks for.
    func records(_ own: Configuration, allOf wanted: Configuration) -> Bool {
        groups(own, wanted).allSatisfy { records($0, own, of: wanted) }
    }

    /// A run that records what one does and what another recorded too: nothing that is known of it is lost.
    /// - Throws: `ConfigError`, which would be an error of ours.
    func joined(_ wanted: Configuration, with other: Configuration) throws -> Configuration {
        var overrides: [String: String] = [:]
        for group in groups(wanted, other) {
            let all = other.values.filter { Self.group(of: $0.key) == group }
            if records(group, other, of: wanted) {
                overrides.merge(all) { $1 }
            } else if !isOff(group, other) {
                // The more of each, so that what lacks one thing loses no other.
                let isDenser = Self.steps(group, other, cover: wanted)
                overrides.merge(
                    all.filter { isMore($0.key, other, than: wanted) || isDenser && Self.isOfSteps($0.key) }
                ) { $1 }
            }
        }
        overrides[Self.preset] = other.values[Self.preset]
        return try Configuration(
            text: wanted.resolvedText, source: wanted.name, defaultName: wanted.name,
            overrides: overrides.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
    }

    /// It decides defaults only, which are all written out.
    private static let preset = "tracking.preset"
    private static let rows = "tracking.every"
    /// Keys of probes that count training samples.
    private static let sampleCounts = Dictionary(
        uniqueKeysWithValues: ProbeKinds.all.compactMap(\.option).filter(\.countsSamples).map {
            ("tracking.\($0.key)", $0)
        })
    private static let keep = "tracking.kernel.keep"
    private static let hessian = "tracking.hessian"

    /// `tracking.kernel` of `tracking.kernel.samples`; nil for a key that records nothing.
    private static func group(of key: String) -> String? {
        guard key.hasPrefix("tracking."), key != preset else { return nil }
        return key == "tracking.per_decade" ? rows : key.split(separator: ".").prefix(2).joined(separator: ".")
    }

    private func groups(_ a: Configuration, _ b: Configuration) -> Set<String> {
        Set((Array(a.values.keys) + Array(b.values.keys)).compactMap(Self.group))
    }

    /// Whether nothing of a group is recorded.
    private func isOff(_ group: String, _ configuration: Configuration) -> Bool {
        [group, group + ".samples", group + ".directions"].contains {
            ["0", "false"].contains(value($0, configuration) ?? "")
        } || group == Self.hessian && !configuration.tracking.probes.hessian.isMeasured
    }

    private func records(_ group: String, _ own: Configuration, of wanted: Configuration) -> Bool {
        if isOff(group, wanted) { return true }
        guard Self.steps(group, own, cover: wanted) else { return false }
        let keys = wanted.values.keys.filter { Self.group(of: $0) == group && !Self.isOfSteps($0) }
        return keys.allSatisfy { value($0, own) == value($0, wanted) || isMore($0, own, than: wanted) }
    }

    /// Whether a key has a larger size, or keeps more.
    private func isMore(_ key: String, _ own: Configuration, than wanted: Configuration) -> Bool {
        guard let (a, b) = value(key, own).flatMap({ a in value(key, wanted).map { (a, $0) } }) else { return false }
        if key == Self.keep { return a == "matrix" && b != "matrix" }
        if (a, b) == ("true", "false") { return true }
        // Of other samples it is another Hessian.
        guard key != Self.hessian + ".samples" else { return false }
        guard !Self.isOfSteps(key), let a = Int(a), let b = Int(b) else { return false }
        return a > b
    }

    private static func isOfSteps(_ key: String) -> Bool { key.hasSuffix(".every") || key.hasSuffix(".per_decade") }

    /// Whether a group is measured at the steps that are asked for, or at more of the same kind.
    private static func steps(_ group: String, _ own: Configuration, cover wanted: Configuration) -> Bool {
        let pair =
            switch group {
            case rows: (own.tracking.steps, wanted.tracking.steps)
            case "tracking.kernel": (own.tracking.probes.kernel.steps, wanted.tracking.probes.kernel.steps)
            case Self.hessian: (own.tracking.probes.hessian.steps, wanted.tracking.probes.hessian.steps)
            case "tracking.landscape": (own.tracking.landscape.steps, wanted.tracking.landscape.steps)
            default: (own.tracking.steps, own.tracking.steps)
            }
        switch pair {
        case (.every(let a), .every(let b)): return a <= b
        case (.logarithmic(let a), .logarithmic(let b)): return a >= b
        default: return pair.0.includes(pair.1)
        }
    }

    /// The value of a key of `tracking`, what is automatic decided.
    private func value(_ key: String, _ configuration: Configuration) -> String? {
        guard let data else { return configuration.values[key] }
        let tracking = configuration.resolved(samples: data.samples, outputs: data.outputs).tracking
        let kernel = tracking.probes.kernel
        return switch key {
        case "tracking.kernel.samples": "\(min(kernel.samples, data.samples))"
        case "tracking.kernel.precision": configuration.kernelPrecision.rawValue
        case Self.keep:
            tracking.keepsMatrix(rows: min(kernel.samples, data.samples) * kernel.outputs.rows(data.outputs))
                ? "matrix" : "spectrum"
        case "tracking.prediction": "\(tracking.probes.prediction)"
        default:
            Self.sampleCounts[key].map { "\(min(tracking.probes[$0], data.samples))" } ?? configuration.values[key]
        }
    }
}
