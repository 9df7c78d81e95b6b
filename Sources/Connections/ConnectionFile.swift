import Alignment
import HDF5
import Landscape
import Runs

/// The file of a connection: losses along each path, overlaps, and the new order of units.
extension Connection {
    package static var format: String { "ntklab-connection" }

    /// - Throws: an error where the file can't be written.
    package func write(to path: String) throws {
        try HDF5Writer.write(to: path) { file in
            let configuration = minima[0].configuration
            try FileHeader(
                configText: configuration.resolvedText, seed: configuration.seed, precision: .float64,
                dataDigest: minima[0].dataDigest, environment: RunRecord.Environment()
            ).write(to: file, format: Self.format)
            for (name, minimum) in zip(["a", "b"], minima) {
                try file.attribute("run_\(name)", minimum.run)
                try file.attribute("step_\(name)", minimum.step)
            }
            try file.attribute("alignment", request.alignment.rawValue)
            for (name, losses) in [("line", before), ("aligned", after), ("bezier", curve)] {
                if let losses { try write(losses, "/\(name)", to: file) }
            }
            if let rate {
                try file.attribute("steps", of: "/bezier", BendSearch.steps)
                try file.attribute("learning_rate", of: "/bezier", rate)
            }
            try writeOverlaps(to: file)
            if let matched { try write(matched, to: file) }
        }
    }

    private func write(_ losses: PathLosses, _ group: String, to file: HDF5Writer) throws {
        try file.group(group)
        let barrier = losses.barrier
        try file.attribute("barrier", of: group, barrier.height)
        try file.attribute("barrier_t", of: group, barrier.place)
        try file.attribute("barrier_bound", of: group, barrier.bound)
        try file.attribute("barrier_error", of: group, barrier.error)
        try file.attribute("verdict", of: group, barrier.verdict.rawValue)
        func dataset(_ name: String, _ values: [Double], _ meaning: String) throws {
            try file.dataset("\(group)/\(name)", values, attributes: ["units": "1", "long_name": meaning])
        }
        try dataset("t", losses.t, "place on the curve, 0 at run a, 1 at run b")
        let sets = [("train", losses.train), ("test", losses.test)].filter { !$0.1.isEmpty }
        var axes: [(dataset: String, axis: Int)] = []
        for (name, values) in sets {
            try dataset("\(name)_loss", values.map(\.loss), "loss of the \(name) samples")
            axes.append(("\(group)/\(name)_loss", 0))
            let accuracies = values.compactMap(\.accuracy)
            guard accuracies.count == values.count else { continue }
            try dataset("\(name)_accuracy", accuracies, "share of the \(name) samples that are given their class")
            axes.append(("\(group)/\(name)_accuracy", 0))
        }
        try file.scale("\(group)/t", named: "t", axes: axes)
        try dataset("refined_t", barrier.points.map(\.t), "t with the points that were added for the barrier")
        try dataset("refined_train_loss", barrier.points.map(\.loss), "loss of the training samples there")
    }

    private func writeOverlaps(to file: HDF5Writer) throws {
        let rows = OverlapRow.rows(of: self)
        try file.group("/overlap")
        try file.strings("/overlap/tensor", rows.map(\.tensor))
        let columns: [(String, (OverlapRow) -> OverlapRow.Near?)] = [
            ("before", { $0.before }), ("after", { $0.after }), ("initial_before", { $0.initialBefore }),
            ("initial_after", { $0.initialAfter }),
        ]
        for (name, near) in columns {
            let values = rows.compactMap(near)
            guard values.count == rows.count else { continue }
            try file.dataset(
                "/overlap/\(name)", values.map { $0.cosine ?? .nan },
                attributes: ["units": "1", "long_name": "inner product over both norms"])
            try file.dataset(
                "/overlap/\(name)_distance", values.map(\.distance),
                attributes: ["units": "1", "long_name": "norm of the difference"])
        }
    }

    private func write(_ matched: MatchedMinima, to file: HDF5Writer) throws {
        try file.group("/units")
        for (group, map) in zip(matched.groups.groups, matched.weights.matching.maps) {
            let path = "/units/\(group.name)"
            try file.group(path)
            try file.attribute("rescaled", of: path, group.symmetry.contains(.scale) ? "yes" : "no")
            try file.dataset(
                "\(path)/source", map.sources.map { Int64($0) },
                attributes: ["units": "1", "long_name": "unit of run b that takes the place of each unit of run a"])
            try file.dataset(
                "\(path)/sign", map.factors, attributes: ["units": "1", "long_name": "-1 where it is turned over"])
        }
    }
}
