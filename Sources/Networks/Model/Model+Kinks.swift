import LinearAlgebra

/// How near a network is to its kinks.
extension Model {
    /// Numbers that are 0 exactly where the network has a kink in its trained weights: for `rows` samples x
    /// [rows, inputs], the pre-activations of ReLUs that depend on trained weights, and by how much the largest of each
    /// window of a max pooling leads. Nil for a smooth network.
    ///
    /// Cost: a forward pass over blocks of 64 samples, each value of which is in memory of its own.
    package func kinkMargins<S: Scalar>(_ w: UnsafePointer<S>, _ x: MatrixBuffer<S>) -> [Double]? {
        var margins: [Double]?
        for first in stride(from: 0, to: x.rows, by: 64) {
            let block = MatrixBuffer<S>(min(64, x.rows - first), x.columns)
            block.base.update(from: x.base + first * x.columns, count: block.count)
            guard let own = blockMargins(w, block) else { return nil }
            margins = (margins ?? []) + own
        }
        return margins
    }

    private func blockMargins<S: Scalar>(_ w: UnsafePointer<S>, _ x: MatrixBuffer<S>) -> [Double]? {
        var (values, margins) = ([x], [Double]?.none)
        for (s, stage) in stages.enumerated() {
            let (source, extent) = (values[stage.source], extent(s, rows: x.rows))
            let value = MatrixBuffer<S>(x.rows, size(s + 1))
            switch stage.operation {
            case .layer(let layer):
                if dependsOnTrained[stage.source], let own = layer.kinkMargins(source.base, extent) {
                    margins = (margins ?? []) + own
                }
                layer.forward(w + offsets[s], source.base, value.base, extent)
            case .sum(let skip, let scale):
                S.axpby(value.count, 1, values[skip].base, 0, value.base)
                S.axpy(value.count, S(scale), source.base, value.base)
            }
            values.append(value)
        }
        return margins
    }
}
