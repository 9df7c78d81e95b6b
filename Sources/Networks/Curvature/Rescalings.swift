extension Model {
    /// Hidden units whose incoming weights can be multiplied by any c > 0 and their outgoing ones by 1/c without a change of
    /// the function: as many directions in which G vanishes, and H where the gradient does.
    ///
    /// They lie between two trained layers with a weight, with nothing between those but maps that commute with such
    /// factors (ReLUs, linear activations, poolings, flattening). Other symmetries, such as the rotations of linear
    /// networks, are not counted, nor those of sparse layers, whose directions can depend on one another.
    package var rescaledUnits: Int {
        let parts = Dictionary(uniqueKeysWithValues: kernelParts.map { ($0.stage, $0.part) })
        return parts.reduce(0) { total, next in
            guard isRescalable(next.value), let reader = readerOfUnits(of: next.key).flatMap({ parts[$0] }),
                reader.trainsWeight, !reader.isSparse
            else { return total }
            return total + next.value.channels
        }
    }

    /// A bias is multiplied along with the weight, so it has to be trained too.
    private func isRescalable(_ part: any TangentKernelPart) -> Bool {
        part.trainsWeight && !part.isSparse && (part.bias?.isTrained ?? true)
    }

    /// The stage that reads the units of a stage, if it is one alone.
    private func readerOfUnits(of stage: Int) -> Int? {
        var value = stage + 1
        while true {
            let readers = stages.indices.filter { stages[$0].source == value || stages[$0].skip == value }
            guard readers.count == 1, let layer = stages[readers[0]].layer else { return nil }
            if layer.tangentKernelPart != nil { return readers[0] }
            guard layer.tensors.isEmpty, layer.rectifierSlope != nil || layer.isAffine || layer is any LocallyLinear
            else { return nil }
            value = readers[0] + 1
        }
    }
}
