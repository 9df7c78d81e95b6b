import Configurations

extension Configuration {
    /// Whether a line that says what would record something names only keys that have those values already:
    /// "…: tracking.kernel: {samples: 12, outputs: full}".
    package func has(_ remedy: String) -> Bool {
        let pattern = /((?:tracking|training|loss|model|data)\.[._a-z]+|precision): ({[^}]*}|[^ ,]+)/
        guard let match = remedy.firstMatch(of: pattern) else { return false }
        let (key, value) = (String(match.1), String(match.2))
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
