import HDF5
import LinearAlgebra
import Networks
import Training

/// Recomputes every quantity of one case from the case's own weights, and compares.
struct CaseVerification<S: Scalar & HDF5Element> {
    let reference: ReferenceCase<S>
    let report: (_ quantity: String, _ ours: [Double], _ reference: [Double], _ shape: [Int]) -> Void
    let workspace: Workspace<S>
    var rows: Int { reference.inputs.rows }
    var model: Model { reference.model }

    init(
        _ reference: ReferenceCase<S>,
        report: @escaping (_ quantity: String, _ ours: [Double], _ reference: [Double], _ shape: [Int]) -> Void
    ) {
        self.reference = reference
        self.report = report
        workspace = Workspace(reference.model, rows: reference.inputs.rows)
    }

    /// The quantities that this lab recomputes, by the group or dataset that holds them.
    static var handled: [String: (CaseVerification) throws -> Void] {
        [
            "f": { try $0.outputs() }, "loss": { try $0.loss() }, "grads": { try $0.gradients() },
            "jvp": { try $0.pushforward() }, "vjp": { try $0.pullback() }, "hvp": { try $0.hessianProduct() },
            "gd": { try $0.descent() }, "sgd": { try $0.stochasticDescent() },
            "ntk": { try $0.fullKernel() }, "ntk_trace": { try $0.traceKernel() },
            "ntk_trace_by_param": { try $0.traceKernelByTensor() }, "ntk_eigenvalues": { try $0.eigenvalues() },
        ]
    }

    private func forward(_ w: ParameterVector<S>) -> [Double] {
        workspace.forward(w.base, reference.inputs.base, rows: rows)
        return doubles(workspace.outputs, rows * model.outputCount)
    }

    private func loss(_ w: ParameterVector<S>) -> Double {
        _ = forward(w)
        let total = reference.objective.total(
            workspace.outputs, reference.targets.base, rows: rows, outputs: model.outputCount)
        return total * reference.objective.weight(samples: rows)
    }

    func compare(_ quantity: String, _ ours: [Double]) throws {
        let expected = try reference.numbers(quantity)
        report(quantity, ours, expected.values, expected.shape)
    }

    private func compare(_ group: String, _ ours: ParameterVector<S>) throws {
        let expected = try reference.vector(group)
        for entry in model.layout.trained {
            report(
                "\(group)/\(ReferenceCase<S>.name(entry.tensor))",
                doubles(ours.base + entry.offset, entry.tensor.count),
                doubles(expected.base + entry.offset, entry.tensor.count), ReferenceCase<S>.shape(entry.tensor))
        }
    }

    private func outputs() throws { try compare("f", forward(reference.parameters)) }
    private func loss() throws { try compare("loss", [loss(reference.parameters)]) }

    private func gradients() throws {
        let gradient = ParameterVector<S>(model.layout)
        _ = TrainedFunction(workspace).loss(
            reference.objective, reference.parameters, reference.inputs, reference.targets, gradient: gradient)
        try compare("grads", gradient)
    }

    private func pushforward() throws {
        let tangent = try reference.vector("jvp/t")
        _ = forward(reference.parameters)
        let image = workspace.pushforward(reference.parameters.base, tangent: tangent.base)
        try compare("jvp/Jt", doubles(image, rows * model.outputCount))
    }

    private func pullback() throws {
        let u = try reference.numbers("vjp/u")
        let gradient = ParameterVector<S>(model.layout)
        guard u.shape == [rows, model.outputCount] else {
            throw HDF5Error(
                file: reference.file.path, object: reference.path + "/vjp/u",
                "expected shape \([rows, model.outputCount]), found \(u.shape)")
        }
        _ = forward(reference.parameters)
        for (i, value) in u.values.enumerated() { workspace.outputCotangent[i] = S(value) }
        workspace.pullback(reference.parameters.base, into: GradientSink(target: gradient.base, alpha: 1, beta: 0))
        try compare("vjp/JTu", gradient)
    }

    private func hessianProduct() throws {
        let v = try reference.vector("hvp/v")
        let product = ParameterVector<S>(model.layout)
        workspace.hessianVectorProduct(
            of: reference.objective, reference.parameters, v, reference.inputs.base, reference.targets.base,
            rows: rows, into: product)
        try compare("hvp/Hv", product)
    }

