import Layers
import LinearAlgebra
import Networks
import TangentKernels
import Testing

/// y = w ∘ x, a factor for each entry of x: a layer whose part in the kernel nobody has written down.
private struct Gain: Layer {
    let isTrained: Bool
    var tensors: [Tensor] {
        [
            Tensor(
                layer: "gain", role: "weight", shape: [3], axes: "in", isTrained: isTrained, standardDeviation: 1)
        ]
    }
    var worksInPlace: Bool { false }
    var reads: Reads { .input }
    func outputShape(for input: [Int]) -> [Int] { input }
    func description(for input: [Int]) -> StageDescription { StageDescription("gain") }
    func torchModules(for input: [Int]) -> [String] { [] }
    func forwardFlops(for input: [Int]) -> Double { 3 }

    private func multiply<S: Scalar>(
        _ a: UnsafePointer<S>, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        for k in 0..<(extent.rows * 3) { y[k] = a[k % 3] * x[k] }
    }

    func forward<S: Scalar>(
        _ w: UnsafePointer<S>, _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        multiply(w, x, y, extent)
    }

    func pullback<S: Scalar>(
        _ w: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>, yBar: UnsafePointer<S>,
        xBar: UnsafeMutablePointer<S>?, into sink: GradientSink<S>?, _ extent: Extent
    ) {
        if let xBar { multiply(w, yBar, xBar, extent) }
    }

    func pushforward<S: Scalar>(
        _ w: UnsafePointer<S>, tangent wDot: UnsafePointer<S>, x: UnsafePointer<S>, y: UnsafePointer<S>,
        xDot: UnsafePointer<S>?, yDot: UnsafeMutablePointer<S>, _ extent: Extent
    ) {
        multiply(wDot, x, yDot, extent)
    }

    func pushforwardOfPullback<S: Scalar>(
        _ pair: PullbackTangent<S>, xBarDot: UnsafeMutablePointer<S>?, into sink: GradientSink<S>?, _ extent: Extent
    ) {}
}

private func model(trainsGain: Bool) throws -> Model {
    let dense = Dense("W1", inputs: 3, outputs: 2, weightDeviation: 1)
    return try Model(inputShape: [3], layers: [Gain(isTrained: trainsGain), dense])
}

/// What would train and be missing from Θ is refused with its name; frozen it has no part in the kernel.
@Test func aTrainedLayerThatTheKernelDoesNotKnowIsRefused() throws {
    let error = #expect(throws: ModelError.self) {
        try KernelPlan(model(trainsGain: true), .full, samples: 2)
    }
    #expect(error?.description.contains("layer gain is trained") == true)

    let frozen = try model(trainsGain: false)
    let plan = try KernelPlan(frozen, .full, samples: 2)
    #expect(plan.layers.map(\.name) == ["W1"])
    // J of a dense layer: Θ_ia,jb = δ_ab x_i·x_j for what it reads, here w ∘ x.
    let w = ParameterVector<Double>(frozen.layout)
    for (k, value) in [2.0, -1, 0.5, 1, 1, 1, 1, 1, 1].enumerated() { w.base[k] = value }
    let kernel = EmpiricalKernel<Double>(frozen, plan, samples: 2).kernel(w, MatrixBuffer(2, 3, [1, 2, 3, 4, 5, 6]))
    let (first, mixed, second) = (4 + 4 + 2.25, 16 + 10 + 4.5, 64 + 25 + 9.0)
    #expect(kernel.entries == [first, 0, mixed, 0, 0, first, 0, mixed, mixed, 0, second, 0, 0, mixed, 0, second])
}
