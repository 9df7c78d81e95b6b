import Foundation

/// How a curve is drawn: no two of a figure alike, in color or in grey.
struct CurveStyle: Equatable {
    let color: String
    let dash: String
    let point: Int
    let width: Double

    /// Blue, vermilion, green, grey, purple, orange, sky, brown: after Okabe and Ito (2008), whose colors color-blind readers
    /// tell apart; those too bright for white paper or too dark for a dark page a little moved.
    static let colors = ["#0072b2", "#d55e00", "#009e73", "#7f7f7f", "#b8609a", "#c98a00", "#3aa0e0", "#8c510a"]
    /// Solid, and dashes that are told apart where colors are not.
    static let dashes = [
        "1", "(12,5)", "(3,4)", "(12,4,3,4)", "(20,5)", "(8,3,2,3,2,3)", "(6,3)", "(18,4,6,4)",
    ]
    /// Of curves that have their color from another.
    private static let followers = ["(7,4)", "(2,3)", "(10,4,2,4)"]
    /// Filled and open marks.
    static let points = [7, 5, 9, 11, 13, 6, 4, 8, 10, 12]
    /// Dark to light, also in grey, and visible on white and on a dark page: violet, blue, green, yellow.
    static let ramp = [
        (0.38, 0.25, 0.68), (0.16, 0.47, 0.72), (0.12, 0.62, 0.54), (0.45, 0.73, 0.25), (0.80, 0.71, 0.10),
    ]

    /// The styles of curves, in their order.
    static func all(of curves: Curves) -> [CurveStyle] {
        let lines = curves.series
        let heads = lines.indices.filter { head(of: $0, lines) == nil }
        let number = Dictionary(uniqueKeysWithValues: heads.enumerated().map { ($1, $0) })
        var taken: [Int: Int] = [:]
        return lines.indices.map { place in
            let leader = head(of: place, lines)
            let family = number[leader ?? place] ?? 0
            let color =
                heads.count <= Curves.mostColors
                ? colors[family] : mixed(Double(family) / Double(heads.count - 1))
            let thin = heads.count <= Curves.mostColors ? 1.0 : 0.7
            var dash = lines[place].style == .dashed && family == 0 ? followers[0] : dashes[family % dashes.count]
            if leader != nil, lines[place].style != .points {
                dash = followers[taken[family, default: 0] % followers.count]
                taken[family, default: 0] += 1
            } else if lines[place].style == .marked {
                dash = dashes[family / points.count % dashes.count]
            }
            let isFit = leader != nil && lines[place].style != .marked
            return CurveStyle(
                color: color, dash: dash, point: points[family % points.count], width: isFit ? 0.8 * thin : thin)
        }
    }

    /// The series whose color another has.
    private static func head(of place: Int, _ lines: [Curves.Series]) -> Int? {
        lines[place].family.flatMap { name in lines.firstIndex { $0.name == name && $0.family == nil } }
    }

    /// A color of the ramp, 0 to 1.
    static func mixed(_ share: Double) -> String {
        let place = min(max(share, 0), 1) * Double(ramp.count - 1)
        let index = min(Int(place), ramp.count - 2)
        let (a, b, t) = (ramp[index], ramp[index + 1], place - Double(index))
        let parts = [a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1), a.2 + t * (b.2 - a.2)]
        return "#" + parts.map { String(format: "%02x", Int((255 * $0).rounded())) }.joined()
    }

    /// Of gnuplot, after `with`; clouds of points have small marks.
    func words(_ series: Curves.Series) -> String {
        let line = "dashtype \(dash) linewidth \(String(format: "%.2g", 1.5 * width))"
        let mark = "pointtype \(point) pointsize \(0.6 * width)"
        let hasBars = !series.bars.isEmpty
        return switch series.style {
        case .line, .dashed: "lines \(line)"
        case .marked: "\(hasBars ? "yerrorlines" : "linespoints") \(line) \(mark)"
        case .points where series.points.count <= 60 && series.isListed:
            "\(hasBars ? "yerrorbars" : "points") linewidth 1.2 \(mark)"
        case .points:
            "points pointtype \(series.isListed ? Self.open[point % Self.open.count] : 6) pointsize 0.35 linewidth 0.7"
        }
    }

    /// Marks that many can lie upon one another.
    private static let open = [6, 1, 4, 8, 2]
}
