import HDF5
import Landscape
import LinearAlgebra
import Networks
import Training

/// The spectrum of H, G or R of a run at a step, as its file keeps it.
package struct StoredSpectrum {
    package let step: Int
    package let samples: Int
    /// In which Lanczos ran; float64 where all eigenvalues were computed.
    package let precision: Precision
    /// η of the run's steps −ηg, 0 or no number where it takes others, or the loss is of some of its samples.
    package let learningRate: Double
    /// Hidden units that can be rescaled, each a zero mode.
    package let rescalings: Int
    package let spectrum: CurvatureSpectrum
    /// Unit eigenvectors [largest and then smallest, trained weights]; nil where none were computed.
    package let vectors: MatrixBuffer<Double>?
    package var density: SpectralDensity?
    /// Of both parts of H beside its own.
    package var densitiesOfParts: [(kind: Curvature, density: SpectralDensity)] = []
    /// tr A with its standard error, nil for a single random vector; the error is 0 where all eigenvalues are known.
    package var trace: (value: Double, error: Double?)?

    package init(
        step: Int, samples: Int, precision: Precision, learningRate: Double, rescalings: Int,
        spectrum: CurvatureSpectrum, vectors: MatrixBuffer<Double>?
    ) {
        self.step = step
        self.samples = samples
        self.precision = precision
        self.learningRate = learningRate
        self.rescalings = rescalings
        self.spectrum = spectrum
        self.vectors = vectors
    }

    package static var format: String { "ntklab-spectrum" }
    /// Vectors that take more are left out of the file.
    package static var vectorLimit: Int { 256 << 20 }
    package var keepsVectors: Bool { vectors.map { $0.count * 8 <= Self.vectorLimit } ?? false }

    /// How the eigenvalues were found.
    package var method: String {
        switch spectrum.method {
        case .dense: "full eigendecomposition of the matrix"
        case .gram(let rows): "full eigendecomposition of the Gram matrix, \(rows) rows"
        case .lanczos(let steps, let outcome):
            "Lanczos with full reorthogonalization, \(steps) steps, \(Self.words(outcome))"
        }
    }

    private static func words(_ outcome: LanczosOutcome) -> String {
        switch outcome {
        case .converged: "in which what was asked for came to rest"
        case .stepLimit: "as many as were allowed: what was asked for may not have come to rest"
        case .exhausted: "after which nothing of its start vector is left"
        case .nonFinite: "until a number was not finite"
        }
    }

    /// - Parameter request: what was asked for, of a job.
    package func write(to path: String, _ header: FileHeader, of request: JobIdentity? = nil) throws {
        try HDF5Writer.write(to: path) { file in
            try header.write(to: file, format: Self.format)
            try request?.write(to: file)
            try file.attribute("matrix", spectrum.kind.rawValue)
            try file.attribute("definition", Self.definition(spectrum.kind))
            try file.attribute("step", step)
            try file.attribute("samples", samples)
            try file.attribute("trained_weights", spectrum.dimension)
            try file.attribute("spectrum", method)
            try file.attribute("spectrum_precision", precision.rawValue)
            try file.attribute("arithmetic_error", spectrum.arithmeticError)
            try file.attribute("negative", spectrum.inertia.negative)
            try file.attribute("positive", spectrum.inertia.positive)
            if let rest = spectrum.inertia.nearZero { try file.attribute("near_zero", rest) }
            try file.attribute("counts", spectrum.inertia.isComplete ? "all" : "seen")
            try file.attribute("rescalings", rescalings)
            if let trace {
                try file.attribute("trace", trace.value)
                if let error = trace.error { try file.attribute("trace_error", error) }
            }
            try write(spectrum.largest, "largest", to: file)
            try write(spectrum.smallest, "smallest", to: file)
            if let values = spectrum.values {
                try file.dataset(
                    "/eigenvalues", values, attributes: ["units": "1", "long_name": "all eigenvalues, ascending"])
            }
            if let density { try write(density, "density", to: file) }
            for part in densitiesOfParts { try write(part.density, Self.density(of: part.kind), to: file) }
            guard keepsVectors, let vectors else { return }
            try file.dataset(
                "/vectors", UnsafePointer(vectors.base), shape: [vectors.rows, vectors.columns],
                attributes: [
                    "units": "1",
                    "long_name": "unit eigenvectors in the trained weights, one a row: of largest, then of smallest",
                ])
        }
    }

    private static func definition(_ kind: Curvature) -> String {
        switch kind {
        case .hessian: "H = second derivatives of F in the trained weights; of networks with kinks away from them"
        case .gaussNewton:
            "G = transpose(J) L'' J, J of the outputs in the trained weights, L'' of the loss in the outputs"
        case .residual: "R = H - G = sum over samples i and outputs a of dF/df_ia times the second derivatives of f_ia"
        }
    }

    private func write(_ pairs: [MeasuredEigenvalue], _ name: String, to file: HDF5Writer) throws {
        for (suffix, values, meaning) in [
            ("", pairs.map(\.value), "eigenvalues at this end, the outermost first"),
            (
                "_residual", pairs.map(\.residual),
                "2-norm of A v - lambda v, v the unit eigenvector; in hessians, as Lanczos has it"
            ),
            (
                "_error", pairs.map(\.error),
                "residual, and an estimate of the arithmetic's error: an eigenvalue is no further away"
            ),
        ] {
            try file.dataset("/\(name)\(suffix)", values, attributes: ["units": "1", "long_name": meaning])
        }
    }

    /// In a file of H: the group of the density of one of its parts, and how names of its attributes begin.
    package static func density(of kind: Curvature) -> String {
        switch kind {
        case .hessian: "density"
        case .gaussNewton: "density_gauss_newton"
        case .residual: "density_residual"
        }
    }

    private func write(_ density: SpectralDensity, _ name: String, to file: HDF5Writer) throws {
        let grid = density.grid(count: 1024)
        let spike = density.spike
        try file.dataset(
            "/\(name)/value", density.values(at: grid),
            attributes: ["units": "1", "long_name": "density of eigenvalues without the spike at 0"])
        try file.dataset("/\(name)/point", grid, attributes: ["units": "1", "long_name": "eigenvalue"])
        try file.scale("/\(name)/point", named: "point", axes: [("/\(name)/value", 0)])
        for (part, value) in [
            ("width", density.width), ("zero", density.zero), ("spike_at_least", spike.atLeast),
            ("spike_at_most", spike.atMost),
        ] { try file.attribute("\(name)_\(part)", value) }
        if let error = spike.error { try file.attribute("\(name)_spike_error", error) }
        try file.attribute("\(name)_vectors", density.rules.count)
        for (index, rule) in density.rules.enumerated() {
            try file.dataset("/\(name)/rules/\(index)/node", rule.nodes)
            try file.dataset("/\(name)/rules/\(index)/weight", rule.weights)
            try file.dataset("/\(name)/rules/\(index)/residual", rule.residuals)
        }
    }
}

extension StoredSpectrum {
    /// What a run measured of its Hessian, without eigenvectors.
    package init<S: Scalar>(_ snapshot: HessianProbe<S>.Snapshot) {
        self.init(
            step: snapshot.step, samples: snapshot.samples, precision: snapshot.precision,
            learningRate: snapshot.learningRate, rescalings: snapshot.rescalings, spectrum: snapshot.spectrum,
            vectors: nil)
        trace = snapshot.trace
        density = snapshot.densities.first { $0.kind == .hessian }?.density
        densitiesOfParts = snapshot.densities.filter { $0.kind != .hessian }
    }
}