    func startingParameters() -> ParameterVector<S> {
        let w = ParameterVector<S>(model.layout)
        w.assign(reference.parameters)
        return w
    }

    private func descent() throws {
        let w = startingParameters()
        let rate = try reference.attribute("lr", of: "gd")
        let descent = Descent(TrainedFunction(workspace), w, reference.objective)
        var losses = [loss(w)]
        var drifts = [0.0]
        for _ in 0..<(try reference.steps(of: "gd")) {
            _ = descent.step(
                reference.inputs.base, reference.targets.base, rows: rows, learningRate: rate,
                scale: reference.objective.weight(samples: rows))
            losses.append(loss(w))
            drifts.append(S.squaredDistance(w.count, w.base, reference.parameters.base).squareRoot())
        }
        try compare("gd/losses", losses)
        try compare("gd/drift", drifts)
        try compare("gd/params", w)
        try compare("gd/f", forward(w))
        try compareDrifts(w)
        if has("gd/ntk_trace") { try compare("gd/ntk_trace", kernel(.trace, w).entries.map { Double($0) }) }
        if has("gd/linearized_losses") || has("gd/linearized_f") { try linearizedDescent() }
    }

    func has(_ quantity: String) -> Bool { reference.file.contains("\(reference.path)/\(quantity)") }

    /// The drift of each tensor, which the file holds as attributes of `gd/params/<tensor>`.
    private func compareDrifts(_ w: ParameterVector<S>) throws {
        let change = ParameterVector<S>(model.layout)
        S.subtract(w.count, w.base, reference.parameters.base, change.base)
        for entry in model.layout.trained {
            let start = change.base + entry.offset
            let (rows, columns) = entry.tensor.matrixShape
            let quantity = "gd/params/\(ReferenceCase<S>.name(entry.tensor))"
            let object = "\(reference.path)/\(quantity)"
            if let expected = try reference.file.number("drift_frobenius", of: object) {
                let ours = S.dot(entry.tensor.count, start, start).squareRoot()
                report(quantity + ".drift_frobenius", [ours], [expected], [])
            }
            if let expected = try reference.file.number("drift_spectral", of: object) {
                let ours = spectralNorm(start, rows: rows, columns: columns)
                report(quantity + ".drift_spectral", [ours], [expected], [])
            }
        }
    }

    private func stochasticDescent() throws {
        let w = startingParameters()
        let rate = try reference.attribute("lr", of: "sgd")
        let descent = Descent(TrainedFunction(workspace), w, reference.objective)
        let order = try batches()
        let batch = order.first?.count ?? 0
        let weight = reference.objective.weight(samples: batch)
        let x = MatrixBuffer<S>(batch, model.inputCount)
        let y = MatrixBuffer<S>(batch, model.outputCount)
        var losses = [loss(w)]
        var batchLosses: [Double] = []
        for rows in order {
            S.gatherRows(x.columns, reference.inputs.base, rows, x.base)
            S.gatherRows(y.columns, reference.targets.base, rows, y.base)
            let total = descent.step(x.base, y.base, rows: batch, learningRate: rate, scale: weight)
            batchLosses.append(total * weight)
            losses.append(loss(w))
        }
        try compare("sgd/batch_losses", batchLosses)
        try compare("sgd/losses", losses)
        try compare("sgd/params", w)
    }

    /// The rows of every mini-batch; each has to be a row of x.
    private func batches() throws -> [[Int]] {
        let path = reference.path + "/sgd/order"
        let order = try reference.file.read(path, as: Int64.self, limit: 1 << 24)
        guard order.shape.count == 2, order.shape[1] <= rows,
            order.values.allSatisfy({ (0..<Int64(rows)).contains($0) })
        else {
            throw HDF5Error(
                file: reference.file.path, object: path,
                "expected shape [steps, batch] with batch ≤ \(rows) and rows from 0 to \(rows - 1)")
        }
        let values = order.values.map(Int.init)
        let batch = order.shape[1]
        return (0..<order.shape[0]).map { Array(values[($0 * batch)..<(($0 + 1) * batch)]) }
    }

    func doubles(_ pointer: UnsafePointer<S>, _ count: Int) -> [Double] {
        UnsafeBufferPointer(start: pointer, count: count).map { Double($0) }
    }
}
