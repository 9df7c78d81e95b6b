import HDF5
import Landscape
import LinearAlgebra
import Networks
import TangentKernels
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
            "hessian_eigenvalues": { try $0.hessianEigenvalues() },
        ]
    }

    func forward(_ w: ParameterVector<S>) -> [Double] {
        workspace.forward(w.base, reference.inputs.base, rows: rows)
        return doubles(workspace.outputs, rows * model.outputCount)
    }

    func loss(_ w: ParameterVector<S>) -> Double {
        _ = forward(w)
        let total = reference.objective.total(
            workspace.outputs, reference.targets.base, rows: rows, outputs: model.outputCount)
        return total * reference.objective.weight(samples: rows)
    }

    func compare(_ quantity: String, _ ours: [Double]) throws {
        let expected = try reference.numbers(quantity)
        report(quantity, ours, expected.values, expected.shape)
    }

    func compare(_ group: String, _ ours: ParameterVector<S>) throws {
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
        TrainedFunction(workspace).curvatureProduct(
            .hessian, of: reference.objective, reference.parameters, v.base, reference.inputs.base,
            reference.targets.base, rows: rows, scale: reference.objective.weight(samples: rows),
            into: GradientSink(target: product.base, alpha: 1, beta: 0))
        try compare("hvp/Hv", product)
    }

    /// All of them, of the Hessian in the trained weights, from the dense matrix.
    private func hessianEigenvalues() throws {
        let side = model.layout.trainedCount
        guard side <= KernelSpectrum.fullLimit, Memory.holds(Double(side * side), bytesEach: 8) else {
            throw HDF5Error(
                file: reference.file.path, object: reference.path + "/hessian_eigenvalues",
                "expected at most \(KernelSpectrum.fullLimit) trained weights, whose matrix fits into memory, found \(side)"
            )
        }
        let surface = LossSurface(TrainedFunction(workspace), reference.objective, reference.inputs, reference.targets)
        surface.move(to: reference.parameters)
        let matrix = CurvatureOperator(surface, .hessian).dense().matrix
        try compare("hessian_eigenvalues", SymmetricEigen(destroying: matrix, vectors: false)?.values ?? [])
    }

    func has(_ quantity: String) -> Bool { reference.file.contains("\(reference.path)/\(quantity)") }

    func doubles(_ pointer: UnsafePointer<S>, _ count: Int) -> [Double] {
        UnsafeBufferPointer(start: pointer, count: count).map { Double($0) }
    }
}
