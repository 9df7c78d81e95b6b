import LinearAlgebra
import Networks
import TangentKernels
import Training

/// The tangent kernels of a case, and the descent of its linearization.
extension CaseVerification {
    func kernel(_ outputs: KernelOutputs, _ w: ParameterVector<S>, _ part: KernelPart = .whole) throws -> MatrixBuffer<
        S
    > {
        let plan = try KernelPlan(model, outputs, samples: rows)
        return EmpiricalKernel<S>(model, plan, samples: rows).kernel(w, reference.inputs, part)
    }

    func fullKernel() throws {
        let kernel = try kernel(.full, reference.parameters)
        let outputs = model.outputCount
        // Reference files order them (sample, sample, output, output).
        var reordered: [Double] = []
        reordered.reserveCapacity(kernel.count)
        for i in 0..<rows {
            for j in 0..<rows {
                for a in 0..<outputs {
                    for b in 0..<outputs { reordered.append(Double(kernel[i * outputs + a, j * outputs + b])) }
                }
            }
        }
        try compare("ntk", reordered)
    }

    func traceKernel() throws {
        try compare("ntk_trace", kernel(.trace, reference.parameters).entries.map { Double($0) })
    }

    func traceKernelByTensor() throws {
        let plan = try KernelPlan(model, .trace, samples: rows)
        for entry in model.layout.trained {
            guard let layer = plan.layers.firstIndex(where: { $0.name == entry.tensor.layer }) else { continue }
            let part: KernelPart = entry.tensor.role == "weight" ? .weight(layer) : .bias(layer)
            let own = try kernel(.trace, reference.parameters, part)
            try compare("ntk_trace_by_param/\(ReferenceCase<S>.name(entry.tensor))", own.entries.map { Double($0) })
        }
    }

    func eigenvalues() throws {
        let kernel = try kernel(.full, reference.parameters)
        let wide = MatrixBuffer(kernel.rows, kernel.columns, kernel.entries.map { Double($0) })
        try compare("ntk_eigenvalues", SymmetricEigen(destroying: wide, vectors: false)?.values ?? [])
    }

    /// The descent of `gd`, of f₀ + J₀ (w − w₀) in place of the network.
    func linearizedDescent() throws {
        let w = startingParameters()
        let rate = try reference.attribute("lr", of: "gd")
        let function = TrainedFunction(workspace, FunctionForm(isLinearized: true), start: reference.parameters)
        let descent = Descent(function, w, reference.objective)
        let weight = reference.objective.weight(samples: rows)
        var losses: [Double] = []
        for _ in 0..<(try reference.steps(of: "gd")) {
            let total = descent.step(
                reference.inputs.base, reference.targets.base, rows: rows, learningRate: rate, scale: weight)
            losses.append(total * weight)
        }
        function.forward(w.base, reference.inputs.base, rows: rows)
        let outputs = model.outputCount
        losses.append(
            weight * reference.objective.total(function.outputs, reference.targets.base, rows: rows, outputs: outputs))
        if has("gd/linearized_losses") { try compare("gd/linearized_losses", losses) }
        if has("gd/linearized_f") { try compare("gd/linearized_f", doubles(function.outputs, rows * outputs)) }
    }
}
