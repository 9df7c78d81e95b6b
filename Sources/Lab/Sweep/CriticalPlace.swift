import Theory

extension CriticalSearch {
    /// A width at one place, with the runs that were made for it.
    struct Trial {
        let width: Int
        let runs: [(cell: SweepCell, state: CellState, measurement: CellMeasurement?, passes: Bool)]
        let passes: Bool

        /// Whether two samples are the same input in every run.
        var hasTwins: Bool { runs.allSatisfy { $0.state.record?.separation == 0 } }

        /// Why Θ_0 is singular in every run; nil where it is not.
        var singularity: String? {
            guard !runs.isEmpty, runs.allSatisfy({ $0.measurement.map { $0.knowsFloor && $0.floor == nil } ?? false })
            else { return nil }
            if hasTwins { return SingularKernel.twins }
            let counts = runs.compactMap(\.state.record).map {
                (($0.samples ?? 0) * ($0.outputs ?? 0), $0.trainedParameterCount)
            }
            if counts.allSatisfy({ $0.0 > $0.1 }), let (rows, weights) = counts.first {
                return SingularKernel.counted(rows: rows, weights: weights, width: width)
            }
            return "λ_min(Θ_0) is not above its error for any seed at any width that was tried, up to \(width)"
        }
    }

    /// One place of the grid, as far as it is known.
    struct Place {
        let label: String
        let sizes: [String: Double]
        let trials: [Trial]
        let outcome: Outcome
    }

    enum Outcome {
        /// Between two neighbouring widths; and those beyond them where passing is not monotone.
        case found(CriticalWidth, returns: [Int])
        /// Even the smallest width passes, or the largest fails.
        case below(Int)
        case above(Int)
        /// Θ_0 is singular at every width, and why, so that its floor can't be kept.
        case singular(String)
        /// Cells that are to run first.
        case needs([SweepCell])
        /// A cell failed, so nothing is known.
        case failed(String)
    }
}
