import Measurements
import Statistics

extension Statement {
    /// Each non-degenerate stationary point of J that was found has one of J_n with the same index, within (2/ζ) ‖∇J_n‖.
    ///
    /// Both with the same ridge, which takes continuous symmetries away. What belongs to a point is what Newton's steps from it lead to:
    /// the theorems say no more than that there is one.
    public static let stationaryPointsMatched: Statement = Statement(
        12, "Stationary points matched",
        source: "Zhou, Feng 2018, theorems 2 and 5; which point belongs to which is ours: by Newton's steps",
        why:
            "Where the gradients of J_n and J differ by less than ζ allows, a stationary point of J whose Hessian has no eigenvalue within "
            + "±ζ only moves: J_n has as many minima and saddles of each index.",
        refutation:
            "A point from which Newton's steps on J_n lead, within (2/ζ) ‖∇J_n‖, to one of another index, or to the same one as another point.",
        needsSteps: false, exemption: isWithoutPopulation,
        certificate: { judge(.stationaryPointsMatched, PopulationEvidence($0.run)) { $0.matching } })
}

extension PopulationEvidence {
    fileprivate var matching: (part: Part, quantities: [Quantity]) {
        guard let points else {
            return (
                Part(
                    .cannotTell,
                    "no stationary points of J were looked for: there are none of networks with kinks or more than 256 weights",
                    missing: [.populationPoints]), []
            )
        }
        let quantities = [
            Quantity("stationary points of J", points.found, note: "with the ridge"),
            Quantity("degenerate", points.degenerate, note: "outside the theorem"),
            Quantity("matched with the same index", points.matched, .atLeast(points.isolated)),
            Quantity(
                "largest distance over (2/ζ) ‖∇J_n‖", points.share, note: "what the theorem allows", .atMost(1)),
        ]
        return (part(points), quantities)
    }

    private func part(_ points: Points) -> Part {
        guard points.isolated > 0 else {
            return Part(
                .cannotTell,
                points.found > 0
                    ? "all \(shown(points.found)) stationary points found may be degenerate: outside the theorem"
                    : "no stationary point of J was found")
        }
        let of = "of \(shown(points.isolated)) non-degenerate stationary points of J"
        if points.changed > 0 {
            return Part(
                .fails, "\(shown(points.changed)) \(of) lead to one of another index, or to the same one as another")
        }
        if points.lost > 0 {
            return Part(
                .cannotTell,
                "from \(shown(points.lost)) \(of) no stationary point of J_n was reached within what the theorem allows",
                missing: [.moreSamples])
        }
        return points.share <= 1
            ? Part(.holds, "all \(of.dropFirst(3)) have one of J_n with the same index")
            : Part(
                .cannotTell, "a match is \(shown(points.share)) times as far away as the theorem allows",
                missing: [.moreSamples])
    }
}
