import LinearAlgebra
import Networks
import RealModule

/// An elementwise map y = φ(x).
///
/// All but `erf` know their derivatives from y alone and so overwrite x; `state` below is y for
/// them and x for `erf`. Second derivatives are needed only as φ''/φ', because ẏ = φ' ẋ is at hand:
/// the tangent of x̄ = φ' ȳ is φ' ȳ̇ + (φ''/φ') ẏ ȳ.
public struct Activation: Layer, Equatable {
    /// φ.
    public let function: Function

    /// The functions by their names in configurations.
    public enum Function: String, CaseIterable, Sendable {
        case relu
        case leakyReLU = "leaky-relu"
        case softplus, erf, tanh, sigmoid, linear
    }

    /// The smooth function it is, if it is one.
    private var smooth: SmoothFunction? {
        switch function {
        case .softplus: .softplus
        case .erf: .erf
        case .tanh: .tanh
        case .sigmoid: .sigmoid
        case .relu, .leakyReLU, .linear: nil
        }
    }

    /// Slope of the leaky ReLU for x ≤ 0; not negative, so that the sign of y tells that of x.
    public let negativeSlope: Double

    /// An activation; the slope is that of the leaky ReLU and 0 for any other.
    public init(_ function: Function, negativeSlope: Double = 0.01) {
        self.function = function
        self.negativeSlope = function == .leakyReLU ? negativeSlope : 0
    }

    /// The gain that keeps forward norms: √2 for ReLU (He et al. 2015, eq. 10), √(2/(1 + slope²))
    /// for the leaky ReLU (eq. 15), 1 for the others.
    public var gain: Double {
        switch function {
        case .relu: Double.sqrt(2)
        case .leakyReLU: Double.sqrt(2 / (1 + negativeSlope * negativeSlope))
        case .softplus, .erf, .tanh, .sigmoid, .linear: 1
        }
    }

    private var isPiecewiseLinear: Bool { function == .relu || function == .leakyReLU }
    public var rectifierSlope: Double? { isPiecewiseLinear ? negativeSlope : nil }
    public var isAffine: Bool { function == .linear }
    public var channelSymmetry: ChannelSymmetry? {
        switch function {
        case .relu, .leakyReLU: .scale
        case .tanh, .erf: .sign
        case .linear: [.scale, .sign]
        case .softplus, .sigmoid: []
        }
    }

    public var tensors: [Tensor] { [] }
    public func description(for input: [Int]) -> StageDescription {
        StageDescription(
            "activation",
            [("function", StageDescription.text(function.rawValue))]
                + (function == .leakyReLU ? [("negative_slope", "\(negativeSlope)")] : []))
    }
    /// `Erf` is none of PyTorch's: `TorchNetwork` defines it. Its softplus is linear above a threshold, by default 20.
    public func torchModules(for input: [Int]) -> [String] {
        switch function {
        case .relu: ["nn.ReLU()"]
        case .leakyReLU: ["nn.LeakyReLU(\(negativeSlope))"]
        case .softplus: ["nn.Softplus(threshold=50)"]
        case .erf: ["Erf()"]
        case .tanh: ["nn.Tanh()"]
        case .sigmoid: ["nn.Sigmoid()"]
        case .linear: ["nn.Identity()"]
        }
    }
    public func outputShape(for input: [Int]) -> [Int] { input }
    public var worksInPlace: Bool { function != .erf }
    /// φ' comes from y, but for erf from x; the second derivatives read ẏ always.
    public var reads: Reads { function == .erf ? [.input, .output] : .output }
    private var readsInput: Bool { function == .erf }
    public func forwardFlops(for input: [Int]) -> Double { Double(input.reduce(1, *)) }

    public func forward<S: Scalar>(
        _ w: UnsafePointer<S>, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        let count = extent.rows * extent.outputs
        if let smooth { return S.smoothValue(smooth, count, x, y) }
        if isPiecewiseLinear { return S.rectify(count, S(negativeSlope), x, y) }
        if x != UnsafePointer(y) { y.update(from: x, count: count) }
    }

    /// out ← φ'(state) u: the pullback and the pushforward of an elementwise map are the same.
    private func timesSlope<S: Scalar>(
        state: UnsafePointer<S>, _ u: UnsafePointer<S>, _ out: UnsafeMutablePointer<S>, _ count: Int
    ) {
        if let smooth { return S.smoothSlope(smooth, count, state, u, out) }
        if isPiecewiseLinear { return S.rectifyMask(count, S(negativeSlope), state, u, out) }
        if u != UnsafePointer(out) { out.update(from: u, count: count) }
    }

    public func smoothSlopes<S: Scalar>(_ x: UnsafePointer<S>, _ extent: Extent) -> [Double]? {
        guard let smooth else { return nil }
        let count = extent.rows * extent.outputs
        let (state, slopes) = (MatrixBuffer<S>(1, count), MatrixBuffer<S>(1, count, Array(repeating: 1, count: count)))
        if readsInput { state.base.update(from: x, count: count) } else { S.smoothValue(smooth, count, x, state.base) }
        S.smoothSlope(smooth, count, state.base, slopes.base, slopes.base)
        return slopes.entries.map { Double($0) }
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

    public func pushforwardOfPullback<S: Scalar>(
        _ p: PullbackTangent<S>, xBarDot: UnsafeMutablePointer<S>?, into sink: GradientSink<S>?,
        _ extent: Extent
    ) {
        guard let xBarDot else { return }
        let count = extent.rows * extent.outputs
        let state = readsInput ? p.x : p.y
        timesSlope(state: state, p.yBarDot, xBarDot, count)
        // The others have φ'' = 0, away from their kinks.
        if let smooth { S.smoothCurvature(smooth, count, state, p.yDot, p.yBar, xBarDot) }
    }
}

/// An activation in a list of layers.
public struct ActivationDescription: LayerDescription {
    public static let type = "activation"
    /// φ with its slope.
    public let activation: Activation

    /// The description of one activation.
    public init(_ activation: Activation) { self.activation = activation }

    public init(_ options: some OptionReader) {
        let function = options.choice("function", default: Activation.Function.relu, "φ")
        let slope = options.number(
            "negative_slope", default: 0.01, in: 0...1, "slope for x ≤ 0, for function: leaky-relu")
        activation = Activation(function, negativeSlope: slope)
    }

    public var options: [(key: String, value: String)] {
        [("function", activation.function.rawValue)]
            + (activation.function == .leakyReLU ? [("negative_slope", "\(activation.negativeSlope)")] : [])
    }

    public func parts(_ builder: inout ModelBuilder) -> [NetworkPart] { [.layer(activation)] }
}
