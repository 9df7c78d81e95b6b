import Configurations
import ScalingLaws
import Training

extension SweepAxis {
    /// Names of axes in files: the last part of the key where neither another axis nor a number that is measured has
    /// the same, else all parts.
    package static func names(_ axes: [SweepAxis]) -> [String] {
        let short = axes.map { String($0.key.split(separator: ".").last ?? "") }
        return axes.indices.map { i in
            let isTaken = short.filter { $0 == short[i] }.count > 1 || reserved.contains(short[i])
            return isTaken ? axes[i].key.replacing(".", with: "_") : short[i]
        }
    }

    /// Names that an axis cannot have, since they are those of other columns.
    private static let reserved =
        Set(ProbeKinds.families.map(\.name)).union(ScalingObservable.allCases.map(\.rawValue))
        .union([
            "cell", "status", "reached", "steps", "loss_ratio", "integrity", "critical_width", "chosen_width",
            "trained_weights",
        ])
}
