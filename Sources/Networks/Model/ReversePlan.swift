import LinearAlgebra

/// The reverse pass, worked out once: which cotangent lies in which buffer, and what to do in turn.
///
/// Cotangents live from the last reader of a value to its maker. A value with two readers, where a
/// residual block begins, adds up two of them. Nothing is done below the first trained stage.
struct ReversePlan: Sendable {
    enum Operation: Sendable {
        /// Pullback of a stage: ȳ in one buffer, x̄ (where it is needed) into another or the same.
        case pullback(stage: Int, yBar: Int, xBar: Int?)
        /// Buffer `to` ← buffer `to` + buffer `from`.
        case add(Int, to: Int, count: Int)
        /// Buffer `to` ← scale · buffer `from`; they may be the same.
        case scale(Int, to: Int, by: Double, count: Int)
    }

    private(set) var operations: [Operation] = []
    /// Numbers a sample in each buffer; buffer 0 takes ∂F/∂f.
    private(set) var sizes: [Int] = []
    private var free: [Int] = []
    private var cotangents: [Int?]
    private let valueSizes: [Int]

    /// - Parameter dependsOnTrained: whether each value depends on a trained tensor.
    init(_ stages: [Stage], sizes valueSizes: [Int], dependsOnTrained: [Bool]) {
        self.valueSizes = valueSizes
        cotangents = Array(repeating: nil, count: stages.count + 1)
        cotangents[stages.count] = take(valueSizes[stages.count])
        for s in stages.indices.reversed() where dependsOnTrained[s + 1] {
            guard let yBar = cotangents[s + 1] else { continue }
            switch stages[s].operation {
            case .layer(let layer):
                pullback(s, layer, yBar, to: dependsOnTrained[stages[s].source] ? stages[s].source : nil)
            case .sum(let skip, let scale):
                split(
                    yBar, skip: dependsOnTrained[skip] ? skip : nil,
                    source: dependsOnTrained[stages[s].source] ? stages[s].source : nil,
                    scale)
            }
        }
    }

    /// The linear operations of the reverse pass, on cotangents or on their tangents.
    static func move<S: Scalar>(_ operation: Operation, _ buffers: [MatrixBuffer<S>], rows: Int) {
        switch operation {
        case .pullback: break
        case .add(let from, let to, let count): S.axpy(rows * count, 1, buffers[from].base, buffers[to].base)
        case .scale(let from, let to, let scale, let count):
            if from == to { return S.scale(rows * count, S(scale), buffers[to].base) }
            S.axpby(rows * count, S(scale), buffers[from].base, 0, buffers[to].base)
        }
    }

    private mutating func pullback(_ s: Int, _ layer: any Layer, _ yBar: Int, to source: Int?) {
        guard let source else {
            operations.append(.pullback(stage: s, yBar: yBar, xBar: nil))
            return free.append(yBar)
        }
        let xBar = layer.worksInPlace ? yBar : take(valueSizes[source])
        operations.append(.pullback(stage: s, yBar: yBar, xBar: xBar))
        if xBar != yBar { free.append(yBar) }
        give(xBar, to: source)
    }

    /// The cotangent of a sum goes to both of its terms.
    private mutating func split(_ yBar: Int, skip: Int?, source: Int?, _ scale: Double) {
        guard let source else { return skip.map { give(yBar, to: $0) } ?? free.append(yBar) }
        let count = valueSizes[source]
        var branch = yBar
        if let skip {
            if let present = cotangents[skip] {
                operations.append(.add(yBar, to: present, count: count))
            } else {
                cotangents[skip] = yBar
                branch = take(count)
            }
        }
        if branch != yBar || scale != 1 { operations.append(.scale(yBar, to: branch, by: scale, count: count)) }
        give(branch, to: source)
    }

    /// A buffer becomes a value's cotangent, or is added to it.
    private mutating func give(_ buffer: Int, to value: Int) {
        guard let present = cotangents[value] else {
            cotangents[value] = buffer
            return
        }
        operations.append(.add(buffer, to: present, count: valueSizes[value]))
        free.append(buffer)
    }

    /// The smallest free buffer that is large enough, or the largest one, made larger.
    private mutating func take(_ count: Int) -> Int {
        let fitting = free.filter { sizes[$0] >= count }.min { sizes[$0] < sizes[$1] }
        guard let chosen = fitting ?? free.max(by: { sizes[$0] < sizes[$1] }) else {
            sizes.append(count)
            return sizes.count - 1
        }
        free.removeAll { $0 == chosen }
        sizes[chosen] = max(sizes[chosen], count)
        return chosen
    }
}
