import Cells
import Configurations
import ScalingLaws

extension CriticalSearch {
    /// A width at one place, with the runs that were made for it.
    package struct Trial {
        package let width: Int
        /// Whether each passes; nil where the error of λ_min(Θ_0) leaves that open.
        package let runs: [(cell: SweepCell, state: CellState, measurement: CellMeasurement?, passes: Bool?)]
        /// Whether enough of them do; nil where that is open.
        package let passes: Bool?

        /// - Parameter needed: how many have to pass.
        package init(
            _ width: Int, _ cells: [(cell: SweepCell, state: CellState, measurement: CellMeasurement?)], needed: Int
        ) {
            self.width = width
            runs = cells.map { ($0.cell, $0.state, $0.measurement, Self.passes($0.state, $0.measurement)) }
            let (passed, open) = (runs.count { $0.passes == true }, runs.count { $0.passes == nil })
            passes = passed >= needed ? true : passed + open < needed ? false : nil
        }

        private static func passes(_ state: CellState, _ measurement: CellMeasurement?) -> Bool? {
            guard let measurement, measurement.hasReached, !state.isSingular else { return false }
            return measurement.keepsFloor
        }

        /// Whether two samples are the same input in every run.
        package var hasTwins: Bool { runs.allSatisfy { $0.state.record?.hasEqualInputs == true } }

        /// Why Θ_0 is singular in every run; nil where that is not known.
        var singularity: String? {
            guard runs.allSatisfy(\.state.isSingular), let record = runs.first?.state.record else { return nil }
            return hasTwins
                ? SingularKernel.twins
                : SingularKernel.counted(
                    rows: Int(min(record.kernelRows, 1e18)), weights: record.trainedParameterCount, width: width)
        }
    }

    /// One place of the grid, as far as it is known.
    package struct Place {
        package let label: String
        package let coordinates: [(key: String, value: SweepAxis.Value)]
        package let sizes: [String: Double]
        package let trials: [Trial]
        package let outcome: Outcome
    }

    package enum Outcome {
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

extension CellState {
    /// Whether equal inputs, or fewer weights than the kernel has rows, leave λ_min(Θ_0) = 0.
    var isSingular: Bool {
        guard let record else { return false }
        return record.hasEqualInputs || record.kernelRows > Double(record.trainedParameterCount)
    }
}

extension CellMeasurement {
    /// Whether ‖∇F‖² ≥ 2 (cλ_min(Θ_0)/2) F at every tracked step: the Polyak–Łojasiewicz inequality with half of its
    /// constant at the start (Du, Lee, Li, Wang, Zhai 2019: λ_min(Θ_t) ≥ λ_min(Θ_0)/2); nil where errors leave it open.
    var keepsFloor: Bool? {
        guard let floor, let ratio = values["gradient_ratio"] else { return nil }
        return ratio >= (floor.value + floor.error) / 2 ? true : ratio < (floor.value - floor.error) / 2 ? false : nil
    }
}
