/// Points of a paper's figure, drawn beside what was measured.
package struct PublishedPoints: Sendable {
    package let observable: String
    /// `Lee et al. 2019`, in the key.
    package let source: String
    package let points: [(size: Double, value: Double)]
}
