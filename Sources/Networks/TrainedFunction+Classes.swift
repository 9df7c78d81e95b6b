import LinearAlgebra

extension TrainedFunction {
    /// The class that the last forward pass gives a row: that of the largest output, or for one output whether it is
    /// positive; −1 where an output is not finite.
    package func predictedClass(row: Int) -> Int {
        let f = UnsafeBufferPointer(
            start: outputs + row * workspace.model.outputCount, count: workspace.model.outputCount)
        guard f.allSatisfy(\.isFinite) else { return -1 }
        guard f.count > 1 else { return f[0] > 0 ? 1 : 0 }
        return f.indices.reduce(0) { f[$1] > f[$0] ? $1 : $0 }
    }
}
