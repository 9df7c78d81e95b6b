import Configurations
import Datasets
import Files

/// The width at which a network comes nearest to a number of trained weights, of two that come as near the smaller one.
package struct BudgetedWidth: Sendable, Equatable {
    package let width: Int
    /// Trained weights at that width, and how many were asked for.
    package let weights, budget: Int

    /// How far the weights are off, over the budget.
    package var deviation: Double { Double(weights - budget) / Double(budget) }
    /// Whole widths come nearer than this to most budgets.
    package var isNear: Bool { abs(deviation) <= 0.01 }
}

/// Chooses widths of cells; data is loaded once for cells that share it, since its shape decides the ends of the network.
struct WidthBudget {
    private let budget: Int
    /// Of data, by the keys that decide it.
    private var shapes: [String: (inputs: [Int], outputs: Int)] = [:]
    /// By all keys but the seed.
    private var found: [String: BudgetedWidth] = [:]
    /// Of `model.width`.
    private static let mostWidth = 1 << 20

    init(_ budget: Int) { self.budget = budget }

    /// Cost: some 2 log₂(width) networks are described, and none is drawn.
    /// - Parameter source: of the cell, with any width.
    /// - Throws: what is wrong with the cell's configuration, data or network.
    mutating func width(_ source: ConfigSource, name: String) throws -> BudgetedWidth {
        let configuration = try Configuration(source: source, defaultName: name)
        let key = Self.key(configuration) { $0 != SweepAxis.seed && $0 != SweepAxis.width }
        if let known = found[key] { return known }
        let shape = try shape(of: configuration)
        func weights(_ width: Int) throws -> Int {
            let cell = try Configuration(
                source: source.setting([Override(SweepAxis.width, "\(width)")], name: name), defaultName: name)
            return try cell.model.model(inputShape: shape.inputs, outputs: shape.outputs).layout.trainedCount
        }
        let chosen = try nearest(weights)
        found[key] = chosen
        return chosen
    }

    /// Weights grow with the width: the first width that has as many as the budget is bracketed and bisected; it or the one before.
    private func nearest(_ weights: (Int) throws -> Int) throws -> BudgetedWidth {
        var (low, high) = (0, 1)
        while try weights(high) < budget, high < Self.mostWidth { (low, high) = (high, 2 * high) }
        while high - low > 1 {
            let middle = (low + high) / 2
            if try weights(middle) < budget { low = middle } else { high = middle }
        }
        let candidates = try [low, high].filter { $0 > 0 }.map {
            BudgetedWidth(width: $0, weights: try weights($0), budget: budget)
        }
        let best = candidates.dropFirst().reduce(candidates[0]) { abs($1.deviation) < abs($0.deviation) ? $1 : $0 }
        guard abs(best.deviation) <= 0.5 else {
            throw LabError(
                "sweep.parameters: expected a number that some width comes near, found \(budget): width \(best.width) has "
                    + "\(best.weights) trained weights")
        }
        return best
    }

    private mutating func shape(of configuration: Configuration) throws -> (inputs: [Int], outputs: Int) {
        let key = Self.key(configuration) { $0.hasPrefix("data.") || $0.hasPrefix("loss.") }
        if let known = shapes[key] { return known }
        let samples: PreparedSamples<Float> = try configuration.data.samples(as: Float.self)
        let shape = (samples.train.shape, samples.train.targets.columns)
        shapes[key] = shape
        return shape
    }

    private static func key(_ configuration: Configuration, _ isPart: (String) -> Bool) -> String {
        configuration.values.filter { isPart($0.key) }.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
    }
}
