import LinearAlgebra
import Networks

/// y = s conv(x, W) + s_b b over images [height, width, in], with W [out, kernel height, kernel
/// width, in] and b [out]: cross-correlation, zeros outside the image.
///
/// The scales are those of `Dense`, with the patch's kernel height · kernel width · in numbers as
/// fan-in. Each of its products costs 2·rows·pixels·patch·out flops (4/9 of the multiplications for 3x3
/// kernels) and, beside its operands, the packed weights and for each thread a block that grows with
/// neither batch nor image.
public struct Convolution: WeightedLayer {
    /// Unique in a model; names its tensors.
    public let name: String
    /// Channels of an input pixel.
    public let inputs: Int
    /// Channels of an output pixel.
    public let outputs: Int
    /// Sides of the kernel, 1 to 64 pixels each.
    public let kernel: WindowShape.Sides
    /// Pixels from one window to the next.
    public let stride: WindowShape.Sides
    /// The zeros around an image.
    public let padding: Padding
    /// s.
    public let weightScale: Double
    /// Standard deviation of W at the start.
    public let weightDeviation: Double
    /// Whether descent moves W.
    public let trainsWeight: Bool
    /// b with its scale; nil for none.
    public let bias: Bias?

    /// The zeros around an image.
    public enum Padding: Sendable, Equatable {
        /// As many that the output has ⌈side/stride⌉ pixels, the odd one below and to the right.
        case same
        /// None.
        case valid
        case explicit(WindowShape.Padding)
    }

    /// A convolution; how it starts and scales is the parametrization's choice (`ModelBuilder`).
    public init(
        _ name: String, inputs: Int, outputs: Int, kernel: WindowShape.Sides,
        stride: WindowShape.Sides = WindowShape.Sides(1, 1), padding: Padding = .same, weightScale: Double = 1,
        weightDeviation: Double, trainsWeight: Bool = true, bias: Bias? = nil
    ) {
        self.name = name
        self.inputs = inputs
        self.outputs = outputs
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.weightScale = weightScale
        self.weightDeviation = weightDeviation
        self.trainsWeight = trainsWeight
        self.bias = bias
        weight = Tensor(
            layer: name, role: "weight", shape: [outputs, kernel.y, kernel.x, inputs], axes: "out,ky,kx,in",
            isTrained: trainsWeight, standardDeviation: weightDeviation, forwardScale: weightScale)
    }

    /// Its weight as it is stored, made once.
    package let weight: Tensor

    public func outputShape(for input: [Int]) throws -> [Int] {
        guard input.count == 3, input[2] == inputs else {
            throw ModelError(
                "convolution \(name) takes images of shape [height, width, \(inputs)], not samples of shape \(input)")
        }
        guard (1...WindowShape.maximumKernel).contains(kernel.y), (1...WindowShape.maximumKernel).contains(kernel.x)
        else {
            throw ModelError("convolution \(name): a kernel's sides go from 1 to \(WindowShape.maximumKernel)")
        }
        let window = window(for: input)
        let zeros = window.padding
        guard input[0] + zeros.top + zeros.bottom >= kernel.y, input[1] + zeros.left + zeros.right >= kernel.x else {
            throw ModelError(
                "convolution \(name): its \(kernel.y)x\(kernel.x) kernel is larger than its input \(input)")
        }
        return [window.outputHeight, window.outputWidth, outputs]
    }

    public func forwardFlops(for input: [Int]) -> Double {
        let window = window(for: input)
        return 2 * Double(window.outputHeight * window.outputWidth) * Double(outputs * kernel.y * kernel.x * inputs)
    }

    public func description(for input: [Int]) -> StageDescription {
        let zeros = window(for: input).padding
        let rule =
            switch padding {
            case .same: "same: as many zeros that ceil(side/stride) pixels come out, the odd one below and to the right"
            case .valid: "valid: none"
            case .explicit: "explicit"
            }
        return StageDescription(
            "conv",
            StageDescription.weights(self) + StageDescription.window((kernel.y, kernel.x), (stride.y, stride.x)) + [
                ("padding", "[[\(zeros.top), \(zeros.bottom)], [\(zeros.left), \(zeros.right)]]"),
                ("padding_rule", StageDescription.text(rule)),
            ])
    }

    /// Zeros that are not as many on both sides are a module of their own.
    public func torchModules(for input: [Int]) -> [String] {
        let zeros = window(for: input).padding
        let isEven = zeros.top == zeros.bottom && zeros.left == zeros.right
        let padding = isEven ? WindowShape.Sides(zeros.top, zeros.left) : WindowShape.Sides(0, 0)
        let arguments =
            ["\(inputs), \(outputs), \(kernel.python)"]
            + (stride == WindowShape.Sides(1, 1) ? [] : ["stride=\(stride.python)"])
            + (padding == WindowShape.Sides(0, 0) ? [] : ["padding=\(padding.python)"])
            + (bias == nil ? ["bias=False"] : [])
        return (isEven ? [] : ["nn.ZeroPad2d((\(zeros.left), \(zeros.right), \(zeros.top), \(zeros.bottom)))"])
            + ["nn.Conv2d(\(arguments.joined(separator: ", ")))"]
    }

    public func scratchBytes<S: Scalar>(for input: [Int], _ type: S.Type) -> Int {
        S.convolutionScratch(window(for: input))
    }

    func window(for input: [Int]) -> WindowShape {
        let zeros: WindowShape.Padding
        switch padding {
        case .valid: zeros = WindowShape.Padding()
        case .explicit(let given): zeros = given
        case .same:
            let (top, bottom) = Self.same(input[0], kernel.y, stride.y)
            let (left, right) = Self.same(input[1], kernel.x, stride.x)
            zeros = WindowShape.Padding(top: top, bottom: bottom, left: left, right: right)
        }
        return WindowShape(
            height: input[0], width: input[1], channels: inputs, outputChannels: outputs, kernel: kernel,
            stride: stride, padding: zeros)
    }

    private static func same(_ side: Int, _ kernel: Int, _ stride: Int) -> (Int, Int) {
        let zeros = max(((side + stride - 1) / stride - 1) * stride + kernel - side, 0)
        return (zeros / 2, zeros - zeros / 2)
    }

    package func product<S: Scalar>(
        _ x: UnsafePointer<S>, _ w: UnsafePointer<S>, beta: S, _ y: UnsafeMutablePointer<S>, slope: S,
        _ extent: Extent
    ) {
        S.convolution(
            window(for: extent.input), batch: extent.rows, alpha: S(weightScale), x, w, beta: beta, y, slope: slope)
    }

    package func inputGradient<S: Scalar>(
        _ yBar: UnsafePointer<S>, _ w: UnsafePointer<S>, beta: S, _ xBar: UnsafeMutablePointer<S>, slope: S,
        where x: UnsafePointer<S>, _ extent: Extent
    ) {
        S.convolutionInputGradient(
            window(for: extent.input), batch: extent.rows, alpha: S(weightScale), yBar, w, beta: beta, xBar,
            slope: slope, where: x)
    }

    package func weightGradient<S: Scalar>(
        _ yBar: UnsafePointer<S>, _ x: UnsafePointer<S>, alpha: S, beta: S, _ target: UnsafeMutablePointer<S>,
        _ extent: Extent
    ) {
        S.convolutionWeightGradient(
            window(for: extent.input), batch: extent.rows, alpha: alpha * S(weightScale), yBar, x, beta: beta, target)
    }
}
