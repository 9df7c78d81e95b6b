import Foundation

/// Range and ticks of an axis, from the numbers that it has to show.
struct Scale {
    let range: ClosedRange<Double>
    let ticks: [(value: Double, label: String)]
    let minorTicks: [Double]
    /// Labels are in units of ten to this power, which belongs to the label of the axis.
    private(set) var exponent = 0

    /// - Parameters:
    ///   - values: those on the axis; others are left out.
    ///   - isPadded: whether marks at both ends need room.
    ///   - most: labels that there is room for.
    init(_ axis: Axis, _ values: [Double], isPadded: Bool = true, most: Int) {
        let known = values.filter(axis.shows)
        let (low, high) = (known.min() ?? (axis.isLogarithmic ? 1 : 0), known.max() ?? 1)
        if axis.isLogarithmic {
            (range, ticks, minorTicks) = Self.logarithmic(axis, known, low, high, isPadded, most)
        } else {
            let width = high - low
            // gnuplot reads grids in float32, which may be beyond an end by its rounding. An axis of one value has it in its middle.
            let pad = width > 0 ? (isPadded ? 0.04 : 1e-6) * width : max(abs(high) / 10, 0.5)
            range = (low - pad)...(high + pad)
            let size = max(abs(range.lowerBound), abs(range.upperBound))
            exponent = size >= 1e6 || size < 1e-3 && size > 0 ? Int(log10(size).rounded(.down)) : 0
            ticks = Self.linear(range, isInteger: axis.isInteger, most: most, unit: pow(10, Double(exponent)))
            minorTicks = []
        }
    }

    private typealias Parts = (ClosedRange<Double>, [(value: Double, label: String)], [Double])

    private static func logarithmic(
        _ axis: Axis, _ values: [Double], _ low: Double, _ high: Double, _ isPadded: Bool, _ most: Int
    ) -> Parts {
        let decades = log10(high) - log10(low)
        let pad = decades > 0 ? (isPadded ? 0.04 * decades : 0) : 0.2
        let range =
            max(low * pow(10, -pad), .leastNormalMagnitude)...min(high * pow(10, pad), .greatestFiniteMagnitude)
        let sizes = Set(values).sorted()
        if axis.base == 2, !sizes.isEmpty {
            let each = (sizes.count + most - 1) / most
            let shown = sizes.indices.filter { (sizes.count - 1 - $0) % each == 0 }.map { sizes[$0] }
            return (range, shown.map { ($0, number($0)) }, sizes.filter { !shown.contains($0) })
        }
        let exponents =
            (Int(
                log10(range.lowerBound).rounded(.up))...max(
                    Int(log10(range.lowerBound).rounded(.up)), Int(log10(range.upperBound).rounded(.down))))
        let powers = exponents.filter { range.contains(pow(10, Double($0))) }
        if powers.count >= 3 {
            let each = max((powers.count + most - 1) / most, 1)
            let shown = powers.filter { $0 % each == 0 }
            let between = powers.count > 8 ? [1.0] : [2, 3, 4, 5, 6, 7, 8, 9]
            let minor = ((powers.first ?? 0) - 1...(powers.last ?? 0)).flatMap { power in
                between.map { $0 * pow(10, Double(power)) }
            }.filter(range.contains)
            return (range, shown.map { (pow(10, Double($0)), "10^{\($0)}") }, minor)
        }
        let first = Int(log10(range.lowerBound).rounded(.down))
        let fine = (first...(first + 3)).flatMap { power in [1.0, 2, 5].map { $0 * pow(10, Double(power)) } }
            .filter(range.contains)
        if fine.count >= 3 {
            let each = (fine.count + most - 1) / most
            return (range, fine.enumerated().filter { $0.offset % each == 0 }.map { ($1, number($1)) }, [])
        }
        return (range, linear(range, isInteger: axis.isInteger, most: most).filter { $0.value > 0 }, [])
    }

    /// Multiples of 1, 2 or 5 times a power of ten.
    private static func linear(
        _ range: ClosedRange<Double>, isInteger: Bool, most: Int, unit scale: Double = 1
    ) -> [(value: Double, label: String)] {
        let width = range.upperBound - range.lowerBound
        guard width > 0, width.isFinite else { return [(range.lowerBound, number(range.lowerBound))] }
        let unit = pow(10, (log10(width / Double(most))).rounded(.down))
        var step = [1.0, 2, 5, 10].map { $0 * unit }.first { width / $0 <= Double(most) } ?? 10 * unit
        if isInteger { step = max(step, 1) }
        let (first, last) = ((range.lowerBound / step).rounded(.up), (range.upperBound / step).rounded(.down))
        // Numbers so close that no step tells them apart.
        guard first <= last, max(abs(first), abs(last)) < 1e9 else {
            let middle = (range.lowerBound + range.upperBound) / 2
            return [(middle, number(middle / scale))]
        }
        return (Int(first)...Int(last)).map {
            (Double($0) * step, number(Double($0) * step / scale, step: step / scale))
        }
    }

    /// With as many decimals as a step needs.
    private static func number(_ value: Double, step: Double? = nil) -> String {
        let size = max(abs(value), step ?? 0)
        if value == value.rounded(), size < 1e6, step ?? 1 >= 1 { return "\(Int(value))" }
        if size >= 1e6 || size < 1e-3 { return String(format: "%.4g", value) }
        let decimals = step.map { max(0, -Int(log10($0).rounded(.down))) } ?? 3
        return step == nil ? String(format: "%.3g", value) : String(format: "%.\(decimals)f", value)
    }

    /// The label of the axis with the unit of its ticks.
    func label(_ axis: Axis) -> String { exponent == 0 ? axis.label : "\(axis.label) (10^{\(exponent)})" }

    /// Ticks as gnuplot reads them.
    var tics: String {
        let labels = ticks.map { "'\(Typesetting($0.label).gnuplot(.enhancedFormat))' \($0.value)" }
        return "(" + (labels + minorTicks.map { "'' \($0) 1" }).joined(separator: ", ") + ")"
    }

    /// A range as gnuplot reads it.
    var span: String { "[\(range.lowerBound):\(range.upperBound)]" }
}
