import Execution
import LinearAlgebra

/// An operator that costs nothing once a signal came, so that what asks it for many products ends soon; what it gives then is
/// nothing to go by, and whoever asked has to look at `Interruption`.
struct Interruptible<A: LinearOperator>: LinearOperator {
    let a: A

    init(_ a: A) { self.a = a }

    var dimension: Int { a.dimension }

    func apply(_ x: UnsafePointer<A.S>, _ out: UnsafeMutablePointer<A.S>) {
        guard !Interruption.isRequested else { return out.update(repeating: 0, count: a.dimension) }
        a.apply(x, out)
    }
}
