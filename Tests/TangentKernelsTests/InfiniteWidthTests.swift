import Layers
import LinearAlgebra
import Networks
import RealModule
import Sampling
import TangentKernels
import Testing

private func points(_ n: Int, _ d: Int) -> MatrixBuffer<Double> {
    let x = MatrixBuffer<Double>(n, d)
    RandomStream(seed: 5, "points").fillNormal(x.base, count: x.count, standardDeviation: 1)
    return x
}

/// Against the angles of Cho and Saul in their own form, for networks as they are built.
@Test(arguments: [1, 3]) func kernelsOfReLUNetworksFollowTheAngles(depth: Int) throws {
    let d = 6
    let x = points(5, d)
    let builder = ModelBuilder(parametrization: .ntk, hasBias: true, biasScale: 0.3)
    let model = try MLP(width: 4, depth: depth).model(inputShape: [d], outputs: 1, builder)
    let found = try InfiniteWidthKernel(model.parts, rows: x, columns: nil)
    let b = 0.3 * 0.3
    for i in 0..<x.rows {
        for j in 0..<x.rows {
            func product(_ i: Int, _ j: Int) -> Double { (0..<d).reduce(0) { $0 + x[i, $1] * x[j, $1] } / Double(d) }
            // The first layer's gain² is 2, as that of all hidden ones.
            var (p, q, k) = (2 * product(i, i) + b, 2 * product(j, j) + b, 2 * product(i, j) + b)
            var theta = k
            for layer in 0..<depth {
                let angle = i == j ? 0 : Double.acos(k / (p * q).squareRoot())
                let gain = layer == depth - 1 ? 1.0 : 2
                k =
                    gain * (p * q).squareRoot() * (Double.sin(angle) + (.pi - angle) * Double.cos(angle)) / (2 * .pi)
                    + b
                theta = k + gain * theta * (.pi - angle) / (2 * .pi)
                (p, q) = (gain * p / 2 + b, gain * q / 2 + b)
            }
            #expect(abs(found.nngp[i, j] - k) < 1e-12 * (1 + abs(k)))
            #expect(abs(found.ntk[i, j] - theta) < 1e-12 * (1 + abs(theta)))
        }
    }
}

/// The limit is that of wide networks: a block of which is a branch beside a shortcut, too.
@Test(arguments: [Activation.Function.relu, .erf]) func wideNetworksComeToTheirKernels(
    function: Activation.Function
) throws {
    let (n, d, width) = (4, 5, 2048)
    func parts(_ m: Int) -> [NetworkPart] {
        func dense(_ name: String, _ inputs: Int, _ outputs: Int) -> NetworkPart {
            .layer(
                Dense(
                    name, inputs: inputs, outputs: outputs, weightScale: 1.2 / Double(inputs).squareRoot(),
                    weightDeviation: 1, bias: Bias(scale: 0.2, deviation: 1)))
        }
        let phi = NetworkPart.layer(Activation(function))
        let block = NetworkPart.Residual(scale: 0.5, branch: [phi, dense("W2", m, m)], shortcut: [dense("W3", m, m)])
        return [dense("W1", d, m), .residual(block), phi, dense("W4", m, 1)]
    }
    let x = points(n, d)
    let limit = try InfiniteWidthKernel(parts(width), rows: x, columns: nil)
    let model = try Model(inputShape: [d], parts: parts(width))
    let kernel = EmpiricalKernel<Double>(model, try KernelPlan(model, .full, samples: n), samples: n)
    let mean = MatrixBuffer<Double>(n, n)
    for seed in 0..<4 {
        let w = ParameterVector<Double>(model.layout, initializedFrom: UInt64(seed))
        let theta = kernel.kernel(w, x)
        Double.axpy(mean.count, 0.25, theta.base, mean.base)
    }
    #expect(KernelComparison.drift(mean, from: limit.ntk) < 0.05)
    let rectangle = try InfiniteWidthKernel(parts(3), rows: x, columns: points(2, d))
    #expect(rectangle.ntk.rows == n && rectangle.ntk.columns == 2)
}

@Test func layersWithoutALimitAreNamed() {
    let tanh = [NetworkPart.layer(Activation(.tanh))]
    let standard = [NetworkPart.layer(Dense("W1", inputs: 2, outputs: 1, weightDeviation: 0.7))]
    for (parts, name) in [(tanh, "Activation"), (standard, "Dense")] {
        let error = #expect(throws: ModelError.self) {
            try InfiniteWidthKernel(parts, rows: points(2, 2), columns: nil)
        }
        #expect(error?.description.hasPrefix(name) == true)
    }
}
