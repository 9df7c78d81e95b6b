import LinearAlgebra

/// Which function of the weights is trained: a network g, or something made from it at its start w₀.
public struct FunctionForm: Sendable, Equatable {
    /// α of the lazy form f = α (g(w, x) − g(w₀, x)), whose objective is divided by α² (Chizat, Oyallon, Bach
    /// 2019, section 1.1); nil for f = g.
    public let lazyScale: Double?
    /// Whether g(w, x) is replaced by g(w₀, x) + J(w₀, x)(w − w₀) (Lee et al. 2019, eq. 5).
    public let isLinearized: Bool

    /// The network itself where nothing is said.
    public init(lazyScale: Double? = nil, isLinearized: Bool = false) {
        self.lazyScale = lazyScale
        self.isLinearized = isLinearized
    }

    /// Whether f is the network itself.
    public var isNetwork: Bool { lazyScale == nil && !isLinearized }
    /// What the objective is multiplied by.
    public var objectiveScale: Double { lazyScale.map { 1 / ($0 * $0) } ?? 1 }
}

/// A function of weights and samples with its pullback, in the workspace of its network.
///
/// At w₀ the lazy form is 0 to the bit, for any samples and rows of a pass.
/// Cost of a pass beside the network's: another forward pass for the lazy form, two for the linearization. The
/// forms of w₀ take a copy of it, and the linearization room for w − w₀.
public final class TrainedFunction<S: Scalar> {
    /// Where the network runs.
    public let workspace: Workspace<S>
    /// What is made of it.
    public let form: FunctionForm
    private let start: ParameterVector<S>?
    private let change: ParameterVector<S>?
    private let combined: MatrixBuffer<S>?

    /// - Parameter start: w₀; not read for the network itself.
    public init(_ workspace: Workspace<S>, _ form: FunctionForm = FunctionForm(), start: ParameterVector<S>? = nil) {
        precondition(form.isNetwork || start != nil, "this form needs the weights at the start")
        self.workspace = workspace
        self.form = form
        self.start = form.isNetwork ? nil : start
        change = form.isLinearized ? start.map { ParameterVector($0.layout) } : nil
        combined = form.isNetwork ? nil : MatrixBuffer(workspace.capacity, workspace.model.outputCount)
    }

    /// f of the last forward pass, [rows, K].
    public var outputs: UnsafeMutablePointer<S> { combined?.base ?? workspace.outputs }

    /// f(w, x) of `rows` samples x [rows, inputs]; read it from `outputs`. x is borrowed as in `Workspace`.
    public func forward(_ w: UnsafePointer<S>, _ x: UnsafePointer<S>, rows: Int) {
        guard let start, let combined else { return workspace.forward(w, x, rows: rows) }
        let count = rows * workspace.model.outputCount
        workspace.forward(start.base, x, rows: rows)
        if let change {
            // g(w₀) is kept for the linearization; the lazy form leaves nothing of it.
            S.axpby(count, form.lazyScale == nil ? 1 : 0, workspace.outputs, 0, combined.base)
            S.subtract(change.count, w, start.base, change.base)
            let moved = workspace.pushforward(start.base, tangent: change.base)
            return S.axpy(count, S(form.lazyScale ?? 1), moved, combined.base)
        }
        S.axpby(count, 1, workspace.outputs, 0, combined.base)
        workspace.forward(w, x, rows: rows)
        // First the difference, of two passes of the same kernels over the same rows: exactly 0 at w₀. A scaled g(w₀)
        // would have been rounded once more than the product that it is subtracted from.
        S.axpby(count, 1, workspace.outputs, -1, combined.base)
        S.scale(count, S(form.lazyScale ?? 1), combined.base)
    }

    /// The gradient of the last forward pass from ∂F/∂f in `workspace.outputCotangent`, into the sink.
    public func pullback(_ w: UnsafePointer<S>, into sink: GradientSink<S>) {
        toNetwork()
        workspace.pullback(point(w), into: sink)
    }

    /// Turns ∂F/∂f in `workspace.outputCotangent` into ∂F/∂g.
    func toNetwork() {
        guard let scale = form.lazyScale else { return }
        S.scale(workspace.rows * workspace.model.outputCount, S(scale), workspace.outputCotangent)
    }

    /// Where the derivatives of the network are taken: w, or w₀ for the linearization.
    public func point(_ w: UnsafePointer<S>) -> UnsafePointer<S> {
        form.isLinearized ? UnsafePointer(start?.base) ?? w : w
    }
}
