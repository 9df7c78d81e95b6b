import Execution
import Files
import HDF5
import Landscape
import LinearAlgebra
import Networks
import RunFolders
import Runs
import Sampling
import TangentKernels

extension PreparedSpectrum {
    func run(say: (String) -> Void) throws -> SpectrumOutcome {
        Interruption.listen()
        let identity = try identity()
        func parts() throws -> JobParts {
            try JobParts(beside: out, identity, "an unfinished spectrum", warn: say)
        }
        if Disk.exists(out) {
            try identity.check(out, holds: "a spectrum")
            // Killed between the last two steps.
            if JobParts.exist(beside: out) { try parts().remove() }
            return .done(SpectrumSummary(complete: out, request.kind, step: step))
        }
        if request.out == nil { try RunDirectory.makeFolder(RunFile.spectra.rawValue, of: request.run) }
        let own = try parts()
        guard !Disk.exists(out) else { throw LabError("\(out): was made by another process meanwhile") }
        do {
            let found = try spectrum(own, say: say)
            let header = FileHeader(
                configText: configuration.resolvedText, seed: configuration.seed, precision: S.precision,
                dataDigest: experiment.dataDigest, environment: RunRecord.Environment())
            try found.write(to: out, header, of: identity)
            try own.remove()
            return .done(SpectrumSummary(out, found, request))
        } catch let interruption as Interrupted { return .interrupted(done: interruption.done) }
    }

    /// The loss's curvature at the weights: eigenvalues, and what else was asked for.
    private func spectrum(_ parts: JobParts, say: (String) -> Void) throws -> StoredSpectrum {
        var found: StoredSpectrum
        if let factor = try gramFactor() {
            say("spectrum  of the Gram matrix, \(samples * outputs) rows")
            found = try gram(factor)
        } else if isDense {
            say("spectrum  of the matrix, \(dimension) weights")
            found = try dense()
        } else {
            found = try lanczos(parts, say: say)
        }
        guard request.hasDensity || request.hasTrace else { return found }
        if let values = found.spectrum.values {
            // All are known: nothing is left to chance.
            let zeros = dimension - values.count
            let nodes = Array(repeating: 0, count: zeros > 0 ? 1 : 0) + values
            let weights = (zeros > 0 ? [Double(zeros)] : []) + Array(repeating: 1, count: values.count)
            let rule = GaussRule(
                nodes: nodes, weights: weights.map { $0 / Double(dimension) }, residuals: nodes.map { _ in 0 })
            if request.hasDensity { found.density = SpectralDensity([rule], zero: found.spectrum.zero(in: .float64)) }
            if request.hasTrace { found.trace = (values.reduce(0, +), 0) }
            return found
        }
        let a = CurvatureOperator(try surface(P.self), request.kind)
        if request.hasDensity {
            found.density = SpectralDensity(
                try rules(a, parts, say: say), zero: found.spectrum.zero(in: P.precision))
        }
        if request.hasTrace {
            say("trace     \(request.probes) vectors, \(2 * request.probes) products")
            let vectors = TraceEstimate(Interruptible(a), vectors: request.probes) {
                fillNormal($1, "spectrum/trace/\($0)")
            }
            found.trace = vectors.run()
            if Interruption.isRequested { throw Interrupted(done: "all but the trace") }
            if found.trace == nil { throw nonFinite }
        }
        return found
    }

    private func rules(
        _ a: CurvatureOperator<P>, _ parts: JobParts, say: (String) -> Void
    ) throws -> [GaussRule] {
        let start = MatrixBuffer<P>(1, dimension)
        return try (0..<request.probes).map { probe in
            if Interruption.isRequested {
                throw Interrupted(done: "\(probe) of \(request.probes) vectors of the density")
            }
            return try parts.rule(probe) {
                say("density   vector \(probe + 1) of \(request.probes)")
                fillNormal(start.base, "spectrum/probe/\(probe)")
                let lanczos = LanczosIteration(a, start: start.base, capacity: request.lanczosSteps)
                while lanczos.outcome == nil { lanczos.advance() }
                if lanczos.outcome == .nonFinite { throw nonFinite }
                return lanczos.rule
            }
        }
    }

    func fillNormal<T: Scalar>(_ v: UnsafeMutablePointer<T>, _ name: String) {
        RandomStream(seed: configuration.seed, name).fillNormal(v, count: dimension, standardDeviation: 1)
    }

    var nonFinite: LabError {
        LabError("\(request.run): the loss's second derivatives at step \(step) are not finite")
    }
}
