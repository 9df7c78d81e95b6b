import LinearAlgebra

/// The memory of one model at one batch size, and the four maps that run in it.
///
/// Everything is allocated when the workspace is made (tangents on their first use), so that a
/// training step allocates nothing. Not for use by two threads at once.
public final class Workspace<S: Scalar> {
    /// The network that runs in it.
    public let model: Model
    /// The largest number of rows it can take.
    public let capacity: Int
    /// values[v] is value v of the last forward pass, where nothing has overwritten it.
    private(set) var values: [UnsafeMutablePointer<S>]
    private let storage: [MatrixBuffer<S>]
    let cotangents: [MatrixBuffer<S>]
    let extents: [Extent]
    private(set) lazy var tangents = Tangents<S>(model, capacity)
    /// Rows of the last forward pass.
    public private(set) var rows = 0

    /// Memory for batches of up to that many rows: `Model.workspaceCount(rows:)` numbers.
    public init(_ model: Model, rows capacity: Int) {
        self.model = model
        self.capacity = capacity
        let storage = model.memory.sizes.map { MatrixBuffer<S>(capacity, $0) }
        self.storage = storage
        cotangents = model.reverse.sizes.map { MatrixBuffer(capacity, $0) }
        extents = model.stages.indices.map { model.extent($0, rows: 1) }
        // The first entry is a stand-in until a batch comes.
        values = model.memory.buffers.map { storage[$0 ?? 0].base }
    }

    /// The blocks, each of at most `capacity` rows, in which it takes so many samples.
    package func forEachBlock(of samples: Int, _ body: (_ first: Int, _ rows: Int) -> Void) {
        for first in stride(from: 0, to: samples, by: capacity) { body(first, min(capacity, samples - first)) }
    }

    /// Stage s at the last forward pass.
    package func extent(_ s: Int) -> Extent { extents[s].with(rows: rows) }

    /// The outputs of the last forward pass, [rows, K].
    public var outputs: UnsafeMutablePointer<S> { values[model.stages.count] }

    /// Value v of the last forward pass; where a later stage worked in place, what that made of it.
    public func value(_ v: Int) -> UnsafePointer<S> { UnsafePointer(values[v]) }

    /// Outputs f(w, x) of `rows` samples x [rows, inputs]; read them from `outputs`.
    ///
    /// x is only borrowed: it has to stay in place until the pullbacks of this pass are done.
    public func forward(_ w: UnsafePointer<S>, _ x: UnsafePointer<S>, rows: Int) {
        precondition(rows <= capacity, "\(rows) rows in a workspace for \(capacity)")
        self.rows = rows
        values[0] = UnsafeMutablePointer(mutating: x)
        for (s, stage) in model.stages.enumerated() where !model.fusion.isFused(s) {
            switch stage.operation {
            case .layer(let layer):
                let own = w + model.offsets[s]
                if let slope = model.fusion.following[s] {
                    layer.forward(own, values[stage.source], values[s + 1], rectifying: S(slope), extent(s))
                } else {
                    layer.forward(own, values[stage.source], values[s + 1], extent(s))
                }
            case .sum(let skip, let scale):
                sum(values[skip], scale, values[stage.source], values[s + 1], rows * extents[s].outputs)
            }
        }
    }

    /// y ← skip + scale · branch; y may be either of them.
    func sum(
        _ skip: UnsafeMutablePointer<S>, _ scale: Double, _ branch: UnsafeMutablePointer<S>,
        _ y: UnsafeMutablePointer<S>, _ count: Int
    ) {
        if y == branch { return S.axpby(count, 1, skip, S(scale), y) }
        if y != skip { S.axpby(count, 1, skip, 0, y) }
        S.axpby(count, S(scale), branch, 1, y)
    }

    /// Where the loss writes ∂F/∂f, [rows, K], before `pullback`.
    public var outputCotangent: UnsafeMutablePointer<S> { cotangents[0].base }

    /// The gradient of the last forward pass, from the cotangent in `outputCotangent` into the sink.
    ///
    /// From the last stage to the first trained one: a sink that is `w` itself is safe, since a
    /// layer's weights are read for the last time before they are written.
    public func pullback(_ w: UnsafePointer<S>, into sink: GradientSink<S>) {
        for (operation, slope) in model.fusion.reverse {
            guard case .pullback(let s, let yBar, let xBar) = operation else {
                ReversePlan.move(operation, cotangents, rows: rows)
                continue
            }
            if let slope, let xBar {
                model.stages[s].layer?.pullback(
                    w + model.offsets[s], x: values[model.stages[s].source], y: values[s + 1],
                    yBar: cotangents[yBar].base, xBar: cotangents[xBar].base, rectifying: S(slope),
                    into: sink.advanced(by: model.offsets[s]), extent(s))
            } else {
                pullback(s, w, cotangents[yBar].base, xBar.map { cotangents[$0].base }, into: sink)
            }
        }
    }

    func pullback(
        _ s: Int, _ w: UnsafePointer<S>, _ yBar: UnsafeMutablePointer<S>, _ xBar: UnsafeMutablePointer<S>?,
        into sink: GradientSink<S>?
    ) {
        model.stages[s].layer?.pullback(
            w + model.offsets[s], x: values[model.stages[s].source], y: values[s + 1], yBar: yBar, xBar: xBar,
            into: sink?.advanced(by: model.offsets[s]), extent(s))
    }

    /// The same for `count` cotangents of every sample, without weight gradients.
    func pullback(
        _ s: Int, count: Int, _ w: UnsafePointer<S>, _ yBar: UnsafeMutablePointer<S>, _ xBar: UnsafeMutablePointer<S>
    ) {
        model.stages[s].layer?.pullback(
            count: count, w + model.offsets[s], x: values[model.stages[s].source], y: values[s + 1], yBar: yBar,
            xBar: xBar, extent(s))
    }
}
