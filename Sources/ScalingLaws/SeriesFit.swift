import RealModule
import Statistics

/// ln value on ln size with a level for each seed, and on its square where the series may bend.
struct SeriesFit {
    private let fit: LinearFit
    private let errors: LinearFit.Errors
    private let seeds: Int

    /// With so many seeds or more, intervals come from seeds, and not from cells.
    static let fewestClusters = 5

    /// - Parameter place: ln size at which the slope of a parabola is taken; nil for a straight line.
    /// - Throws: `PowerLaw.Refusal` where no degree of freedom is left.
    init(_ points: [ScalingPoint], bentAt place: Double? = nil) throws {
        let known = Set(points.map(\.seed)).sorted()
        let clusters = points.map { point in known.firstIndex(of: point.seed) ?? 0 }
        let design = zip(points, clusters).map { point, cluster -> [Double] in
            let x = Double.log(point.size) - (place ?? 0)
            return [x] + (place == nil ? [] : [x * x]) + known.indices.map { $0 == cluster ? 1.0 : 0 }
        }
        guard let fit = LinearFit(design, points.map { Double.log($0.value) }) else {
            throw PowerLaw.Refusal("\(points.count) points of \(known.count) seeds leave no degree of freedom")
        }
        self.fit = fit
        seeds = known.count
        // Where there are enough seeds the interval comes from them, so that it holds whatever the cells of a seed share.
        // Else it comes from cells, each with a variance of its own. A single seed cannot tell those.
        errors = seeds >= Self.fewestClusters ? .clustered(clusters) : seeds > 1 ? .different : .alike
    }

    /// The slope: d ln value/d ln size, at `place` for a parabola.
    var value: Double { fit.coefficients[0] }
    /// Mean of the levels over the seeds.
    var level: Double { fit.coefficients.suffix(seeds).reduce(0, +) / Double(seeds) }
    var residuals: [Double] { fit.residuals }

    enum Coefficient: Int {
        case slope
        /// Half of the second derivative, of a parabola.
        case bend
    }

    /// - Returns: nil where the points do not tell an error.
    func estimate(_ coefficient: Coefficient, level: Double) -> Estimate? {
        fit.interval(of: coefficient.rawValue, errors, level: level).map {
            Estimate(value: fit.coefficients[coefficient.rawValue], interval: $0)
        }
    }
}
