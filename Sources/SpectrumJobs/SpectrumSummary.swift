import Console
import Foundation
import Landscape
import LinearAlgebra
import Networks
import Runs
import Statistics

/// What there is to say of a spectrum.
package struct SpectrumSummary: Encodable, Sendable {
    package struct Number: Encodable, Sendable {
        let value: Double
        /// An eigenvalue is no further away.
        let error: Double
    }
    package struct Estimate: Encodable, Sendable {
        let value: Double
        /// Standard error; nil for a single random vector.
        let standardError: Double?
        /// The trace lies in it in 99 of 100 cases: twice Student's t of one freedom fewer than there are vectors, since their
        /// estimates are not independent.
        let interval: [Double]?
    }
    package struct Counts: Encodable, Sendable {
        let negative: Int
        let positive: Int
        /// Nil where the others are lower bounds.
        let nearZero: Int?
    }
    package struct Density: Encodable, Sendable {
        /// Random ones; nil where all eigenvalues are known and nothing is left to chance.
        let vectors: Int?
        let width: Double
        let spikeAtLeast: Double
        let spikeAtMost: Double
        let spikeError: Double?
    }

    package let file: String
    package let of: String
    package let step: Int
    var samples: Int?
    var trainedWeights: Int?
    var precision: String?
    var method: String?
    var largest: [Number]?
    var smallest: [Number]?
    var counts: Counts?
    var rescalings: Int?
    /// η λ_max; 2 is the edge of stability. Nil but for the Hessian of a run whose η is known.
    var sharpness: Double?
    var trace: Estimate?
    var density: Density?
    var remark: String?
    /// Eigenvalues of both ends that were asked for.
    private var asked = (top: 0, bottom: 0)

    /// What JSON has: not what was asked for.
    private enum CodingKeys: String, CodingKey {
        case file, of, step, samples, trainedWeights, precision, method, largest, smallest, counts, rescalings,
            sharpness
        case trace, density, remark
    }

    /// Of a file that was complete before.
    init(complete file: String, _ kind: Curvature, step: Int) {
        self.file = file
        of = kind.rawValue
        self.step = step
        remark = "the spectrum was complete already"
    }

    init(_ file: String, _ found: StoredSpectrum, _ request: SpectrumRequest) {
        let spectrum = found.spectrum
        self.file = file
        of = spectrum.kind.rawValue
        step = found.step
        samples = found.samples
        trainedWeights = spectrum.dimension
        precision = found.precision.rawValue
        method = found.method
        largest = spectrum.largest.map { Number(value: $0.value, error: $0.error) }
        smallest = spectrum.smallest.map { Number(value: $0.value, error: $0.error) }
        counts = Counts(
            negative: spectrum.inertia.negative, positive: spectrum.inertia.positive,
            nearZero: spectrum.inertia.nearZero)
        rescalings = found.rescalings
        if spectrum.kind == .hessian, found.learningRate > 0 {
            sharpness = spectrum.largest.first.map { found.learningRate * $0.value }
        }
        asked = (request.top, request.bottom)
        trace = found.trace.map { trace in
            let reach = trace.error.map { 2 * StudentT(freedom: request.probes - 1).quantile(0.99) * $0 }
            return Estimate(
                value: trace.value, standardError: trace.error,
                interval: reach.map { [trace.value - $0, trace.value + $0] })
        }
        density = found.density.map {
            let spike = $0.spike
            return Density(
                vectors: spectrum.values == nil ? $0.rules.count : nil, width: $0.width, spikeAtLeast: spike.atLeast,
                spikeAtMost: spike.atMost, spikeError: spike.error)
        }
        if !found.keepsVectors, found.vectors != nil {
            remark = "the file has no eigenvectors: they would take more than \(StoredSpectrum.vectorLimit >> 20) MiB"
        }
    }

    /// For a terminal.
    package func lines(columns: Int) -> [String] {
        guard let method, let samples, let trainedWeights else { return [remark ?? "", "file      \(file)"] }
        let letter = ["hessian": "H", "gauss-newton": "G", "residual": "R"][of] ?? of
        var lines = labelled(
            "matrix    ",
            "\(letter) at step \(step): \(counted(samples, "sample")), \(counted(trainedWeights, "trained weight"))",
            columns: columns)
        lines += labelled("method    ", method, columns: columns)
        lines += labelled("largest   ", words(largest, asked.top), columns: columns)
        lines += labelled("smallest  ", words(smallest, asked.bottom), columns: columns)
        lines += labelled("signs     ", signs, columns: columns)
        if let sharpness {
            lines += labelled(
                "sharpness ",
                String(format: "η λ_max = %.4g; on a quadratic, full-batch descent diverges above 2", sharpness),
                columns: columns)
        }
        if let trace {
            lines += labelled("trace     ", Self.words(trace), columns: columns)
        }
        if let density { lines += labelled("density   ", Self.words(density), columns: columns) }
        if let remark { lines += labelled("remark    ", remark, columns: columns) }
        return lines + ["file      \(file)"]
    }

    private func words(_ numbers: [Number]?, _ asked: Int) -> String {
        guard asked > 0 else { return "none asked for" }
        let shown = (numbers ?? []).map { String(format: "%.6g ± %.0e", $0.value, $0.error) }
        let lacking = min(asked, trainedWeights ?? asked) - shown.count
        return (shown + (lacking > 0 ? ["\(lacking) not found: they take more --lanczos-steps"] : []))
            .joined(separator: ", ")
    }

    private var signs: String {
        guard let counts else { return "can't tell" }
        let units = rescalings ?? 0
        let known =
            units > 0
            ? "; up to \(units) zero modes are rescalings of hidden units\(of == "gauss-newton" ? "" : " where the gradient vanishes")"
            : ""
        guard let rest = counts.nearZero else {
            return
                "\(counts.negative) negative and \(counts.positive) positive seen; how many there are Lanczos can't tell"
                + known
        }
        return "\(counts.negative) negative, \(counts.positive) positive, \(rest) not to be told from 0" + known
    }

    private static func words(_ trace: Estimate) -> String {
        let value = String(format: "%.6g", trace.value)
        guard let error = trace.standardError, let interval = trace.interval else {
            return value + ", of one vector: error not known"
        }
        guard error > 0 else { return value }
        return value
            + String(
                format: " ± %.2g (standard error), %.6g to %.6g in 99 %% of cases", error, interval[0], interval[1])
    }

    private static func words(_ density: Density) -> String {
        let error = density.spikeError.map { String(format: " ± %.1g", $0) } ?? ""
        let share =
            density.spikeAtMost - density.spikeAtLeast < 1e-9
            ? String(format: "%.4f", density.spikeAtMost)
            : String(format: "between %.4f and %.4f", density.spikeAtLeast, density.spikeAtMost)
        return (density.vectors.map { counted($0, "vector") } ?? "of all eigenvalues") + ", width "
            + String(format: "%.2g", density.width)
            + "; share of zeros \(share)\(error)"
    }
}
