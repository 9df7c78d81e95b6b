import LinearAlgebra

/// An elementwise map y = φ(x).
///
/// All but `erf` know their derivatives from y alone and so overwrite x; `state` below is y for
/// them and x for `erf`. Second derivatives are needed only as φ''/φ', because ẏ = φ' ẋ is at hand:
/// the tangent of x̄ = φ' ȳ is φ' ȳ̇ + (φ''/φ') ẏ ȳ.
public struct Activation: Layer, Equatable {
    public let function: Function

    /// The functions by their names in configurations.
    public enum Function: String, CaseIterable, Sendable {
        case relu
        case leakyReLU = "leaky-relu"
        case softplus, erf, tanh, sigmoid, linear
    }

    /// Slope of the leaky ReLU for x ≤ 0.
    public let negativeSlope: Double

    public init(_ function: Function, negativeSlope: Double = 0.01) {
        self.function = function
        self.negativeSlope = function == .leakyReLU ? negativeSlope : 0
    }

    /// Whether its units have an activation pattern, the sign of x.
    public var isPiecewiseLinear: Bool { function == .relu || function == .leakyReLU }

    public var tensors: [Tensor] { [] }
    public func outputShape(for input: [Int]) -> [Int] { input }
    public var worksInPlace: Bool { function != .erf }
    public var readsInput: Bool { function == .erf }
    public func forwardFlops(for input: [Int]) -> Double { Double(input.reduce(1, *)) }

    @specialized(where S == Float)
    @specialized(where S == Double)
    public func forward<S: Scalar>(
        _ w: UnsafePointer<S>, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        let count = extent.rows * extent.outputs
        switch function {
        case .relu, .leakyReLU: S.rectify(count, S(negativeSlope), x, y)
        case .linear: if x != UnsafePointer(y) { y.update(from: x, count: count) }
        case .softplus: applyValue(Softplus.self, x, y, count)
        case .erf: applyValue(ErrorFunction.self, x, y, count)
        case .tanh: applyValue(HyperbolicTangent.self, x, y, count)
        case .sigmoid: applyValue(Sigmoid.self, x, y, count)
        }
    }

    /// out ← φ'(state) u: the pullback and the pushforward of an elementwise map are the same.
    @specialized(where S == Float)
    @specialized(where S == Double)
    private func timesSlope<S: Scalar>(
        state: UnsafePointer<S>, _ u: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>, _ count: Int
    ) {
        switch function {
        case .relu, .leakyReLU: S.rectifyMask(count, S(negativeSlope), state, u, out)
        case .linear: if u != UnsafePointer(out) { out.update(from: u, count: count) }
        case .softplus: applySlope(Softplus.self, state, u, out, count)
        case .erf: applySlope(ErrorFunction.self, state, u, out, count)
        case .tanh: applySlope(HyperbolicTangent.self, state, u, out, count)
        case .sigmoid: applySlope(Sigmoid.self, state, u, out, count)
        }
    }

    public func pullback<S: Scalar>(
        _ w: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>, yBar: UnsafePointer<S>,
        xBar: UnsafeMutablePointer<S>?, into sink: GradientSink<S>?, _ extent: Extent
    ) {
        guard let xBar else { return }
        timesSlope(state: readsInput ? x : y, yBar, xBar, extent.rows * extent.outputs)
    }

    public func pushforward<S: Scalar>(
        _ w: UnsafePointer<S>, tangent wDot: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>,
        xDot: UnsafePointer<S>?, yDot: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        let count = extent.rows * extent.outputs
        guard let xDot else { return yDot.update(repeating: 0, count: count) }
        timesSlope(state: readsInput ? x : y, xDot, yDot, count)
    }

    @specialized(where S == Float)
    @specialized(where S == Double)
    public func pushforwardOfPullback<S: Scalar>(
        _ p: PullbackTangent<S>, xBarDot: UnsafeMutablePointer<S>?, into sink: GradientSink<S>?,
        _ extent: Extent
    ) {
        guard let xBarDot else { return }
        let count = extent.rows * extent.outputs
        let state = readsInput ? p.x : p.y
        timesSlope(state: state, p.yBarDot, xBarDot, count)
        switch function {
        case .relu, .leakyReLU, .linear: break
        case .softplus: addCurvature(Softplus.self, state, p, xBarDot, count)
        case .erf: addCurvature(ErrorFunction.self, state, p, xBarDot, count)
        case .tanh: addCurvature(HyperbolicTangent.self, state, p, xBarDot, count)
        case .sigmoid: addCurvature(Sigmoid.self, state, p, xBarDot, count)
        }
    }
}
