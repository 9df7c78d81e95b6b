/// A symmetric linear map known by its product alone: a kernel J Jᵀ, a Hessian, ΔWᵀ ΔW.
public protocol LinearOperator<S> {
    /// The precision of its vectors.
    associatedtype S: Scalar
    /// Length of the vectors it maps.
    var dimension: Int { get }
    /// out ← A x. Both have `dimension` entries and do not overlap.
    func apply(_ x: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>)
}
