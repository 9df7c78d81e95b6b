import LinearAlgebra

/// How near a network is to its kinks, and to units that are constants to rounding.
extension Model {
    /// Numbers that are 0 exactly where the network has a kink in its trained weights: for `rows` samples x
    /// [rows, inputs], the pre-activations of ReLUs that depend on trained weights, and by how much the largest of each
    /// window of a max pooling leads. Nil for a smooth network.
    ///
    /// Cost: a forward pass over blocks of 64 samples, each value of which is in memory of its own.
    package func kinkMargins<S: Scalar>(_ w: UnsafePointer<S>, _ x: MatrixBuffer<S>) -> [Double]? {
        var margins: [Double]?
        forEachLayer(w, x) { stage, layer, source, extent in
            guard dependsOnTrained[stages[stage].source], let own = layer.kinkMargins(source, extent) else { return }
            if margins == nil { margins = [] }
            margins?.append(contentsOf: own)
        }
        return margins
    }

    /// The least, over hidden units of smooth activations that depend on trained weights, of the largest |φ'| that a unit has on a
    /// sample: where it is as good as 0 the unit is a constant to rounding, and is none. Infinite where there are no such units. Cost: as
    /// for `kinkMargins`.
    package func leastSlope<S: Scalar>(_ w: UnsafePointer<S>, _ x: MatrixBuffer<S>) -> Double {
        var largest: [Int: [Double]] = [:]
        forEachLayer(w, x) { stage, layer, source, extent in
            guard dependsOnTrained[stages[stage].source], let slopes = layer.smoothSlopes(source, extent) else {
                return
            }
            let units = extent.inputs
            var own = largest[stage] ?? [Double](repeating: 0, count: units)
            for (k, slope) in slopes.enumerated() { own[k % units] = max(own[k % units], abs(slope)) }
            largest[stage] = own
        }
        return largest.values.joined().min() ?? .infinity
    }

    /// What goes into a layer for samples x [rows, inputs]: [rows, numbers]. Cost: as for `kinkMargins`.
    package func inputs<S: Scalar>(
        of stage: Int, _ w: UnsafePointer<S>, _ x: MatrixBuffer<S>
    ) -> MatrixBuffer<S> {
        let result = MatrixBuffer<S>(x.rows, size(stages[stage].source))
        var row = 0
        forEachLayer(w, x) { s, _, source, extent in
            guard s == stage else { return }
            (result.base + row * result.columns).update(from: source, count: extent.rows * result.columns)
            row += extent.rows
        }
        return result
    }

    /// Each layer with its input, for one block of samples after the other.
    private func forEachLayer<S: Scalar>(
        _ w: UnsafePointer<S>, _ x: MatrixBuffer<S>, _ body: (Int, any Layer, UnsafePointer<S>, Extent) -> Void
    ) {
        for first in stride(from: 0, to: x.rows, by: 64) {
            let block = MatrixBuffer<S>(min(64, x.rows - first), x.columns)
            block.base.update(from: x.base + first * x.columns, count: block.count)
            var values = [block]
            for (s, stage) in stages.enumerated() {
                let (source, extent) = (values[stage.source], extent(s, rows: block.rows))
                let value = MatrixBuffer<S>(block.rows, size(s + 1))
                switch stage.operation {
                case .layer(let layer):
                    body(s, layer, source.base, extent)
                    layer.forward(w + offsets[s], source.base, value.base, extent)
                case .sum(let skip, let scale):
                    S.axpby(value.count, 1, values[skip].base, 0, value.base)
                    S.axpy(value.count, S(scale), source.base, value.base)
                }
                values.append(value)
            }
        }
    }
}
