/// The result for one quantity of one case of a reference file.
public struct Comparison: Encodable, Sendable {
    public enum Status: String, Encodable, Sendable {
        case ok
        case differs
        case notCompared = "not compared"
    }

    public let file: String
    /// Name of the case.
    public let `case`: String
    /// Path of the quantity below its case: `gd/losses`, `grads/fc1.W`.
    public let quantity: String
    public let shape: [Int]
    /// Largest absolute error divided by the largest absolute value of the reference; nil where it
    /// was not compared, and where it is not a number.
    public let error: Double?
    public let tolerance: Double?
    public let status: Status
    /// Why it was not compared.
    public let reason: String?
}

/// max |a − b| / max |b|; max |a| where b is zero throughout; NaN where either is not finite.
func relativeError(_ ours: [Double], _ reference: [Double]) -> Double {
    guard ours.count == reference.count, (ours + reference).allSatisfy(\.isFinite) else { return .nan }
    let scale = reference.reduce(0) { max($0, abs($1)) }
    let difference = zip(ours, reference).reduce(0) { max($0, abs($1.0 - $1.1)) }
    return scale > 0 ? difference / scale : difference
}
