import LinearAlgebra

/// A tensor as it is written: row-major, under its name in PyTorch.
struct WeightArray<S: Scalar> {
    let name: String
    let shape: [Int]
    let values: Matrix<S>

    /// Its numbers, little-endian as this machine's are; valid while the array is held.
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: values.base, count: values.count * MemoryLayout<S>.stride)
    }
}
