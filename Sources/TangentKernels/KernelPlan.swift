import LinearAlgebra
import Networks

/// Which entries of Θ = J Jᵀ a kernel has.
public enum KernelOutputs: String, CaseIterable, Sendable {
    /// [nK, nK], indices ordered (sample, output).
    case full
    /// [n, n], summed over outputs: Σ_a Θ_ia,ja.
    case trace

    /// Rows of the kernel for one sample of a network with K outputs.
    public func rows(_ outputs: Int) -> Int { self == .full ? outputs : 1 }
}

/// How each trained layer's part of a kernel is computed: the exact algorithm with the least counted cost.
///
/// With P weights at `places` places (pixels of a convolution, one for a dense layer), for each pair of samples:
///
///     products    places² (2 patch + 2 R channels + pass R')    (x_p·x_q)(d_p·d_q), no gradient is formed
///     gradients   2 R P                                         and 2 K places P once for each sample
///
/// with R = R' = K² for the full kernel, R = K and R' = 1 for the trace. Novak, Sohl-Dickstein, Schoenholz 2022
/// call the first structured derivatives.
public struct KernelPlan: Sendable {
    /// The two ways to make one layer's part, both exact; costs are those of `KernelPlan`.
    public enum Algorithm: String, CaseIterable, Sendable { case products, gradients }

    /// One layer's part.
    public struct LayerPlan: Sendable {
        /// Its place among the model's stages.
        public let stage: Int
        /// The layer's name.
        public let name: String
        /// The way that is taken.
        public let algorithm: Algorithm
        /// Places of its output that share the weight: 1, or pixels.
        public let places: Int
        /// Weights that meet one output channel; output channels.
        public let patch: Int
        /// Output channels.
        public let channels: Int
        /// Whether its weight has a part in the kernel.
        public let trainsWeight: Bool
        /// Whether its bias has.
        public let trainsBias: Bool
        /// Flops for each pair of samples, and once for each sample.
        public let pairFlops: Double
        /// Flops once for each sample.
        public let sampleFlops: Double
        /// Numbers kept for each sample while a kernel is made.
        public let sampleCount: Int
        let part: any TangentKernelPart
        let weightScale: Double
        let biasScale: Double

        var weights: Int { patch * channels }
    }

    /// Which entries the kernel has.
    public let outputs: KernelOutputs
    /// A part for each trained layer, first to last.
    public let layers: [LayerPlan]
    /// Forward pass and K backward passes of one sample.
    public let passFlops: Double
    /// Roundings on the longest way from the weights to an entry: lengths of all sums that follow one another.
    public let chainLength: Int

    /// - Parameters:
    ///   - samples: n, over which the gradients' own cost is spread.
    ///   - only: the algorithm to take wherever it is possible, in place of the cheaper one.
    /// - Throws: `ModelError` with the name of a layer that is trained and has no part in the kernel.
    public init(_ model: Model, _ outputs: KernelOutputs, samples: Int, only: Algorithm? = nil) throws {
        self.outputs = outputs
        passFlops = model.forwardFlops(rows: 1) + Double(model.outputCount) * model.reverseFlops
        chainLength = model.chainLength
        layers = try model.trainedKernelParts().map { stage, part in
            let plans = [Algorithm.products, .gradients].map {
                Self.plan($0, stage, part, model, outputs)
            }
            let possible = plans.filter { Self.isPossible($0, model.outputCount, outputs) }
            if let only, let wanted = possible.first(where: { $0.algorithm == only }) { return wanted }
            let n = Double(samples)
            func cost(_ plan: LayerPlan) -> Double { n * plan.sampleFlops + n * n / 2 * plan.pairFlops }
            return possible.min { cost($0) < cost($1) } ?? plans[1]
        }
    }

    private static func plan(
        _ algorithm: Algorithm, _ stage: Int, _ part: any TangentKernelPart, _ model: Model, _ outputs: KernelOutputs
    ) -> LayerPlan {
        let (channels, patch) = (part.channels, part.patch)
        let places = model.extent(stage, rows: 1).outputs / channels
        let trainsBias = part.bias?.isTrained ?? false
        let k = Double(model.outputCount)
        let (products, passes) = outputs == .full ? (k * k, k * k) : (k, 1)
        let area = Double(places * places)
        let parameters = Double((part.trainsWeight ? patch * channels : 0) + (trainsBias ? channels : 0))
        let isProducts = algorithm == .products
        return LayerPlan(
            stage: stage, name: part.name, algorithm: algorithm, places: places, patch: patch, channels: channels,
            trainsWeight: part.trainsWeight, trainsBias: trainsBias,
            pairFlops: isProducts
                ? area * (2 * Double(patch) + 2 * products * Double(channels) + passCost * passes)
                : 2 * products * parameters,
            sampleFlops: isProducts ? 0 : 2 * k * Double(places) * parameters,
            sampleCount: isProducts
                ? places * (patch + model.outputCount * channels)
                : Int(min(k * parameters, 1e15)),
            part: part, weightScale: part.weightScale, biasScale: part.bias?.scale ?? 1)
    }

    /// An entry of the pass over a layer's product costs as much as that many flops of a product of matrices:
    /// it is bound by the second-level cache.
    private static var passCost: Double { 16 }

    /// Products over places need the square of a pair of samples in the cache; a bias alone has no product, and what is left
    /// of x and d in a sparse layer is none.
    private static func isPossible(_ plan: LayerPlan, _ outputs: Int, _ kind: KernelOutputs) -> Bool {
        switch plan.algorithm {
        case .gradients: true
        case .products: plan.trainsWeight && !plan.part.isSparse && plan.places * kind.rows(outputs) <= 1024
        }
    }

    /// Numbers kept for each sample while a kernel is made.
    public var sampleCount: Int { layers.reduce(0) { $0 + $1.sampleCount } }

    /// Bytes of the factors of n samples, and of the workspace that makes them.
    public func bytes(_ model: Model, samples: Int, _ precision: Precision) -> Double {
        let size = precision.byteCount
        let row = Double((model.workspaceCount(rows: 1) + model.outputCount * model.reverseCount) * size)
        let workspace = max(min(Double(samples) * row, Double(EmpiricalKernel<Float>.defaultWorkspaceBytes)), row)
        return Double(size) * Double(samples) * Double(sampleCount) + workspace
    }

    /// Flops of the kernel of n samples with themselves: half of the square.
    public func flops(samples: Int) -> Double {
        let n = Double(samples)
        let once = passFlops + layers.reduce(0) { $0 + $1.sampleFlops }
        return n * once + n * (n + 1) / 2 * layers.reduce(0) { $0 + $1.pairFlops }
    }
}
