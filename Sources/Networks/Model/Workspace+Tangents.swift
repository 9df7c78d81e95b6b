import LinearAlgebra

/// Derivatives along a direction ẇ of the weights.
extension Workspace {
    /// J ẇ at the last forward pass: the directional derivative of the outputs, [rows, K].
    /// Cost: two forward passes (one for frozen layers).
    public func pushforward(_ w: UnsafePointer<S>, tangent wDot: UnsafePointer<S>) -> UnsafeMutablePointer<S> {
        for (s, stage) in model.stages.enumerated() where model.dependsOnTrained[s + 1] {
            let yDot = tangents.values[s + 1]
            switch stage.operation {
            case .layer(let layer):
                layer.pushforward(
                    w + model.offsets[s], tangent: wDot + model.offsets[s], x: values[stage.source], y: values[s + 1],
                    xDot: tangent(stage.source), yDot: yDot, extent(s))
            case .sum(let skip, let scale):
                // What does not move has a tangent of zero, which nothing has written.
                for v in [skip, stage.source] where !model.dependsOnTrained[v] {
                    tangents.values[v].update(repeating: 0, count: rows * extents[s].outputs)
                }
                sum(tangents.values[skip], scale, tangents.values[stage.source], yDot, rows * extents[s].outputs)
            }
        }
        let image = tangents.values[model.stages.count]
        if !model.dependsOnTrained[model.stages.count] { image.update(repeating: 0, count: rows * model.outputCount) }
        return image
    }

    /// The tangent of a value; nil where nothing has moved yet.
    private func tangent(_ v: Int) -> UnsafeMutablePointer<S>? { model.dependsOnTrained[v] ? tangents.values[v] : nil }

    /// Where the loss writes the tangent of ∂F/∂f before `pushforwardOfPullback`.
    public var outputCotangentTangent: UnsafeMutablePointer<S> { tangents.cotangents[0].base }

    /// The tangent of the gradient, into the sink, after `pushforward` and with the cotangent and
    /// its tangent in place: a Hessian-vector product. Cost: about five forward passes, four where the reverse pass is
    /// held, whose cotangents then take the place of that in `outputCotangent`.
    func pushforwardOfPullback(
        _ w: UnsafePointer<S>, tangent wDot: UnsafePointer<S>, held: HeldCotangents<S>?, into sink: GradientSink<S>
    ) {
        for operation in model.reverse.operations {
            guard case .pullback(let s, let yBar, let xBar) = operation else {
                if held == nil { ReversePlan.move(operation, cotangents, rows: rows) }
                ReversePlan.move(operation, tangents.cotangents, rows: rows)
                continue
            }
            let stage = model.stages[s]
            let offset = model.offsets[s]
            let pair = PullbackTangent(
                w: w + offset, wDot: wDot + offset, x: values[stage.source], y: values[s + 1],
                xDot: tangent(stage.source).map { UnsafePointer($0) }, yDot: tangents.values[s + 1],
                yBar: held?[s] ?? cotangents[yBar].base, yBarDot: tangents.cotangents[yBar].base)
            // First the tangent: in place, the pullback overwrites the ȳ that it reads.
            stage.layer?.pushforwardOfPullback(
                pair, xBarDot: xBar.map { tangents.cotangents[$0].base }, into: sink.advanced(by: offset), extent(s))
            if held == nil, let xBar { pullback(s, w, cotangents[yBar].base, cotangents[xBar].base, into: nil) }
        }
    }
}

/// The memory that derivatives along a direction need beside a workspace; laid out as the values are,
/// since what the derivatives read of values and of tangents is the same.
struct Tangents<S: Scalar> {
    let values: [UnsafeMutablePointer<S>]
    let cotangents: [MatrixBuffer<S>]
    private let storage: [MatrixBuffer<S>]

    init(_ model: Model, _ rows: Int) {
        let storage = model.memory.sizes.map { MatrixBuffer<S>(rows, $0) }
        self.storage = storage + [MatrixBuffer(rows, model.inputCount)]
        let input = self.storage[storage.count].base
        values = model.memory.buffers.map { $0.map { storage[$0].base } ?? input }
        cotangents = model.reverse.sizes.map { MatrixBuffer(rows, $0) }
    }
}
