import LinearAlgebra
import Networks

/// Θ = J Jᵀ on R^{nK} by one pullback and one pushforward, without J and without Θ.
///
/// J is the Jacobian of all outputs in the trained weights, rows ordered (sample, output).
/// Cost of a product: five forward passes over the samples, six where they do not fit into the
/// workspace at once.
public final class TangentKernelOperator<S: Scalar>: LinearOperator {
    private let workspace: Workspace<S>
    private let w: ParameterVector<S>
    private let inputs: MatrixBuffer<S>
    private let gradient: ParameterVector<S>

    /// - Parameter inputs: [n, d]; the workspace may be smaller, then blocks of it are used.
    public init(_ workspace: Workspace<S>, _ w: ParameterVector<S>, inputs: MatrixBuffer<S>) {
        self.workspace = workspace
        self.w = w
        self.inputs = inputs
        gradient = ParameterVector(w.layout)
    }

    public var dimension: Int { inputs.rows * workspace.model.outputCount }

    public func apply(_ x: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>) {
        let outputs = workspace.model.outputCount
        forEachBlock { first, rows in
            workspace.outputCotangent.update(from: x + first * outputs, count: rows * outputs)
            workspace.pullback(w.base, into: GradientSink(target: gradient.base, alpha: 1, beta: first == 0 ? 0 : 1))
        }
        // The pass of a single block is still in the workspace.
        let isWhole = inputs.rows <= workspace.capacity
        forEachBlock(isForward: !isWhole) { first, rows in
            let image = workspace.pushforward(w.base, tangent: gradient.base)
            (out + first * outputs).update(from: image, count: rows * outputs)
        }
    }

    private func forEachBlock(isForward: Bool = true, _ body: (_ first: Int, _ rows: Int) -> Void) {
        workspace.forEachBlock(of: inputs.rows) { first, rows in
            if isForward { workspace.forward(w.base, inputs.base + first * inputs.columns, rows: rows) }
            body(first, rows)
        }
    }
}
