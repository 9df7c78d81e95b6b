import LinearAlgebra

/// A tensor as it is written: row-major, under its name in PyTorch.
package struct WeightArray<S: Scalar> {
    package let name: String
    package let shape: [Int]
    package let values: MatrixBuffer<S>

    package init(name: String, shape: [Int], values: MatrixBuffer<S>) {
        self.name = name
        self.shape = shape
        self.values = values
    }

    /// Its numbers, little-endian as this machine's are; valid while the array is held.
    package var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: values.base, count: values.count * MemoryLayout<S>.stride)
    }
}
