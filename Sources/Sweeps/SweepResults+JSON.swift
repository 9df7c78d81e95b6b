import Console
import Foundation
import ScalingLaws

extension SweepResults {
    private struct JSON: Encodable {
        var sweep: String?
        /// Cells by their status.
        var counts: [String: Int]?
        let fits: [Fit]
        let criticalWidths: [Width]?
        let growth: Growth?
        /// Nil where all cells were made on one kind of machine.
        let machines: CellMachines?
    }

    private struct Fit: Encodable {
        let observable: String
        let at: String
        var exponent: Double?
        var low: Double?
        var high: Double?
        var bend: Double?
        var bendLow: Double?
        var bendHigh: Double?
        var leftOut: [Double]?
        var withoutNarrowest: [Double]?
        var points: Int?
        var refusal: String?
        let theorem: Double?
        let typical: [Double]?
        let verdict: String?
    }

    private struct Width: Encodable {
        let at: String
        let passes: Double?
        let fails: Double?
        var remark: String?
    }

    private struct Growth: Encodable {
        struct Factor: Encodable {
            let size: String
            let exponent: Double
            let low: Double?
            let high: Double?
            let exponentialPart: Double
            let exponentialLow: Double?
            let exponentialHigh: Double?
            let verdict: String
        }
        let factors: [Factor]
        let verdict: String
        let reason: String
    }

    /// One JSON object; what is not finite is left out.
    package var json: some Encodable { laws }

    /// The same with the sweep's folder and its cells by their status.
    package var summary: some Encodable {
        var summary = laws
        summary.sweep = directory.path
        summary.counts = Dictionary(grouping: table.rows, by: \.state.word).mapValues(\.count)
        return summary
    }

    private var laws: JSON {
        JSON(
            fits: fits.entries.map(Self.fit), criticalWidths: critical?.places.map(Self.width),
            growth: critical.map { Self.growth($0.growth) }, machines: machines.areMixed ? machines : nil)
    }

    private static func fit(_ entry: SweepFits.Entry) -> Fit {
        var fit = Fit(
            observable: entry.observable, at: entry.place, theorem: entry.expected?.worstCase,
            typical: entry.expected?.typical.map { [$0.lowerBound, $0.upperBound] },
            verdict: entry.verdict?.words)
        switch entry.law {
        case .failure(let refusal): fit.refusal = "\(refusal)"
        case .success(let law):
            fit.exponent = law.exponent.value
            (fit.low, fit.high) = (finite(law.exponent.interval.lowerBound), finite(law.exponent.interval.upperBound))
            fit.bend = finite(law.bend.value)
            (fit.bendLow, fit.bendHigh) = (finite(law.bend.interval.lowerBound), finite(law.bend.interval.upperBound))
            fit.leftOut = law.atFloor.isEmpty ? nil : law.atFloor
            fit.withoutNarrowest = law.withoutNarrowest.map(\.exponent)
            fit.points = law.points.count
        }
        return fit
    }

    private static func width(_ place: CriticalSearch.Place) -> Width {
        switch place.outcome {
        case .found(let found, _):
            Width(at: place.label, passes: found.width, fails: found.failed, remark: place.remark)
        case .below(let width): Width(at: place.label, passes: Double(width), fails: nil)
        case .above(let width): Width(at: place.label, passes: nil, fails: Double(width))
        case .singular(let reason): Width(at: place.label, passes: nil, fails: nil, remark: reason)
        case .needs, .failed: Width(at: place.label, passes: nil, fails: nil)
        }
    }

    private static func growth(_ law: GrowthLaw) -> Growth {
        Growth(
            factors: law.factors.map {
                Growth.Factor(
                    size: $0.size, exponent: $0.exponent.value, low: finite($0.exponent.interval.lowerBound),
                    high: finite($0.exponent.interval.upperBound), exponentialPart: $0.exponential.value,
                    exponentialLow: finite($0.exponential.interval.lowerBound),
                    exponentialHigh: finite($0.exponential.interval.upperBound),
                    verdict: $0.verdict.rawValue)
            }, verdict: law.verdict.rawValue, reason: law.reason)
    }
}
