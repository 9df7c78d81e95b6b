import Layers
import LinearAlgebra
import Networks
import Sampling

/// A network of the benchmarks, the peers' own: standard parametrization, no biases, every layer trained.
///
/// `cnn` has `depth` convolutions, `resnet` a first one and `depth` blocks h + conv(φ(conv(φ(h)))), all 3x3 with
/// `width` channels on images of 32x32x3, then the mean over pixels and a dense layer.
package struct BenchmarkNetwork: Sendable {
    package enum Kind: String, CaseIterable, Sendable { case mlp, cnn, resnet }

    package let kind: Kind
    package let width: Int
    package let depth: Int
    /// Coordinates of an MLP's inputs.
    package let inputs: Int
    package let outputs: Int

    package static let image = [32, 32, 3]

    package func model() throws -> Model {
        switch kind {
        case .mlp: return try MLP(width: width, depth: depth).model(inputShape: [inputs], outputs: outputs)
        case .cnn: return try CNN(width: width, depth: depth).model(inputShape: Self.image, outputs: outputs)
        case .resnet:
            let conv = ConvolutionDescription(channels: width, kernel: WindowShape.Sides(3, 3))
            let phi = ActivationDescription(Activation(.relu))
            let block = ResidualDescription(scale: 1, branch: [phi, conv, phi, conv])
            let layers: [any LayerDescription] =
                [conv] + Array(repeating: block, count: depth) + [GlobalAveragePoolDescription(), DenseDescription()]
            return try ModelBuilder(parametrization: .standard).model(layers, inputShape: Self.image, outputs: outputs)
        }
    }
}

/// A square product of matrices: the machine's limit, measured in the same process as what is compared with it.
enum SquareProduct {
    private static var side: Int { 1536 }
    static var flops: Double { 2 * Double(side * side * side) }

    static func run<S: Scalar>(_ type: S.Type) -> () -> Void {
        let a = MatrixBuffer<S>(side, side)
        let c = MatrixBuffer<S>(side, side)
        RandomStream(seed: 1, "bench").fillNormal(a.base, count: a.count, standardDeviation: 1)
        return { MatrixBuffer.product(a, .no, a, .no, into: c) }
    }
}
