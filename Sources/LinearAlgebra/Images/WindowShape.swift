import CLinearAlgebra

/// Shapes of a map between images [batch, height, width, channels] that looks through a window: a
/// convolution, or a pooling with as many output as input channels.
///
/// Output pixel (i, j) sees input pixels (i·stride.y − top + ky, j·stride.x − left + kx); what lies
/// outside the image counts as zero.
public struct WindowShape: Sendable, Equatable {
    /// Sides of the window, in pixels.
    public let kernel: Sides
    /// Pixels from one window to the next.
    public let stride: Sides
    /// The zeros around the image.
    public let padding: Padding
    /// Rows of pixels of the input image.
    public let height: Int
    /// Pixels of one of these rows.
    public let width: Int
    /// Numbers of an input pixel.
    public let channels: Int
    /// Numbers of an output pixel.
    public let outputChannels: Int

    /// Lengths along the two axes of an image.
    public struct Sides: Sendable, Equatable {
        /// Down the image.
        public let y: Int
        /// Across the image.
        public let x: Int

        /// Two lengths, down and across.
        public init(_ y: Int, _ x: Int) {
            self.y = y
            self.x = x
        }
    }

    /// Zeros around the image.
    public struct Padding: Sendable, Equatable {
        /// Rows of zeros above and below, columns of zeros left and right.
        public let top, bottom, left, right: Int

        /// Zeros on each side; none where nothing is said.
        public init(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0) {
            self.top = top
            self.bottom = bottom
            self.left = left
            self.right = right
        }
    }

    /// The windows of a kernel over images [height, width, channels].
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

    /// ⌊(height + zeros − kernel)/stride⌋ + 1 rows of the output.
    public var outputHeight: Int { (height + padding.top + padding.bottom - kernel.y) / stride.y + 1 }
    /// The same of its columns.
    public var outputWidth: Int { (width + padding.left + padding.right - kernel.x) / stride.x + 1 }

    func raw(_ batch: Int) -> la_convolution {
        la_convolution(
            batch: batch, height: height, width: width, channels: channels, out_height: outputHeight,
            out_width: outputWidth, out_channels: outputChannels, kernel_height: kernel.y, kernel_width: kernel.x,
            stride_y: stride.y, stride_x: stride.x, pad_top: padding.top, pad_left: padding.left)
    }
}
