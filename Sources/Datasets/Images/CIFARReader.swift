/// The binary version of CIFAR-10 and CIFAR-100: records of label bytes and 3072 pixels, the red,
/// green and blue plane of a 32x32 image, row by row.
///
/// Source: A. Krizhevsky, "The CIFAR-10 dataset", section "Binary version".
package struct CIFARReader: Sendable {
    package let paths: [String]
    /// Label bytes in front of an image: 1 in CIFAR-10; 2 in CIFAR-100, coarse and fine.
    package let labelBytes: Int
    /// Which of them is the class.
    package let label: Int
    package let classCount: Int

    package init(paths: [String], labelBytes: Int, label: Int, classCount: Int) {
        self.paths = paths
        self.labelBytes = labelBytes
        self.label = label
        self.classCount = classCount
    }

    package func read() throws -> ImageBytes {
        let shape = [32, 32, 3]
        let record = labelBytes + 3072
        var bytes: [UInt8] = []
        for path in paths {
            // A batch of either has at most 50,000 records.
            let part = try FileBytes(path).rest(limit: 50_000 * record, "50,000 records of \(record) bytes")
            guard !part.isEmpty, part.count % record == 0 else {
                throw DatasetError("\(path): expected records of \(record) bytes, found \(part.count) bytes")
            }
            for (i, start) in stride(from: label, to: part.count, by: record).enumerated() {
                guard part[start] < classCount else {
                    throw DatasetError(
                        "\(path): label of record \(i) (from 0): expected 0 to \(classCount - 1), found \(part[start])")
                }
            }
            bytes += part
        }
        let labels = stride(from: label, to: bytes.count, by: record).map { Int(bytes[$0]) }
        return ImageBytes(
            bytes: bytes, strides: .planes(shape, header: labelBytes), shape: shape, classes: labels)
    }
}
