import Descents
import Statistics

extension DescentAnalysis {
    /// The numbers behind a verdict on its law.
    var quantities: [Quantity] {
        let clock = "a step, at the first η"
        var list = [Quantity("rate of F − F* at the end", descent.lastRate, note: clock)]
        if let trend {
            list.append(
                Quantity(
                    "fall of the rate over the last decades", trend.decline.value, interval: trend.decline.interval,
                    note: "constant up to \(shown(Thresholds.rateFall))",
                    witness?.isProof == true ? nil : .atMost(Thresholds.rateFall)))
        }
        if let witness {
            list.append(
                Quantity(
                    "min λ(Θ_t)/λ(Θ_0)", witness.leastRatio.upperBound, interval: witness.leastRatio,
                    note: "smallest on the range; a witness from 0.5", .atLeast(0.5)))
            list.append(
                Quantity(
                    "least fall of ln(F − F*) that all Θ_t allow", witness.reach, note: "over the descent; 2 or more",
                    .atLeast(2)))
            if let slowest = witness.slowest {
                list.append(
                    Quantity(
                        "slowest contraction over that of all Θ_t's slowest mode", slowest.share, note: "at least 0.5",
                        .atLeast(0.5)))
            }
        }
        guard let fits, let linear = fits.linear else { return list }
        list.append(
            Quantity(
                "rate r of the fit (\(linear.model.rawValue))", linear.rate.value, interval: linear.rate.interval,
                note: clock))
        for fit in fits.fits where !fit.model.isLinear {
            list.append(
                Quantity(
                    "BIC of \(fit.model.rawValue) − that", fit.bic - linear.bic,
                    note: "at least \(shown(Thresholds.bic.linear)) speaks for linear convergence"))
        }
        return list
    }
}
