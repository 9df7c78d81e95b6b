import HDF5
import LinearAlgebra
import Runs
import StationaryPoints

/// `stationary.h5`: all end points, the distinct stationary points among them, and what they say of those that were
/// missed.
extension StationaryResults {
    static var format: String { "ntklab-stationary" }

    /// - Throws: an error where the file can't be written.
    func write(to path: String, _ identity: JobIdentity) throws {
        try HDF5Writer.write(to: path) { file in
            let configuration = job.problem.configuration
            try FileHeader(
                configText: configuration.resolvedText, seed: configuration.seed, precision: .float64,
                dataDigest: job.problem.dataDigest, environment: RunRecord.Environment()
            ).write(to: file, format: Self.format)
            try identity.write(to: file)
            try file.attribute("function", function)
            try file.attribute("starts", job.starts.words)
            try file.attribute("modulo", modulo)
            try file.attribute("trained_weights", job.problem.dimension)
            try writeCounts(to: file)
            if job.problem.hasRidge {
                try file.dataset(
                    "/ridge", job.problem.ridge,
                    attributes: ["units": "1", "long_name": "lambda_i of each trained weight"])
            }
            try writeEnds(to: file)
            try writeDistinct(to: file)
        }
    }

    private func writeCounts(to file: HDF5Writer) throws {
        try file.attribute("distinct_least", distinct.count.lowerBound)
        try file.attribute("distinct_most", distinct.count.upperBound)
        if let missed = distinct.missed {
            if let coverage = missed.coverage { try file.attribute("coverage", coverage) }
            try file.attribute("smallest_share", missed.smallestShare)
            if let estimate = missed.missed {
                try file.attribute("missed", estimate.value)
                try file.attribute("missed_low", estimate.interval.lowerBound)
                try file.attribute("missed_high", estimate.interval.upperBound)
            }
        }
        if let sum = distinct.alternatingSum { try file.attribute("alternating_sum", sum) }
        if let sum = expectedSum { try file.attribute("alternating_sum_of_all", sum) }
    }

    private func writeEnds(to file: HDF5Writer) throws {
        func numbers(_ name: String, _ meaning: String, _ value: (EndPoint) -> Double?) throws {
            try file.dataset(
                "/ends/\(name)", ends.map { value($0) ?? .nan }, attributes: ["units": "1", "long_name": meaning])
        }
        func integers(_ name: String, _ meaning: String, _ values: [Int]) throws {
            try file.dataset(
                "/ends/\(name)", values.map { Int64($0) }, attributes: ["units": "1", "long_name": meaning])
        }
        try file.group("/ends")
        try file.strings("/ends/verdict", ends.map(\.verdict.rawValue))
        try file.strings("/ends/stop", ends.map(\.stop.rawValue))
        try integers(
            "start_step", "recorded step that the start is near, -1 for one that is drawn",
            ends.indices.map { job.starts.step($0) ?? -1 })
        try integers("steps", "steps of the search", ends.map(\.steps))
        try integers(
            "distinct", "place of the point in the group distinct, -1 for none", distinct.places.map { $0 ?? -1 })
        try numbers("loss", "the function's value, a ridge included") { $0.place.value }
        try numbers("gradient_norm", "2-norm of the gradient along what is free") { $0.place.gradientNorm }
        try numbers("gradient_scale", "1 + gradient_norm at the start") { $0.scale }
        try numbers("flatness", "r = |H p + g| / (|H| |p| + |g|); beyond 0.9 gradient-flat") { $0.flatness.index }
        try numbers("kink_margin", "smallest |pre-activation| or lead of a maximum; nan for smooth networks") {
            $0.kink?.margin
        }
        try integers(
            "index_low", "clearly negative eigenvalues of the Hessian, -1 where not computed",
            ends.map { $0.spectrum?.index.lowerBound ?? -1 })
        try integers(
            "index_high", "negative eigenvalues beyond eigenvalue_error, -1 where not computed",
            ends.map { $0.spectrum?.index.upperBound ?? -1 })
        try integers(
            "zero_modes", "eigenvalues within eigenvalue_error of 0, -1 where not computed",
            ends.map { $0.spectrum?.zeroModes ?? -1 })
        try numbers("eigenvalue_error", "an eigenvalue at the stationary point is no further away") {
            $0.spectrum?.threshold
        }
    }

    private func writeDistinct(to file: HDF5Writer) throws {
        let (found, n) = (distinct.found, job.problem.dimension)
        try file.group("/distinct")
        func dataset<T: HDF5Element>(_ name: String, _ values: [T], _ shape: [Int], _ meaning: String) throws {
            try file.dataset(
                "/distinct/\(name)", values, shape: shape, attributes: ["units": "1", "long_name": meaning])
        }
        let points = found.map(\.point)
        try dataset(
            "weights", points.flatMap(\.place.w), [found.count, n], "trained weights of each point, by loss and index")
        try dataset("loss", points.map(\.place.value), [found.count], "the function's value, a ridge included")
        try dataset("count", found.map { Int64($0.count) }, [found.count], "searches that ended there")
        try dataset(
            "index", points.map { Int64($0.spectrum?.index.lowerBound ?? -1) }, [found.count],
            "clearly negative eigenvalues of the Hessian, -1 where not computed")
        try dataset(
            "zero_modes", points.map { Int64($0.spectrum?.zeroModes ?? -1) }, [found.count],
            "eigenvalues not to be told from 0, -1 where not computed")
        let most = points.map { $0.spectrum?.eigenvalues.count ?? 0 }.max() ?? 0
        let values = points.flatMap { point in
            let own = point.spectrum?.eigenvalues ?? []
            return own + [Double](repeating: .nan, count: most - own.count)
        }
        try dataset("eigenvalues", values, [found.count, most], "of the Hessian along what is free, ascending")
        let pairs = found.indices.flatMap { k in found[k].maybe.filter { $0 > k }.flatMap { [Int64(k), Int64($0)] } }
        try dataset("maybe_same", pairs, [pairs.count / 2, 2], "pairs of points that may be one")
    }
}
