import Console
import Execution
import SpinGlasses

/// Stationary points of spin glasses over many draws as part of a study.
package struct SpinGlassPart: StudyPart {
    package let name: String
    let usual: SpinPlan
    /// With `--full`.
    let full: SpinPlan

    package init(name: String, usual: SpinPlan, full: SpinPlan) {
        (self.name, self.usual, self.full) = (name, usual, full)
    }

    private func plan(_ call: StudyCall) -> SpinPlan { call.isFull ? full : usual }

    package func forecast(_ call: StudyCall) throws -> any StudyForecast {
        try SpinForecast(plan(call), in: "\(call.path)/\(name)")
    }

    package func run(_ call: StudyCall) throws -> (any StudyResults)? {
        let isDone = try plan(call).run(in: "\(call.path)/\(name)") { if !call.quiet { call.say($0) } }
        return isDone ? try results(in: call.path) : nil
    }

    package func isThere(in study: String) -> Bool { SpinFile("\(study)/\(name)").isThere }

    package func results(in study: String) throws -> any StudyResults { try SpinResults(folder: "\(study)/\(name)") }
}

extension SpinPlan {
    /// A minute on one core: all shapes with up to 4,000 complex points, with 16 draws.
    package static var usual: SpinPlan {
        SpinPlan(shapes: all.filter { $0.bound <= 4000 }, seeds: 0..<16, mostSearches: 1 << 18)
    }

    /// All shapes, with 64 draws: half an hour or more.
    package static var full: SpinPlan { SpinPlan(shapes: all, seeds: 0..<64, mostSearches: 1 << 20) }

    /// Of order 2 to 6 and dimension 2 to 8.
    private static var all: [SpinShape] {
        (2...6).flatMap { order in (2...8).map { SpinShape(order: order, dimension: $0) } }
    }
}

/// What draws of spin glasses would cost.
struct SpinForecast: StudyForecast {
    let draws, left: Int
    /// With 60 searches for each real point that there is on average, of 12 steps each, as was usual.
    let flops: Double

    /// - Throws: where the folder holds draws of another plan.
    init(_ plan: SpinPlan, in folder: String) throws {
        let left = plan.draws.dropFirst(try SpinFile(folder).draws(of: plan).count)
        (draws, self.left) = (plan.draws.count, left.count)
        let shapes = Dictionary(grouping: left) { $0.shape }
        flops = shapes.reduce(0) { sum, each in
            let (shape, n) = (each.key, each.key.dimension)
            let step = SpinGlass(order: shape.order, dimension: n, seed: 0).flops + 2 * n * n * n / 3 + 4 * n * n
            return sum + Double(each.value.count) * 720 * shape.meanCount * Double(step)
        }
    }

    var isSound: Bool { true }

    func lines(columns: Int) -> [String] {
        wrapped("draws     \(draws), \(left) to make, about \(engineering(flops))flop", columns: columns, indent: 10)
    }
}
