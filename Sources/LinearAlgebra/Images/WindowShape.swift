import CLinearAlgebra

/// Shapes of a map between images [batch, height, width, channels] that looks through a window: a
/// convolution, or a pooling with as many output as input channels.
///
/// Output pixel (i, j) sees input pixels (i·stride.y − top + ky, j·stride.x − left + kx); what lies
/// outside the image counts as zero.
public struct WindowShape: Sendable, Equatable {
    public let kernel: Sides
    public let stride: Sides
    public let padding: Padding
    public let height: Int
    public let width: Int
    public let channels: Int
    public let outputChannels: Int

    /// Lengths along the two axes of an image.
    public struct Sides: Sendable, Equatable {
        public let y: Int
        public let x: Int

        public init(_ y: Int, _ x: Int) {
            self.y = y
            self.x = x
        }
    }

    /// Zeros around the image.
    public struct Padding: Sendable, Equatable {
        public let top, bottom, left, right: Int

        public init(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0) {
            self.top = top
            self.bottom = bottom
            self.left = left
            self.right = right
        }
    }

    public init(
        height: Int, width: Int, channels: Int, outputChannels: Int, kernel: Sides, stride: Sides,
        padding: Padding = Padding()
    ) {
        self.height = height
        self.width = width
        self.channels = channels
        self.outputChannels = outputChannels
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
    }

    /// The longest side of a kernel.
    public static var maximumKernel: Int { Int(LA_MAX_KERNEL) }

    public var outputHeight: Int { (height + padding.top + padding.bottom - kernel.y) / stride.y + 1 }
    public var outputWidth: Int { (width + padding.left + padding.right - kernel.x) / stride.x + 1 }

    func raw(_ batch: Int) -> la_convolution {
        la_convolution(
            batch: batch, height: height, width: width, channels: channels, out_height: outputHeight,
            out_width: outputWidth, out_channels: outputChannels, kernel_height: kernel.y, kernel_width: kernel.x,
            stride_y: stride.y, stride_x: stride.x, pad_top: padding.top, pad_left: padding.left)
    }
}
