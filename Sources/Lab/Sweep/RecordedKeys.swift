/// What a run records, by groups of the keys of `tracking` that mean something together only.
extension Configuration {
    /// Whether it records all that another asks for.
    func records(allOf wanted: Configuration) -> Bool {
        groups(and: wanted).allSatisfy { records($0, of: wanted) }
    }

    /// The same run as this one, recording what another recorded too: nothing that is known of it is lost.
    /// - Throws: `ConfigError`, which would be an error of ours.
    func recording(also other: Configuration) throws -> Configuration {
        let kept = groups(and: other).filter { other.records($0, of: self) }
        let overrides = other.values.filter { key, value in
            key == Self.preset || Self.group(of: key).map { kept.contains($0) } ?? false
        }
        return try Configuration(
            text: resolvedText, source: name, defaultName: name,
            overrides: overrides.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
    }

    /// It decides defaults only, which are all written out.
    private static var preset: String { "tracking.preset" }
    private static var rows: String { "tracking.every" }

    /// `tracking.kernel` of `tracking.kernel.samples`; nil for a key that records nothing.
    private static func group(of key: String) -> String? {
        guard key.hasPrefix("tracking."), key != preset else { return nil }
        return key == "tracking.per_decade" ? rows : key.split(separator: ".").prefix(2).joined(separator: ".")
    }

    private func groups(and other: Configuration) -> Set<String> {
        Set((Array(values.keys) + Array(other.values.keys)).compactMap(Self.group))
    }

    /// The keys of a group but those that say when it is measured.
    private func kinds(_ group: String) -> [String: String] {
        values.filter { key, _ in
            Self.group(of: key) == group && !key.hasSuffix(".every") && !key.hasSuffix(".per_decade")
        }
    }

    private func records(_ group: String, of wanted: Configuration) -> Bool {
        if group == Self.rows { return tracking.steps.includes(wanted.tracking.steps) }
        let switches = [group, group + ".samples", group + ".directions"]
        if switches.contains(where: { ["0", "false"].contains(wanted.values[$0] ?? "") }) { return true }
        guard kinds(group) == wanted.kinds(group) else { return false }
        return switch group {
        case "tracking.kernel": tracking.probes.kernel.steps.includes(wanted.tracking.probes.kernel.steps)
        case "tracking.landscape": tracking.landscape.steps.includes(wanted.tracking.landscape.steps)
        default: true
        }
    }
}
