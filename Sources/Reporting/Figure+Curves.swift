import Reports

extension Figure {
    /// A figure of curves; nil where none has a point.
    init?(_ id: String, _ title: String, _ caption: String, x: Axis, y: Axis, _ lines: [Curves.Series]) {
        let curves = Curves(x: x, y: y, lines)
        guard !curves.series.isEmpty else { return nil }
        self.init(id: id, title: title, caption: caption, .curves(curves))
    }

    /// The same with a sentence more below it.
    func saying(_ more: String) -> Figure { Figure(id: id, title: title, caption: "\(caption) \(more)", content) }
}

/// At most `limit` of the points, evenly spread, the first and the last among them: more than that no figure can show.
func thinned(_ points: [(x: Double, y: Double)], limit: Int = 600) -> [(x: Double, y: Double)] {
    guard points.count > limit else { return points }
    return (0..<limit).map { points[$0 * (points.count - 1) / (limit - 1)] }
}
