import LinearAlgebra

/// A layer's part of the kernel, unit by unit.
extension EmpiricalKernel {
    /// out ← the part of one unit of a trained layer, that of its row of the weight and its bias: [nK, nK], `leading` numbers between
    /// rows. The parts of all units add up to that of the layer.
    ///
    /// Cost: 2 (nK)² flops for each weight of the unit.
    /// - Parameters:
    ///   - unit: its output channel, from 0.
    ///   - layer: the layer's place in the plan.
    /// - Precondition: a full kernel, and the layer's algorithm is `gradients`.
    package func kernel(
        unit: Int, of layer: Int, _ block: KernelBlock<S>, into out: UnsafeMutablePointer<S>, leading: Int
    ) {
        let own = block.layers[layer]
        precondition(plan.outputs == .full && own.x == nil, "units of a layer are told apart by its gradients")
        let rows = block.samples * model.outputCount
        var kept: S = 0
        func add(_ gradients: MatrixBuffer<S>, _ count: Int) {
            let first = gradients.base + unit * count
            S.gemm(
                .no, .yes, m: rows, n: rows, k: count, alpha: 1, first, gradients.columns, first, gradients.columns,
                beta: kept, out, leading)
            kept = 1
        }
        if own.plan.trainsWeight { add(own.d, own.plan.patch) }
        if let bias = own.bias { add(bias, 1) }
    }
}
