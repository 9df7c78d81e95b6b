import LinearAlgebra

/// The memory of one model at one batch size, and the four maps that run in it.
///
/// Everything is allocated when the workspace is made (tangents on their first use), so that a
/// training step allocates nothing. Not for use by two threads at once.
public final class Workspace<S: Scalar> {
    public let model: Model
    /// The largest number of rows it can take.
    public let capacity: Int
    /// values[l] is the input of layer l of the last forward pass; the last one holds the outputs.
    private var values: [UnsafeMutablePointer<S>] = []
    private var storage: [Matrix<S>] = []
    private let cotangents: (Matrix<S>, Matrix<S>)
    private lazy var tangents = Tangents<S>(model, capacity)
    /// Rows of the last forward pass.
    public private(set) var rows = 0

    public init(_ model: Model, rows capacity: Int) {
        self.model = model
        self.capacity = capacity
        let widest = model.shapes.indices.dropFirst().map(model.size).max() ?? 1
        cotangents = (Matrix(capacity, widest), Matrix(capacity, widest))
        for l in model.layers.indices where !model.worksInPlace(l) {
            storage.append(Matrix(capacity, model.size(l + 1)))
        }
    }

    /// The outputs of the last forward pass, [rows, K].
    public var outputs: UnsafeMutablePointer<S> { values[model.layers.count] }

    /// The input of layer l in the last forward pass; for l = layers.count the outputs.
    ///
    /// Where layer l works in place this is what the layer made of it.
    public func value(_ l: Int) -> UnsafePointer<S> { UnsafePointer(values[l]) }

    /// Outputs f(w, x) of `rows` samples x [rows, inputs]; read them from `outputs`.
    ///
    /// x is only borrowed: it has to stay in place until the pullbacks of this pass are done.
    public func forward(_ w: UnsafePointer<S>, _ x: UnsafePointer<S>, rows: Int) {
        precondition(rows <= capacity, "\(rows) rows in a workspace for \(capacity)")
        self.rows = rows
        bind(UnsafeMutablePointer(mutating: x))
        for (l, layer) in model.layers.enumerated() {
            layer.forward(w + model.offsets[l], values[l], values[l + 1], model.extent(l, rows: rows))
        }
    }

    /// Points values[l] at their memory: the input is the caller's, in-place layers share.
    private func bind(_ x: UnsafeMutablePointer<S>) {
        if !values.isEmpty {
            values[0] = x
            return
        }
        values = [x]
        var next = storage.makeIterator()
        for l in model.layers.indices {
            let shared = values[l]
            values.append(model.worksInPlace(l) ? shared : next.next()?.base ?? shared)
        }
    }

    /// Where the loss writes ∂F/∂f, [rows, K], before `pullback`.
    public var outputCotangent: UnsafeMutablePointer<S> { cotangents.0.base }

    /// The gradient of the last forward pass, from the cotangent in `outputCotangent` into the sink.
    ///
    /// Layer by layer from the last: a sink that is `w` itself is safe, since a layer's weights are
    /// read for the last time before they are written.
    public func pullback(_ w: UnsafePointer<S>, into sink: GradientSink<S>) {
        var yBar = cotangents.0.base
        var spare = cotangents.1.base
        for l in stride(from: model.layers.count - 1, through: model.firstTrained, by: -1) {
            let xBar = model.worksInPlace(l) ? yBar : spare
            model.layers[l].pullback(
                w + model.offsets[l], x: values[l], y: values[l + 1], yBar: yBar,
                xBar: l > model.firstTrained ? xBar : nil, into: sink.advanced(by: model.offsets[l]),
                model.extent(l, rows: rows))
            if xBar != yBar { swap(&yBar, &spare) }
        }
    }

    /// J ẇ at the last forward pass: the directional derivative of the outputs, [rows, K].
    /// Cost: two forward passes (one for frozen layers).
    public func pushforward(_ w: UnsafePointer<S>, tangent wDot: UnsafePointer<S>) -> UnsafeMutablePointer<S> {
        for (l, layer) in model.layers.enumerated() {
            layer.pushforward(
                w + model.offsets[l], tangent: wDot + model.offsets[l], x: values[l], y: values[l + 1],
                xDot: tangents.value(l, below: model.firstTrained), yDot: tangents.values[l + 1].base,
                model.extent(l, rows: rows))
        }
        return tangents.values[model.layers.count].base
    }

    /// Where the loss writes the tangent of ∂F/∂f before `pushforwardOfPullback`.
    public var outputCotangentTangent: UnsafeMutablePointer<S> { tangents.cotangents.0.base }

    /// The tangent of the gradient, into the sink, after `pushforward` and with the cotangent and
    /// its tangent in place: a Hessian-vector product. Cost: about four forward passes.
    public func pushforwardOfPullback(
        _ w: UnsafePointer<S>, tangent wDot: UnsafePointer<S>, into sink: GradientSink<S>
    ) {
        var yBar = cotangents.0.base
        var spare = cotangents.1.base
        var yBarDot = tangents.cotangents.0.base
        var spareDot = tangents.cotangents.1.base
        for l in stride(from: model.layers.count - 1, through: model.firstTrained, by: -1) {
            let layer = model.layers[l]
            let offset = model.offsets[l]
            let extent = model.extent(l, rows: rows)
            let inPlace = model.worksInPlace(l)
            let continues = l > model.firstTrained
            let xBar = inPlace ? yBar : spare
            let xBarDot = inPlace ? yBarDot : spareDot
            let pair = PullbackTangent(
                w: w + offset, wDot: wDot + offset, x: values[l], y: values[l + 1],
                xDot: tangents.value(l, below: model.firstTrained).map { UnsafePointer($0) },
                yDot: tangents.values[l + 1].base, yBar: yBar, yBarDot: yBarDot)
            // First the tangent: in place, the pullback overwrites the ȳ that it reads.
            layer.pushforwardOfPullback(
                pair, xBarDot: continues ? xBarDot : nil, into: sink.advanced(by: offset), extent)
            if continues {
                layer.pullback(
                    w + offset, x: values[l], y: values[l + 1], yBar: yBar, xBar: xBar, into: nil, extent)
            }
            if !inPlace {
                swap(&yBar, &spare)
                swap(&yBarDot, &spareDot)
            }
        }
    }
}

/// The memory that derivatives along a direction need beside a workspace.
private struct Tangents<S: Scalar> {
    /// values[l + 1] is the tangent of layer l's output; kept for every layer.
    let values: [Matrix<S>]
    let cotangents: (Matrix<S>, Matrix<S>)

    init(_ model: Model, _ rows: Int) {
        values = model.shapes.indices.map { Matrix(rows, $0 == 0 ? 0 : model.size($0)) }
        let widest = model.shapes.indices.dropFirst().map(model.size).max() ?? 1
        cotangents = (Matrix(rows, widest), Matrix(rows, widest))
    }

    /// ẋ of layer l; nil at and below the first trained layer, where nothing has moved yet.
    func value(_ l: Int, below first: Int) -> UnsafeMutablePointer<S>? { l > first ? values[l].base : nil }
}
