extension Model {
    /// What enters a tangent kernel, first to last, frozen layers too.
    package var kernelParts: [(stage: Int, part: any TangentKernelPart)] {
        stages.indices.compactMap { s in stages[s].layer?.tangentKernelPart.map { (s, $0) } }
    }

    /// Whether how each trained layer enters it is known.
    package var hasTangentKernel: Bool { stages.allSatisfy { !$0.isTrained || $0.layer?.tangentKernelPart != nil } }

    /// What enters it of the trained layers.
    /// - Throws: `ModelError` for one that has no part, which would be missing from the kernel.
    package func trainedKernelParts() throws -> [(stage: Int, part: any TangentKernelPart)] {
        try stages.indices.compactMap { s in
            guard let layer = stages[s].layer, let tensor = layer.tensors.first(where: \.isTrained) else { return nil }
            guard let part = layer.tangentKernelPart else {
                throw ModelError(
                    "layer \(tensor.layer) is trained, but how its \(tensor.role) enters the tangent kernel is not known: "
                        + "freeze it, or measure no kernel")
            }
            return (s, part)
        }
    }
}
