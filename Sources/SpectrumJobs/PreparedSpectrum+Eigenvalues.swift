import Console
import Execution
import Files
import HDF5
import Landscape
import LinearAlgebra
import Networks
import Runs
import TangentKernels

/// The eigenvalues, by the way that fits.
extension PreparedSpectrum {
    /// What the eigenvalues of Θ are multiplied by to be those of G, where that is cheaper than a matrix of all weights: for
    /// the squared loss, whose second derivative is 1; in the lazy form α² and 1/α² cancel. Nil elsewhere, and where the memory
    /// that is allowed is too little for it.
    ///
    /// - Throws: `ModelError`.
    func gramFactor() throws -> Double? {
        let rows = samples * outputs
        guard request.kind == .gaussNewton, configuration.loss == .squared, rows <= KernelSpectrum.fullLimit,
            rows <= dimension, model.hasTangentKernel
        else { return nil }
        let plan = try KernelPlan(model, .full, samples: samples)
        // Θ, a copy for the solver and what the solver takes.
        let square = 8 * 4 * Double(rows) * Double(rows)
        let own = plan.bytes(model, samples: samples, .float64) + square + Double(processBytes)
        guard own <= Double(request.memory) else { return nil }
        return experiment.objective.reductionWeight(samples: samples)
    }

    /// J Jᵀ has the eigenvalues of Jᵀ J that are not 0.
    func gram(_ factor: Double) throws -> StoredSpectrum {
        let plan = try KernelPlan(model, .full, samples: samples)
        let point = ParameterVector<Double>(model.layout)
        let weights = configuration.training.form.isLinearized ? start ?? w : w
        convert(point.count, weights.base, point.base)
        let x = MatrixBuffer<Double>(samples, model.inputCount)
        convert(x.count, experiment.train.inputs.base, x.base)
        let theta = EmpiricalKernel<Double>(model, plan, samples: samples).kernel(point, x, .whole)
        let trace = (0..<theta.rows).reduce(0) { $0 + theta[$1, $1] }
        let error = plan.arithmeticError(trace: trace, .float64)
        guard let spectrum = KernelSpectrum(destroying: theta, arithmeticError: error), let values = spectrum.values
        else {
            throw LabError("\(request.run): the tangent kernel at step \(step) is not finite")
        }
        return stored(
            CurvatureSpectrum(
                gram: values, error: spectrum.largest.error, factor: factor, dimension: dimension, top: request.top,
                bottom: request.bottom), nil)
    }

    func dense() throws -> StoredSpectrum {
        let surface = try surface(Double.self)
        let a = CurvatureOperator(surface, request.kind)
        let (matrix, asymmetry) = Interruptible(a).dense()
        if Interruption.isRequested { throw Interrupted(done: "nothing") }
        let start = MatrixBuffer<Double>(1, dimension)
        fillNormal(start.base, "spectrum/start")
        let error =
            asymmetry
            + surface.arithmeticError(
                norm: a.norm(start: start.base),
                gaussNewtonNorm: CurvatureOperator(surface, .gaussNewton).norm(start: start.base))
        guard
            let spectrum = CurvatureSpectrum(
                request.kind, destroying: matrix, arithmeticError: error, top: request.top, bottom: request.bottom)
        else { throw nonFinite }
        let count = dimension
        let chosen = spectrum.largest.indices.map { count - 1 - $0 } + spectrum.smallest.indices
        let vectors = MatrixBuffer<Double>(chosen.count, count)
        for (row, index) in chosen.enumerated() {
            (vectors.base + row * count).update(from: matrix.base + index * count, count: count)
        }
        return stored(spectrum, vectors)
    }

    /// Both ends by Lanczos in precision `P`; every pair is then measured in float64.
    func lanczos(_ parts: JobParts, say: (String) -> Void) throws -> StoredSpectrum {
        let capacity = min(request.lanczosSteps, dimension)
        let a = CurvatureOperator(try surface(P.self), request.kind)
        let start = MatrixBuffer<P>(1, dimension)
        fillNormal(start.base, "spectrum/start")
        let lanczos =
            try parts.lanczos(a, capacity: capacity) ?? LanczosIteration(a, start: start.base, capacity: capacity)
        if lanczos.steps > 0 { say("continue  \(lanczos.steps) of \(capacity) steps of Lanczos are there") }
        try iterate(lanczos, capacity: capacity, parts, say: say)
        let norm = CurvatureOperator(a.surface, .gaussNewton).norm(start: start.base)
        let exact = CurvatureOperator(try surface(Double.self), request.kind)
        let ends = exact.ends(of: lanczos, top: request.top, bottom: request.bottom, gaussNewtonNorm: norm)
        guard let ends else { throw nonFinite }
        return stored(ends.spectrum, ends.vectors)
    }

    /// Steps until the ends stand still or there are no more; saved now and then, where that costs little of their time.
    private func iterate(
        _ lanczos: LanczosIteration<CurvatureOperator<P>>, capacity: Int, _ parts: JobParts,
        say: (String) -> Void
    ) throws {
        var unsaved = Stopwatch()
        var pause = 1.0
        while lanczos.outcome == nil, !isConverged(lanczos) {
            lanczos.advance()
            let isStopping = Interruption.isRequested && lanczos.outcome == nil
            guard isStopping || unsaved.seconds > pause else { continue }
            let saving = Stopwatch()
            try parts.keep(lanczos)
            if isStopping { throw Interrupted(done: "\(lanczos.steps) of \(capacity) steps of Lanczos") }
            pause = max(1, 20 * saving.seconds)
            unsaved = Stopwatch()
        }
        if lanczos.outcome == .nonFinite { throw nonFinite }
    }

    /// Whether all pairs that were asked for have residuals near the rounding of the precision; asked every tenth step.
    private func isConverged(_ lanczos: LanczosIteration<CurvatureOperator<P>>) -> Bool {
        guard lanczos.steps % 10 == 0, lanczos.steps >= max(10, 2 * (request.top + request.bottom)) else {
            return false
        }
        return lanczos.hasConverged(
            top: request.top, bottom: request.bottom, tolerance: Double(P.ulpOfOne).squareRoot() * 1e-2)
    }

    private func stored(_ spectrum: CurvatureSpectrum, _ vectors: MatrixBuffer<Double>?) -> StoredSpectrum {
        StoredSpectrum(
            step: step, samples: samples, precision: spectrum.values == nil ? P.precision : .float64,
            // η is of steps on the loss of all samples.
            learningRate: samples == experiment.train.count ? learningRate : 0, rescalings: model.rescaledUnits,
            spectrum: spectrum,
            vectors: vectors)
    }
}
