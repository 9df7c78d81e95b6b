/// Points of a paper's figure, drawn beside what was measured.
struct PublishedPoints: Sendable {
    let observable: String
    /// `Lee et al. 2019`, in the key.
    let source: String
    let points: [(size: Double, value: Double)]
}
