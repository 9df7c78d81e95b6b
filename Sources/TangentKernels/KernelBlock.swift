import LinearAlgebra
import Networks

/// What the kernel keeps of some samples: for each trained layer its inputs and cotangents, or its gradients.
public final class KernelBlock<S: Scalar> {
    let plan: KernelPlan
    let outputs: Int
    /// The most samples it takes, and those that it holds.
    public let capacity: Int
    /// The samples that it holds now.
    public internal(set) var samples = 0
    let layers: [LayerBlock<S>]

    init(_ plan: KernelPlan, outputs: Int, capacity: Int) {
        self.plan = plan
        self.outputs = outputs
        self.capacity = capacity
        layers = plan.layers.map { LayerBlock($0, outputs: outputs, capacity: capacity, plan.outputs) }
    }

    /// Has it hold so many samples, which `forEachArray` then takes from elsewhere.
    package func take(samples: Int) {
        precondition(samples <= capacity, "\(samples) samples in a block for \(capacity)")
        self.samples = samples
    }

    /// All that it holds of its samples, array by array with a name and a count.
    package func forEachArray(_ body: (_ name: String, UnsafeMutablePointer<S>, _ count: Int) throws -> Void) rethrows {
        for (index, layer) in layers.enumerated() {
            if let x = layer.x { try body("\(index)-inputs", x.base, samples * layer.plan.places * x.columns) }
            let rows = samples * outputs
            if layer.d.columns > 0 { try body("\(index)-cotangents", layer.d.base, rows * layer.d.columns) }
            if let bias = layer.bias { try body("\(index)-bias", bias.base, rows * bias.columns) }
        }
    }
}

/// The part of one layer.
struct LayerBlock<S: Scalar> {
    let plan: KernelPlan.LayerPlan
    /// products: [samples, places, patch].
    let x: MatrixBuffer<S>?
    /// products: cotangents [samples, outputs, places, channels], for the trace [samples, places, outputs,
    /// channels]; gradients: [samples, outputs, weights].
    let d: MatrixBuffer<S>
    /// gradients: those of the bias, [samples, outputs, channels].
    let bias: MatrixBuffer<S>?
    private let outputs: Int
    private let isTransposed: Bool

    init(_ plan: KernelPlan.LayerPlan, outputs: Int, capacity: Int, _ kind: KernelOutputs) {
        self.plan = plan
        self.outputs = outputs
        let isProducts = plan.algorithm == .products
        isTransposed = isProducts && kind == .trace && plan.places > 1
        let rows = capacity * outputs
        x = isProducts ? MatrixBuffer(capacity * plan.places, plan.patch) : nil
        d = MatrixBuffer(rows, isProducts ? plan.places * plan.channels : plan.trainsWeight ? plan.weights : 0)
        bias = !isProducts && plan.trainsBias ? MatrixBuffer(rows, plan.channels) : nil
    }

    /// Takes samples first..<first + rows from a pass: x [rows, …], ȳ [outputs, rows, …].
    func fill(
        at first: Int, _ x: UnsafePointer<S>, _ yBar: UnsafePointer<S>, _ extent: Extent
    ) {
        if let patches = self.x {
            plan.part.gatherPatches(x, patches.base + first * plan.places * plan.patch, extent)
            return copy(yBar, extent.rows, to: d.base + first * outputs * d.columns)
        }
        if plan.trainsWeight {
            plan.part.weightGradients(
                count: outputs, yBar, x, d.base + first * outputs * d.columns, step: d.columns, extent)
        }
        guard let bias else { return }
        let scale = S(plan.biasScale)
        for i in 0..<extent.rows {
            for a in 0..<outputs {
                S.sumRows(
                    plan.places, plan.channels, scale, yBar + (a * extent.rows + i) * extent.outputs, 0,
                    bias.base + ((first + i) * outputs + a) * plan.channels)
            }
        }
    }

    /// ȳ [outputs, rows, places, channels] in the order of `d`.
    private func copy(_ yBar: UnsafePointer<S>, _ rows: Int, to target: UnsafeMutablePointer<S>) {
        let places = plan.places
        guard isTransposed else {
            if outputs == 1 { return S.axpby(rows * d.columns, 1, yBar, 0, target) }
            let order = (0..<(rows * outputs)).map { $0 % outputs * rows + $0 / outputs }
            return S.gatherRows(places * plan.channels, yBar, order, target)
        }
        let order = (0..<(rows * places * outputs)).map { index in
            let (i, p, a) = (index / outputs / places, index / outputs % places, index % outputs)
            return (a * rows + i) * places + p
        }
        S.gatherRows(plan.channels, yBar, order, target)
    }
}

extension LayerBlock {
    /// The trace of a layer with one place, or with its gradients at hand: Σ_i (s² ‖x_i‖² + s_b²) Σ_a ‖d_ia‖², or
    /// Σ ‖d‖².
    func trace(samples: Int) -> Double {
        func squares(_ matrix: MatrixBuffer<S>, _ i: Int, rows: Int) -> Double {
            let start = matrix.base + i * rows * matrix.columns
            return S.dot(rows * matrix.columns, start, start)
        }
        return (0..<samples).reduce(0) { total, i in
            guard let x else {
                return total + squares(d, i, rows: outputs) + (bias.map { squares($0, i, rows: outputs) } ?? 0)
            }
            let constant = plan.trainsBias ? plan.biasScale * plan.biasScale : 0
            let input = plan.weightScale * plan.weightScale * squares(x, i, rows: 1) + constant
            return total + input * squares(d, i, rows: outputs)
        }
    }
}

/// Which parts of a kernel are wanted.
public enum KernelPart: Sendable, Equatable {
    case whole
    /// A trained layer by its place in the plan.
    case layer(Int)
    /// Its weight alone, its bias alone.
    case weight(Int)
    case bias(Int)
}

extension LayerBlock {
    /// The factors of a block of the kernel with the samples of `self`, from `first` on, as rows.
    func factors(
        from first: Int, columns: LayerBlock, from other: Int, weight: Bool, bias: Bool, _ kind: KernelOutputs
    ) -> [TangentFactor<S>] {
        let isTrace = kind == .trace
        func pair(_ a: MatrixBuffer<S>, _ b: MatrixBuffer<S>, rowsEach: Int) -> (UnsafePointer<S>, UnsafePointer<S>) {
            (
                UnsafePointer(a.base + first * rowsEach * a.columns),
                UnsafePointer(b.base + other * rowsEach * b.columns)
            )
        }
        let merged = isTrace ? outputs : 1
        if let x, let otherX = columns.x {
            let constant = bias && plan.trainsBias ? plan.biasScale * plan.biasScale : 0
            guard weight || constant != 0 else { return [] }
            return [
                TangentFactor(
                    x: weight ? pair(x, otherX, rowsEach: plan.places) : nil, d: pair(d, columns.d, rowsEach: outputs),
                    places: plan.places, xLength: plan.patch, dLength: plan.channels * merged,
                    scale: S(plan.weightScale * plan.weightScale), constant: S(constant))
            ]
        }
        let parts = [
            weight && plan.trainsWeight ? (d, columns.d) : nil,
            bias
                ? self.bias.flatMap { own in
                    columns.bias.map { (own, $0) }
                } : nil,
        ]
        return parts.compactMap { $0 }.map { own, others in
            TangentFactor(
                x: nil, d: pair(own, others, rowsEach: outputs), places: 1, xLength: 0, dLength: own.columns * merged,
                scale: 0, constant: 1)
        }
    }
}
