import Alignment
import Files
import Landscape
import LinearAlgebra
import Networks

/// Two runs of one network on one data set, and the loss between where they came to.
package struct Connection {
    let request: ConnectionRequest
    /// That of a, then that of b.
    let minima: [Minimum]
    /// The training losses that the two began with.
    let initialLosses: [Double]
    /// Nil where the units of b stay in their order.
    let matched: MatchedMinima?
    /// Along the line between the weights as they are.
    package let before: PathLosses
    /// Along the line after alignment.
    package let after: PathLosses?
    /// Nil where none was asked for, or none was found that is better than the line.
    package let curve: PathLosses?
    /// That of the descent to the curve.
    let rate: Double?

    /// - Parameter say: is told what takes time.
    /// - Throws: an error that names the run, and in what the runs differ.
    package init(_ request: ConnectionRequest, say: (String) -> Void) throws {
        let minima = try request.runs.map { try Minimum($0, step: request.step) }
        let (a, b) = (minima[0], minima[1])
        try a.refuseOther(b)
        guard a.model.layout.trainedCount > 0 else {
            throw LabError("\(a.run): nothing is trained: there is no minimum")
        }
        let matched = request.alignment == .none ? nil : try MatchedMinima(a, b, say: say)
        let function = TrainedFunction(Workspace<Double>(a.model, rows: a.rows))
        let losses = Losses(a, function)
        initialLosses = minima.map { losses.trainLoss(at: $0.initial) }
        let line = WeightCurve(from: a.weights, to: b.weights)
        let aligned = matched.map { WeightCurve(from: $0.weights.first, to: $0.weights.second) }
        before = losses.along(line, points: request.points)
        after = aligned.map { losses.along($0, points: request.points) }
        var found: BendSearch.Result?
        if request.path == .bezier {
            say("bending   the curve by \(BendSearch.steps) steps of descent")
            let search = BendSearch(minimum: a, function: function, losses: losses)
            found = search.run(aligned ?? line, rate: BendSearch.rateFactor * min(a.learningRate, b.learningRate))
        }
        curve = found.map { losses.along($0.curve, points: BendSearch.points) }
        rate = found?.rate
        (self.request, self.minima, self.matched) = (request, minima, matched)
    }

    /// The line that the statement is about: after alignment, where there is one.
    package var line: PathLosses { after ?? before }
}

/// The weights of both runs with the units of b in the order of those of a; and those that the runs began with, matched in the
/// same way for themselves.
struct MatchedMinima {
    let groups: UnitGroups
    let weights: AlignedPair
    let initial: AlignedPair

    init(_ a: Minimum, _ b: Minimum, say: (String) -> Void) throws {
        do {
            groups = try UnitGroups(a.model)
            say("aligning  \(groups.groups.reduce(0) { $0 + $1.count }) units in \(groups.groups.count) groups")
            weights = try AlignedPair(groups, a.weights, b.weights, seed: a.configuration.seed)
            initial = try AlignedPair(groups, a.initial, b.initial, seed: a.configuration.seed)
        } catch let error as AlignmentError {
            throw LabError("--align permutation: \(a.run): \(error); --align none leaves units as they are")
        }
    }
}
