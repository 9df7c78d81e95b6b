import Console

/// The result for one quantity of one case of a reference file.
package struct Comparison: Encodable, Sendable {
    package enum Status: String, Encodable, Sendable {
        case ok
        case differs
        case notCompared = "not compared"
    }

    package let file: String
    /// Name of the case.
    package let `case`: String
    /// Path of the quantity below its case: `gd/losses`, `grads/fc1.W`.
    package let quantity: String
    package let shape: [Int]
    /// Largest absolute error divided by the largest absolute value of the reference; nil where it
    /// was not compared, and where it is not a number.
    package let error: Double?
    package let tolerance: Double?
    package let status: Status
    /// Why it was not compared.
    package let reason: String?
}

/// max |a − b| / max |b|; max |a| where b is zero throughout; NaN where either is not finite.
func relativeError(_ ours: [Double], _ reference: [Double]) -> Double {
    guard ours.count == reference.count, (ours + reference).allSatisfy(\.isFinite) else { return .nan }
    let scale = reference.reduce(0) { max($0, abs($1)) }
    let difference = zip(ours, reference).reduce(0) { max($0, abs($1.0 - $1.1)) }
    return scale > 0 ? difference / scale : difference
}
