import Configurations
import Datasets
import Execution
import Foundation
import HDF5
import LinearAlgebra
import Runs
import WeightFiles

/// What a cell costs, counted before it runs.
package struct CellCost {
    /// Of one step, and of all steps that it may take.
    package let stepFlops: Double
    package let flops: Double
    /// Of all steps, and what it takes to start and end a run, some 50 ms.
    package var work: Double { flops + 3e9 }
    /// Peak of its process.
    package let bytes: Double

    package static let unknown = CellCost(stepFlops: 0, flops: 0, bytes: 0)
}

/// Counts the costs of cells; data is loaded once for cells one after another that differ in seed or network only.
package struct CellCosts {
    private var costs: [String: CellCost] = [:]
    /// That of the cell before.
    private var samples: (key: String, Any)?
    /// What there is to say of the data, each once.
    package private(set) var remarks: [Remark] = []

    package init() {}

    /// - Throws: what is wrong with the cell's data or network.
    package mutating func cost(of configuration: Configuration) throws -> CellCost {
        try cost(of: configuration, configuration.precision.storedScalar)
    }

    /// The cost of a cell that is about to run; one whose data or network is wrong will end at once and say why.
    mutating func expectedCost(of configuration: Configuration) -> CellCost {
        do { return try cost(of: configuration) } catch { return .unknown }
    }

    private mutating func cost<S: Scalar & HDF5Element>(of configuration: Configuration, _ type: S.Type) throws
        -> CellCost
    {
        let sorted = configuration.values.filter { $0.key != "seed" }.sorted { $0.key < $1.key }
        let key = sorted.map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
        if let known = costs[key] { return known }
        let experiment: Experiment<S> = try experiment(configuration)
        if let start = configuration.model.start { _ = try WeightImport<S>(start, experiment.model) }
        for remark in experiment.remarks where !remarks.contains(remark) { remarks.append(remark) }
        let stepFlops = experiment.model.stepFlops(rows: experiment.sampler.batch)
        let cost = CellCost(
            stepFlops: stepFlops, flops: stepFlops * Double(configuration.training.stop.steps),
            bytes: try experiment.memoryBytes() + Double(ProcessMemory.own))
        costs[key] = cost
        return cost
    }

    /// The data of a cell, loaded once for all that share it, with its network.
    package mutating func experiment<S: Scalar & HDF5Element>(_ configuration: Configuration) throws -> Experiment<S> {
        let key = Self.dataKey(configuration)
        if let samples, samples.key == key, let known = samples.1 as? PreparedSamples<S> {
            return try Experiment<S>(configuration, known)
        }
        // Before others are loaded: one data set can be half of the memory.
        samples = nil
        let loaded = try configuration.data.samples(as: S.self)
        samples = (key, loaded)
        return try Experiment<S>(configuration, loaded)
    }

    /// Counts the costs of cells in an order in which each data set is loaded once; costs are then known.
    package mutating func count(_ cells: [SweepCell]) {
        // A cell without a configuration says itself what is wrong with it.
        let configurations = cells.compactMap { cell in
            if case .success(let configuration) = cell.configuration { configuration } else { nil }
        }
        for configuration in configurations.map({ ($0, Self.dataKey($0)) }).sorted(by: { $0.1 < $1.1 }).map(\.0) {
            _ = expectedCost(of: configuration)
        }
        samples = nil
    }

    /// What decides the data but the seed.
    private static func dataKey(_ configuration: Configuration) -> String {
        let isOfData = { (key: String) in key.hasPrefix("data.") || key.hasPrefix("loss.") || key == "precision" }
        return configuration.values.filter { isOfData($0.key) }.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
    }
}
