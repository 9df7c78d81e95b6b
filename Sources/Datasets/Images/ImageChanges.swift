import LinearAlgebra

/// What is done to images before they are scaled.
package struct ImageChanges: Sendable, Equatable {
    /// The order of the axes of an image in the data.
    package enum Layout: String, CaseIterable, Sendable {
        case channelsLast = "channels-last"
        case channelsFirst = "channels-first"
    }

    package var layout = Layout.channelsLast
    /// [height, width, channels] to read vectors as, channels last; nil to keep the data's shape.
    package var shape: [Int]?
    /// Colors to luma, 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).
    package var isGrayscale = false
    /// Side of the squares of pixels whose mean replaces them; rows and columns left over go.
    package var averagePool = 1

    package init() {}

    func apply(_ raw: RawSamples) throws -> RawSamples {
        var result = raw
        if let shape {
            let inData = layout == .channelsFirst ? [shape[2], shape[0], shape[1]] : shape
            // What has axes is not taken apart and put together in another way.
            guard raw.shape.count == 1 || raw.shape == inData else {
                throw DatasetError(
                    "data.image_shape: is for vectors: expected samples of one axis, found shape \(raw.shape); "
                        + "data.layout: channels-first says that channels come first")
            }
            guard shape.reduce(1, *) == raw.inputs.columns else {
                throw DatasetError(
                    "data.image_shape: expected three numbers with the product \(raw.inputs.columns), found \(shape)")
            }
            result.shape = inData
        }
        if layout == .channelsFirst { result = try channelsLast(result) }
        if isGrayscale { result = try gray(result) }
        return averagePool > 1 ? try pooled(result) : result
    }

    /// Says where images look as if their channels stood elsewhere than they are taken to.
    /// - Parameter found: the shape of a sample in the data.
    func remarks(on found: [Int]) -> [Remark] {
        if layout == .channelsFirst, shape == nil, found.count == 3, found[0] > 4, found[2] == 1 || found[2] == 3 {
            return [
                .warning(
                    "images of shape \(found) are taken as [channels, height, width], as data.layout: channels-first says, "
                        + "and look like [height, width, channels]")
            ]
        }
        guard layout == .channelsLast, shape == nil, found.count == 3, Self.looksChannelsFirst(found) else { return [] }
        return [
            .warning(
                "images of shape \(found) are taken as [height, width, channels]; data.layout: channels-first takes "
                    + "them as [channels, height, width]")
        ]
    }

    /// A few channels and then a square, or one or three and then what can't be channels.
    private static func looksChannelsFirst(_ shape: [Int]) -> Bool {
        let isSquare = shape[1] == shape[2] && shape[0] < shape[2]
        return isSquare || ([1, 3].contains(shape[0]) && ![1, 3].contains(shape[2]))
    }

    /// [channels, height, width] to [height, width, channels].
    private func channelsLast(_ raw: RawSamples) throws -> RawSamples {
        guard raw.shape.count == 3 else {
            throw DatasetError(
                "data.layout: channels-first: expected images [channels, height, width], found samples of shape "
                    + "\(raw.shape): data.image_shape says what image a vector is")
        }
        let (channels, pixels) = (raw.shape[0], raw.shape[1] * raw.shape[2])
        let out = MatrixBuffer<Double>(raw.count, channels * pixels)
        for n in 0..<raw.count {
            let (from, to) = (raw.inputs.base + n * channels * pixels, out.base + n * channels * pixels)
            for c in 0..<channels {
                for p in 0..<pixels { to[p * channels + c] = from[c * pixels + p] }
            }
        }
        return RawSamples(inputs: out, shape: [raw.shape[1], raw.shape[2], channels], targets: raw.targets)
    }

    private func gray(_ raw: RawSamples) throws -> RawSamples {
        guard raw.shape.count == 3, raw.shape[2] == 3 || raw.shape[2] == 1 else {
            throw DatasetError("data.grayscale: expected images with 3 channels, found samples of shape \(raw.shape)")
        }
        guard raw.shape[2] == 3 else { return raw }
        let out = MatrixBuffer<Double>(raw.count, raw.inputs.columns / 3)
        for i in 0..<out.count {
            let pixel = raw.inputs.base + 3 * i
            out.base[i] = 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2]
        }
        return RawSamples(inputs: out, shape: [raw.shape[0], raw.shape[1], 1], targets: raw.targets)
    }

    private func pooled(_ raw: RawSamples) throws -> RawSamples {
        guard raw.shape.count == 3, raw.shape[0] >= averagePool, raw.shape[1] >= averagePool else {
            throw DatasetError(
                "data.average_pool: expected images of at least \(averagePool)x\(averagePool) pixels, found samples of "
                    + "shape \(raw.shape)")
        }
        let square = WindowShape.Sides(averagePool, averagePool)
        let window = WindowShape(
            height: raw.shape[0], width: raw.shape[1], channels: raw.shape[2], outputChannels: raw.shape[2],
            kernel: square, stride: square)
        let shape = [window.outputHeight, window.outputWidth, raw.shape[2]]
        let out = MatrixBuffer<Double>(raw.count, shape.reduce(1, *))
        Double.averagePool(window, batch: raw.count, raw.inputs.base, out.base)
        return RawSamples(inputs: out, shape: shape, targets: raw.targets)
    }
}
