import Configurations
import Files

/// One run of a sweep.
package struct SweepCell: Sendable {
    /// Index of its value on each axis; empty beside the grid.
    package let place: [Int]
    /// Its place on the axes, `width=64 seed=0`.
    package let label: String
    /// What the cell's run is configured as, or what is wrong with that.
    package let configuration: Result<Configuration, any Error>
    /// The width that was chosen for it; nil where that is given.
    package let chosen: BudgetedWidth?
    /// Name of its folder: a hash of what decides the bits of its weights, step by step, and of the axes.
    package let id: String

    /// - Parameters:
    ///   - axes: keys that are axes of its sweep.
    ///   - widths: chooses its width; nil where that is given.
    ///   - isOfSearch: whether it is run for a critical width: it stops elsewhere than a cell of the grid.
    init(
        place: [Int], label: String, _ source: ConfigSource, _ overrides: [Override], axes: [SweepAxis],
        choosing widths: inout WidthBudget?, isOfSearch: Bool = false, defaultName: String
    ) {
        self.place = place
        self.label = label
        let given = source.setting(overrides, name: label)
        let width = Result { try widths?.width(given, name: defaultName) }
        configuration = Result {
            let chosen = try width.get().map { [Override(SweepAxis.width, "\($0.width)")] } ?? []
            return try Configuration(source: given.setting(chosen, name: label), defaultName: defaultName)
        }
        chosen = if case .success(let found) = width { found } else { nil }
        id =
            switch configuration {
            case .success(let found):
                String(memoryDigest(of: Self.identity(found, Set(axes.map(\.key)), isOfSearch)).prefix(16))
            case .failure: ""
            }
    }

    /// A cell by its name, as another process has made it.
    init(id: String, label: String, _ configuration: Configuration) {
        (place, self.label, self.id, chosen) = ([], label, id, nil)
        self.configuration = .success(configuration)
    }

    private static func identity(_ configuration: Configuration, _ axes: Set<String>, _ isOfSearch: Bool) -> String {
        let values = configuration.values.filter { axes.contains($0.key) || !mayChange($0.key) }
        let lines = values.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        return (lines + (isOfSearch ? ["sweep: critical_width"] : [])).joined(separator: "\n")
    }

    /// Whether a key decides how far a run goes, what it records and keeps, or where its data lies, and never the bits
    /// of its weights after a step.
    static func mayChange(_ key: String) -> Bool {
        isOfExtent(key) || key == "name" || key.hasPrefix("checkpoints.") || DataPath.keys.contains(key)
    }

    /// Whether a key decides how far a run goes or what it records.
    static func isOfExtent(_ key: String) -> Bool { key.hasPrefix("training.stop.") || key.hasPrefix("tracking.") }
}
