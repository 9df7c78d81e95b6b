/// What `ntklab connect` is asked for.
package struct ConnectionRequest: Sendable {
    /// How the units of the second network are ordered before the line is drawn.
    package enum Alignment: String, CaseIterable, Sendable { case permutation, none }
    /// What leads from one minimum to the other.
    package enum Path: String, CaseIterable, Sendable { case line, bezier }

    /// The folders of the two runs.
    package let runs: [String]
    package let alignment: Alignment
    package let path: Path
    /// Points of the line, at least 3.
    package let points: Int
    /// The newest checkpoint of each run where nil.
    package let step: Int?

    package init(
        _ first: String, _ second: String, alignment: Alignment = .permutation, path: Path = .line, points: Int = 25,
        step: Int? = nil
    ) {
        runs = [first, second]
        (self.alignment, self.path, self.points, self.step) = (alignment, path, points, step)
    }
}
