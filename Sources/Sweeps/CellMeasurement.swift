import Cells
import Certificates
import Configurations
import Foundation
import Measurements
import RunFolders
import Runs
import ScalingLaws
import Training

/// What a sweep takes from the run of a cell: numbers at its end, on its way and at its start.
package struct CellMeasurement {
    /// By name: the metrics at the last step, `steps`, `loss_ratio` and the names of `ScalingObservable`.
    package let values: [String: Double]
    /// Whether it got where every cell stops.
    package let hasReached: Bool
    /// cλ_min(Θ_0) of the whole kernel, with its error; nil where it is not above that.
    package let floor: (value: Double, error: Double)?
    /// Below which an observable is its own rounding, by name; none where that cannot be seen.
    let arithmeticFloors: [String: Double]
    /// Whether the kernel that was followed bounds ‖∇F‖²/(2F): the whole one, of the squared loss.
    let boundsGradient: Bool

    /// Reads a complete run.
    /// - Throws: an error that names the file that is not sound.
    package init(of run: String, _ record: RunRecord, _ configuration: Configuration, stop: SweepConfiguration.Stop)
        throws
    {
        let history = try RecordedMetrics.table(RunFile.metrics.path(of: run))
        var values: [String: Double] = [:]
        for name in history.columns where name != "step" {
            values[name] = history.column(name).last ?? .nan
        }
        let losses = history.column(.trainLoss)
        values["learning_rate"] = record.learningRate
        values["loss_ratio"] = (losses.last ?? .nan) / (losses.first ?? .nan)
        values["steps"] = Double(record.step)
        let start = Self.initialization(of: run)
        let layers = start?.layers.map(\.name) ?? []
        values[ScalingObservable.flips.rawValue] = Self.inOrder(MetricFamily.patternFlips.name, values, layers).last
        values[MetricFamily.backwardChange.name] = Self.inOrder(MetricFamily.backwardChange.name, values, layers).first
        values[ScalingObservable.rowDrift.rawValue] = values.filter {
            $0.key.hasPrefix(MetricFamily.weightDriftRow.of(""))
        }.values.max()
        values[ScalingObservable.linearizationGap.rawValue] =
            values[MetricFamily.predictionGapTest.name] ?? values[MetricFamily.predictionGap.name]
        values[ScalingObservable.forwardNormError.rawValue] = start?.layers.map { layer in
            layer.norms.map { max(abs($0.lowerBound - 1), abs($0.upperBound - 1)) } ?? .nan
        }.max()
        values[ScalingObservable.kernelLambdaMin.rawValue] = history.column(.kernelLambdaMin).first { $0.isFinite }
        values[ScalingObservable.gradientRatio.rawValue] = Self.leastGradientRatio(history)
        self.values = values
        arithmeticFloors = Self.arithmeticFloors(values, history, record, configuration)
        let goal = stop.lossRatio.map {
            record.outcome == .goal(.lossRatio) || values["loss_ratio"] ?? 2 <= $0
        }
        let end = stop.steps.map { record.step >= $0 }
        hasReached = record.status == .completed && (goal ?? end ?? true)
        let kernel = configuration.resolved(samples: record.samples ?? 1, outputs: record.outputs ?? 1).tracking.probes
            .kernel
        boundsGradient =
            kernel.extent(outputs: record.outputs).isWhole(of: record.samples ?? .max)
            && configuration.loss == .squared
        let least = history.column(.kernelLambdaMin).first ?? .nan
        let error = history.column(.kernelLambdaError).first ?? .nan
        let weight = configuration.objective.reductionWeight(samples: record.samples ?? 1)
        floor = boundsGradient && least > error ? (weight * least, weight * error) : nil
    }

    private static func arithmeticFloors(
        _ values: [String: Double], _ history: MetricHistory, _ record: RunRecord, _ configuration: Configuration
    ) -> [String: Double] {
        func number(_ key: String) -> Double { configuration.values[key].flatMap { Double($0) } ?? 1 }
        let width = number("model.width")
        let floor = ArithmeticFloor(
            unit: configuration.precision.unitRoundoff, kernelUnit: configuration.kernelPrecision.unitRoundoff,
            steps: record.step,
            layers: Int(number("model.depth")) + 2, width: width,
            condition: history.column(.kernelCondition).first { $0.isFinite } ?? .nan)
        let units = width * Double(min(configuration.tracking.probes.patternSamples, record.samples ?? 1))
        var floors: [String: Double] = [:]
        for (name, value) in values {
            guard let observable = ScalingObservable(ofMetric: name) else { continue }
            let drift = MetricFamily.weightDriftRelative.name + name.drop { $0 != "." }
            floors[name] = floor(
                observable, value: value, relativeDrift: values[drift] ?? .nan, resolution: 1 / max(units, 1))
        }
        // An eigenvalue within ten times the bound of its error.
        let errors = history.column(.kernelLambdaError)
        floors[ScalingObservable.kernelLambdaMin.rawValue] = 10 * (errors.first { $0.isFinite } ?? 0)
        return floors
    }

    /// min ‖∇F‖²/(2F) over all rows; nil where a gradient is no number at one that knows the drift.
    private static func leastGradientRatio(_ history: MetricHistory) -> Double? {
        let (gradients, drifts) = (history.column(.gradientNorm), history.column(.weightDrift))
        guard zip(gradients, drifts).allSatisfy({ $0.isFinite || !$1.isFinite }) else { return nil }
        return zip(gradients, history.column(.trainLoss)).map { gradientRatio(gradientNorm: $0, excess: $1) }.filter(
            \.isFinite
        ).min()
    }

    private static func initialization(of run: String) -> InitializationEvidence? {
        do { return try InitializationEvidence(ofRun: run) } catch { return nil }
    }

    /// The values of a family in the order of the network's layers.
    private static func inOrder(_ family: String, _ values: [String: Double], _ layers: [String]) -> [Double] {
        let known = layers.compactMap { values["\(family).\($0)"] }
        guard known.isEmpty else { return known }
        let names = values.keys.filter { $0.hasPrefix(family + ".") }
        return names.sorted { $0.compare($1, options: .numeric) == .orderedAscending }.compactMap { values[$0] }
    }
}

extension SweepDirectory {
    /// What a complete cell measured; nil for one that is not.
    func measurement(of cell: SweepCell, _ state: CellState, stop: SweepConfiguration.Stop) -> CellMeasurement? {
        guard let record = state.record, case .success(let configuration) = cell.configuration else { return nil }
        do {
            return try CellMeasurement(of: self.cell(cell.id), record, configuration, stop: stop)
        } catch {
            // Damaged since its state was looked at: the next call finds that.
            return nil
        }
    }
}
