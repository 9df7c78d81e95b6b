import Console
import StationaryPoints
import Statistics

/// All end points of a job, and what they are together.
struct StationaryResults {
    let job: StationaryJob
    /// Of start 0, 1, …
    let ends: [EndPoint]
    let distinct: DistinctPoints

    init(_ job: StationaryJob, _ ends: [EndPoint]) {
        (self.job, self.ends) = (job, ends)
        distinct = DistinctPoints(ends, modulo: job.units?.symmetries ?? .unknown)
    }

    /// What Σ (−1)^index over all stationary points has to be; nil where that is not known, since the function may have
    /// points at infinity, or kinks.
    ///
    /// 1 where a ridge or balls let the function grow in every direction; Π (1 + (−1)^(n−1)) for spheres in n
    /// dimensions.
    var expectedSum: Int? {
        guard !ends.contains(where: { $0.kink != nil }) else { return nil }
        let problem = job.problem
        if case .sphere? = job.request.constraint {
            if problem.blocks.contains(where: { $0.range.count % 2 == 0 }) { return 0 }
            return problem.blocks.count < Int.bitWidth - 1 ? 1 << problem.blocks.count : nil
        }
        return problem.hasRidge || !problem.blocks.isEmpty ? 1 : nil
    }

    /// What counts as one point, in words.
    var modulo: String {
        guard let units = job.units else { return "nothing: it is not known what leaves this network as it is" }
        if units.mixes { return "linear maps of hidden units" }
        let permuted = units.permutes && !units.free.isEmpty
        let turned = units.free.contains { units.group($0).symmetry.contains(.sign) }
        let scaled = units.rescales && units.free.contains { units.group($0).symmetry.contains(.scale) }
        let hasSurfaces = distinct.found.contains { $0.point.spectrum.map { $0.zeroModes > 0 } ?? false }
        let surfaces = hasSurfaces ? "; points with zero modes by loss, index and spectrum" : ""
        let words =
            (permuted ? ["orders of hidden units"] : []) + (turned ? ["signs of hidden units"] : [])
            + (scaled ? ["rescalings of hidden units"] : [])
        if words.isEmpty, !units.isWhole { return "nothing: units with frozen weights are not moved\(surfaces)" }
        return (words.isEmpty ? "nothing: no symmetry of hidden units is left" : words.joined(separator: ", "))
            + surfaces
    }

    /// What is searched, in words.
    var function: String {
        let form = job.problem.form
        let name = form.isLinearized ? "of the linearization" : form.lazyScale != nil ? "of the lazy form" : ""
        var text = "training loss \(name.isEmpty ? "" : name + " ")of \(counted(job.problem.x.rows, "sample"))"
        if let ridge = job.request.ridge {
            text += ", plus half the sum of lambda_i w_i^2 with each lambda_i drawn within 50 % of \(ridge)"
        }
        switch job.request.constraint {
        case .sphere(let radius)?: text += ", each layer's weight and bias together on a sphere of radius \(radius)"
        case .ball(let radius)?: text += ", each layer's weight and bias together in a ball of radius \(radius)"
        case nil: break
        }
        return text
    }

    /// The smallest |pre-activation| of all end points; nil for a smooth network.
    var smallestMargin: Double? { ends.compactMap { $0.kink?.margin }.min() }
}

extension Symmetries {
    /// Of a network of which it isn't known: no two points are called different by their distance alone.
    static var unknown: Symmetries { Symmetries(isExact: false, images: { _, _ in nil }, nearest: { w, _ in w }) }
}
