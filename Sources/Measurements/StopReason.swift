/// Why a run ended, or stands still until it goes on.
public enum StopReason: Sendable, Equatable {
    /// It goes on.
    case running
    /// It came to what its configuration asks for.
    case goal(Goal)
    /// F is no number any more.
    case lossNotFinite(step: Int)
    /// F grew beyond what the configuration allows.
    case lossGrew(from: Double, to: Double, step: Int)
    /// A signal asked for it.
    case signal
    /// Something went wrong, in words.
    case failure(String)
    /// It ended for that reason, and is to go further now.
    indirect case goingFurther(than: StopReason)

    /// What ends a run that goes well, under the name that a configuration gives it.
    public enum Goal: String, Sendable, CaseIterable {
        case steps
        case loss
        case lossRatio = "loss_ratio"
        case gradientNorm = "gradient_norm"
        case accuracy
        case minutes

        /// Its key in a configuration.
        public var key: String { "training.stop.\(rawValue)" }
    }
}

extension StopReason {
    private static let further = "to go further than "

    /// As a person and `run.json` read it; empty for a run that goes on.
    public var words: String {
        let advice = "try a smaller training.learning_rate (or auto_factor below 2)"
        return switch self {
        case .running: ""
        case .goal(let goal): goal.key
        case .lossNotFinite(let step): "the loss is not finite at step \(step); \(advice)"
        case .lossGrew(let first, let last, let step):
            "the loss grew from \(first) to \(last) at step \(step); \(advice)"
        case .signal: "stopped by a signal"
        case .failure(let words): words
        case .goingFurther(let reason): Self.further + reason.words
        }
    }

    /// The reason that has these words. Sentences with numbers in them come back as `failure`, which has the same words:
    /// of those no one asks more.
    public init(words: String) {
        let plain: [StopReason] = [.running, .signal] + Goal.allCases.map { .goal($0) }
        if let known = plain.first(where: { $0.words == words }) {
            self = known
        } else if words.hasPrefix(Self.further) {
            self = .goingFurther(than: StopReason(words: String(words.dropFirst(Self.further.count))))
        } else {
            self = .failure(words)
        }
    }
}

/// A record holds the words alone, as those of all versions do.
extension StopReason: Codable {
    /// Reads a string.
    public init(from decoder: any Decoder) throws {
        self.init(words: try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes a string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(words)
    }
}
