import HDF5
import LinearAlgebra

extension Precision {
    /// The type of its numbers, in memory and in files: a generic function that is called with it runs in this precision.
    ///
    /// What is called so is not specialized, unless it says so. Open once, outside of loops over entries.
    package var storedScalar: any (Scalar & HDF5Element).Type {
        switch self {
        case .float32: Float.self
        case .float64: Double.self
        }
    }
}
