import LinearAlgebra
import Networks

/// One array of a network under its name in PyTorch, and the order of its numbers there.
public struct TorchTensor: Sendable {
    /// `0.weight`, `3.branch.1.bias`.
    public let name: String
    /// The same array in our order.
    public let entry: ParameterLayout.Entry
    /// Places that each output looks at, each with all its channels: those of a kernel's window, or of the flattened image.
    /// They come first in our order, [out, places, channels], and last in PyTorch's, [out, channels, places].
    let pixels: Int

    /// Linear.weight [out, in], Conv2d.weight [out, in, ky, kx], bias [out].
    public var shape: [Int] {
        let shape = entry.tensor.shape
        return shape.count == 4 ? [shape[0], shape[3], shape[1], shape[2]] : shape
    }

    /// The values in PyTorch's order, times `scale`.
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func values<S: Scalar>(of w: UnsafePointer<S>, times scale: Double) -> MatrixBuffer<S> {
        let ours = w + entry.offset
        let result = MatrixBuffer<S>(1, entry.tensor.count)
        for i in 0..<result.count {
            let value = ours[place(of: i)]
            result.base[i] = scale == 1 ? value : S(Double(value) * scale)
        }
        return result
    }

    /// Puts values in PyTorch's order into a vector of weights.
    @specialized(where S == Float)
    @specialized(where S == Double)
    public func restore<S: Scalar>(_ values: UnsafePointer<S>, into w: UnsafeMutablePointer<S>) {
        let ours = w + entry.offset
        for i in 0..<entry.tensor.count { ours[place(of: i)] = values[i] }
    }

    /// Where number i of PyTorch's lies in ours.
    private func place(of i: Int) -> Int {
        guard pixels > 1 else { return i }
        let row = entry.tensor.count / entry.tensor.shape[0]
        let channels = row / pixels
        let (output, inner) = (i / row, i % row)
        let (channel, pixel) = (inner / pixels, inner % pixels)
        return output * row + pixel * channels + channel
    }
}
