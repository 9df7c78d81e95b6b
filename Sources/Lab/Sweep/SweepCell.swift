import HDF5

/// One run of a sweep.
public struct SweepCell: Sendable {
    /// Index of its value on each axis; empty beside the grid.
    let place: [Int]
    /// Its place on the axes, `width=64 seed=0`.
    public let label: String
    /// What the cell's run is configured as, or what is wrong with that.
    let configuration: Result<Configuration, any Error>
    /// Name of its folder: a hash of the resolved configuration without where its data lies, unless an axis says that.
    public let id: String

    init(place: [Int], label: String, _ source: ConfigSource, _ overrides: [Override], defaultName: String) {
        self.place = place
        self.label = label
        configuration = Result {
            try Configuration(source: source.setting(overrides, name: label), defaultName: defaultName)
        }
        id =
            switch configuration {
            case .success(let found): String(memoryDigest(of: Self.identity(found, overrides)).prefix(16))
            case .failure: ""
            }
    }

    private static func identity(_ configuration: Configuration, _ overrides: [Override]) -> String {
        let isOnAxis = Set(overrides.map(\.key))
        let values = configuration.values.filter { !DataPath.keys.contains($0.key) || isOnAxis.contains($0.key) }
        return values.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "\n")
    }
}
