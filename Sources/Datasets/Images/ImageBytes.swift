import LinearAlgebra

/// Images of one byte a value, as their file holds them; they become numbers when they are chosen.
package struct ImageBytes: SampleSource {
    let bytes: [UInt8]
    let strides: Strides
    /// [height, width, channels].
    package let shape: [Int]
    let classes: [Int]

    /// Where value (n, y, x, c) lies: offset + n·image + y·row + x·column + c·channel.
    struct Strides: Sendable {
        var offset = 0
        let image: Int
        let row: Int
        let column: Int
        let channel: Int

        /// [n, height, width, channels], row-major.
        static func interleaved(_ shape: [Int]) -> Strides {
            Strides(image: shape.reduce(1, *), row: shape[1] * shape[2], column: shape[2], channel: 1)
        }

        /// A header, then a plane for each channel, in every record.
        static func planes(_ shape: [Int], header: Int) -> Strides {
            Strides(
                offset: header, image: header + shape.reduce(1, *), row: shape[1], column: 1,
                channel: shape[0] * shape[1])
        }

        /// [height, width, channels, n], column-major, as MATLAB stores arrays.
        static func columnMajor(_ shape: [Int]) -> Strides {
            Strides(image: shape.reduce(1, *), row: 1, column: shape[0], channel: shape[0] * shape[1])
        }
    }

    package var count: Int { classes.count }
    package var width: Int { shape.reduce(1, *) }
    package var labels: [Int]? { classes }
    package var remarks: [Remark] { [] }

    /// Pixels from 0 to 1.
    package func selecting(_ rows: [Int]) -> RawSamples {
        let (height, width, channels) = (shape[0], shape[1], shape[2])
        let out = MatrixBuffer<Double>(rows.count, height * width * channels)
        bytes.withUnsafeBufferPointer { bytes in
            var to = out.base
            for n in rows {
                for y in 0..<height {
                    for x in 0..<width {
                        let pixel = strides.offset + n * strides.image + y * strides.row + x * strides.column
                        for c in 0..<channels { to[c] = Double(bytes[pixel + c * strides.channel]) / 255 }
                        to += channels
                    }
                }
            }
        }
        return RawSamples(inputs: out, shape: shape, targets: .labels(rows.map { classes[$0] }))
    }
}
