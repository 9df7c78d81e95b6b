import Foundation
import Measurements

/// A series by its formula.
struct Formula {
    let loss: (Double) -> Double
    /// −d ln F/dt; where it is given, ‖∇F‖² = rate F/η, and the kernel of one sample is rate/(2η).
    var rate: ((Double) -> Double)?
    var eta = 0.01
    var steps = 2000
    var noise = 0.0
    var hasKernel = false
    var isLogarithmic = false
    var rows = 200
    var asked = 1e-14

    func evidence(_ draw: inout Draw) -> RunEvidence {
        var times: [Int] = []
        if isLogarithmic {
            times = Set((0...rows).map { Int(pow(Double(steps + 1), Double($0) / Double(rows))) - 1 }).sorted()
        } else {
            times = Array(stride(from: 0, through: steps, by: max(steps / rows, 1)))
        }
        var losses = times.map { loss(Double($0)) * exp(noise * draw.normal()) }
        // A run ends where it reaches what was asked for.
        if let end = losses.firstIndex(where: { $0 <= asked * losses[0] }) {
            times = Array(times[...end])
            losses = Array(losses[...end])
        }
        var columns = ["train_loss": losses, "learning_rate": times.map { _ in eta }]
        if let rate {
            let rates = times.map { rate(Double($0)) }
            columns["gradient_norm"] = zip(rates, losses).map { max($0 * $1 / eta, 0).squareRoot() }
            if hasKernel {
                for name in ["kernel_lambda_min", "kernel_lambda_max", "kernel_trace"] {
                    columns[name] = rates.map { $0 / (2 * eta) }
                }
                columns["kernel_lambda_error"] = rates.map { 1e-14 * $0 / eta }
                columns["kernel_drift"] = rates.map { abs($0 - rates[0]) / rates[0] }
                let way = way(times, rate)
                columns["weight_drift"] = way
                columns["weight_drift_relative"] = way.map { $0 / (100 * max(way.last ?? 0, 1e-300)) }
            }
        }
        var run = RunEvidence(series: MetricSeries(steps: times, columns: columns))
        run.setting.lossRatio = asked
        run.setting.roundoff = Double.ulpOfOne / 2
        run.setting.samples = 1
        run.setting.kernel.samples = hasKernel ? 1 : 0
        run.setting.kernel.hasAllOutputs = hasKernel
        run.setting.kernelIsDouble = true
        return run
    }

    /// The way of weights that go straight: Σ η‖∇F‖ over the steps before each row.
    private func way(_ times: [Int], _ rate: (Double) -> Double) -> [Double] {
        var (way, next) = (0.0, 0)
        return times.map { time in
            while next < time {
                way += max(rate(Double(next)) * loss(Double(next)) * eta, 0).squareRoot()
                next += 1
            }
            return way
        }
    }

    /// Density of rows and noise.
    mutating func record(_ draw: inout Draw, noises: [Double]) {
        noise = draw.pick(noises)
        isLogarithmic = draw.chance(0.5)
        rows = draw.pick([24, 80, 300])
    }

    func asCase(
        _ family: String, _ text: String, _ draw: inout Draw,
        _ facts: @escaping @Sendable (RunEvidence, inout Facts) -> Void
    ) -> BatteryCase {
        let asked = asked
        let run = evidence(&draw)
        return BatteryCase(
            family: family,
            parameters:
                "\(text) noise \(noise) rows \(run.series.steps.count) \(isLogarithmic ? "by decades" : "by steps") "
                + "steps \(steps) asked \(asked)\(hasKernel ? ", kernel" : rate == nil ? "" : ", gradient")",
            source: .series(run)
        ) { run in
            var result = Facts()
            result.asked = asked
            facts(run, &result)
            return result
        }
    }
}
