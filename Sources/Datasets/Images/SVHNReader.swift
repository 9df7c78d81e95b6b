/// Street View House Numbers, format 2: a MATLAB file with X [32, 32, 3, n] bytes and y [n, 1], where
/// the digit 0 has label 10.
///
/// Source: Netzer, Wang, Coates, Bissacco, Wu, Ng 2011, "The Street View House Numbers Dataset".
package struct SVHNReader: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    package func read() throws -> ImageBytes {
        let arrays = try MATReader(path: path).arrays(["X", "y"])
        let (x, y) = (arrays[0], arrays[1])
        let shape = [32, 32, 3]
        // MATLAB drops a last axis of one.
        let axes = x.shape.count == 3 ? x.shape + [1] : x.shape
        guard axes.count == 4, Array(axes.prefix(3)) == shape, x.type == 2, axes[3] > 0 else {
            throw DatasetError("\(path): X: expected bytes of shape [32, 32, 3, n], found \(x.shape) of type \(x.type)")
        }
        guard let numbers = y.numbers, y.shape.reduce(1, *) == axes[3] else {
            throw DatasetError("\(path): y: expected \(axes[3]) labels, found shape \(y.shape)")
        }
        let labels = try numbers.map { label in
            guard label == label.rounded(), (0...10).contains(label) else {
                throw DatasetError("\(path): y: expected labels from 0 to 10, found \(label)")
            }
            return Int(label) % 10
        }
        return ImageBytes(bytes: x.bytes, strides: .columnMajor(shape), shape: shape, classes: labels)
    }
}
