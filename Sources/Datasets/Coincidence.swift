import Files
import LinearAlgebra

extension Samples {
    /// For each sample the index of the first with the very same input, its own where there is none before it: nothing
    /// that reads the inputs tells such samples apart. Cost: a digest of each input.
    package var firstOfEqualInputs: [Int] {
        var seen: [String: Int] = [:]
        let row = MatrixBuffer<S>(1, inputs.columns)
        return (0..<count).map { i in
            // Adding 0 makes -0 and 0 one number.
            for c in 0..<inputs.columns { row.base[c] = inputs[i, c] + 0 }
            let bytes = UnsafeRawBufferPointer(start: row.base, count: row.count * MemoryLayout<S>.stride)
            let digest = memoryDigest(bytes)
            if let first = seen[digest] { return first }
            seen[digest] = i
            return i
        }
    }
}
