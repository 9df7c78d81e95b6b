/// out ← x in another precision.
@specialized(where S == Float, P == Float)
@specialized(where S == Float, P == Double)
@specialized(where S == Double, P == Float)
@specialized(where S == Double, P == Double)
public func convert<S: Scalar, P: Scalar>(_ count: Int, _ x: UnsafePointer<S>, _ out: UnsafeMutablePointer<P>) {
    for k in 0..<count { out[k] = P(x[k]) }
}
