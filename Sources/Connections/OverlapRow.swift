import Alignment
import Console
import Networks

/// How near the weights of two runs are in some tensors, as they are and aligned; and the weights that the runs began with,
/// which are the null: independent weights overlap too once their units are matched.
struct OverlapRow: Encodable, Sendable {
    /// A tensor, or `all` trained ones.
    let tensor: String
    let before: Near
    let after: Near?
    let initialBefore: Near
    let initialAfter: Near?

    struct Near: Encodable, Sendable {
        /// q; nil where a vector is zero.
        let cosine: Double?
        let distance: Double

        init(_ overlap: Overlap) { (cosine, distance) = (overlap.cosine, overlap.distance) }
    }

    init(_ tensor: String, _ entries: [ParameterLayout.Entry], of connection: Connection) {
        let (a, b) = (connection.minima[0], connection.minima[1])
        self.tensor = tensor
        before = Near(Overlap(a.weights, b.weights, of: entries))
        initialBefore = Near(Overlap(a.initial, b.initial, of: entries))
        after = connection.matched.map { Near(Overlap($0.weights.first, $0.weights.second, of: entries)) }
        initialAfter = connection.matched.map { Near(Overlap($0.initial.first, $0.initial.second, of: entries)) }
    }

    /// All trained tensors, then each of them.
    static func rows(of connection: Connection) -> [OverlapRow] {
        let trained = connection.minima[0].model.layout.trained
        return [OverlapRow("all", trained, of: connection)]
            + trained.map { OverlapRow($0.tensor.label, [$0], of: connection) }
    }

    static func lines(_ rows: [OverlapRow], columns: Int) -> [String] {
        TextTable(
            [
                .text("trained weights"), .number("overlap"), .number("aligned"), .number("start aligned"),
                .number("distance"), .number("aligned"),
            ],
            rows.map { row in
                [row.tensor]
                    + [
                        row.before.cosine, row.after?.cosine, row.initialAfter?.cosine, row.before.distance,
                        row.after?.distance,
                    ]
                    .map(shown)
            }
        ).lines(width: columns)
    }
}
