import HDF5
import LinearAlgebra
import Networks
import Training

/// Weights and losses along descent, and what is compared at its end.
extension CaseVerification {
    func startingParameters() -> ParameterVector<S> {
        let w = ParameterVector<S>(model.layout)
        w.assign(reference.parameters)
        return w
    }

    func descent() throws {
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

    func stochasticDescent() throws {
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
}
