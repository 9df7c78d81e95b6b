import Foundation
import ScalingLaws
import Testing

/// What first-order power counting gives, by hand.
@Test func expectedExponentsDependOnParametrizationLayerAndDepth() {
    func typical(
        _ regime: ScalingRegime, _ activation: ScalingNetwork.Activation, _ depth: Int, _ observable: ScalingObservable,
        _ layer: ScalingLayer = .all
    ) -> ClosedRange<Double>? {
        ScalingNetwork(regime, activation, depth: depth).exponent(of: observable, layer: layer)?.typical
    }
    #expect(typical(.ntk, .linear, 1, .rowDrift) == 0...0)
    #expect(typical(.standard, .linear, 1, .rowDrift) == -0.5...(-0.5))
    #expect(typical(.paper, .rectified, 3, .rowDrift) == -1...(-0.85))
    #expect(typical(.standard, .linear, 1, .kernelDrift) == -2...(-2))
    #expect(typical(.standard, .linear, 2, .kernelDrift) == -1...(-1))
    #expect(typical(.ntk, .linear, 1, .kernelDrift) == -1...(-1))
    // W alone is trained: f is linear in it, and both are 0.
    #expect(typical(.paper, .linear, 1, .kernelDrift) == nil && typical(.paper, .linear, 1, .linearizationGap) == nil)
    #expect(typical(.paper, .linear, 2, .kernelDrift) == -1...(-1))
    #expect(typical(.standard, .rectified, 2, .weightDrift, .first) == -1...(-1))
    #expect(typical(.standard, .rectified, 2, .relativeDrift, .first) == -1.5...(-1.5))
    #expect(typical(.standard, .rectified, 1, .flips) == -1.5...(-1.5))
    #expect(typical(.paper, .smooth, 2, .weightDrift) == nil && typical(.ntk, .smooth, 2, .flips) == nil)
    var fixed = ScalingNetwork(.standard, depth: 2)
    fixed.hasAutomaticRate = false
    #expect(fixed.exponent(of: .steps)?.typical == -1...(-1))
    var entropy = ScalingNetwork(.paper, depth: 2)
    entropy.hasSquaredLoss = false
    #expect(entropy.exponent(of: .weightDrift)?.worstCase == nil)
    // A typical exponent beyond what a theorem guarantees would refute one of both.
    for regime in ScalingRegime.allCases {
        for activation in ScalingNetwork.Activation.allCases {
            for (depth, observable) in [1, 2, 3].flatMap({ depth in ScalingObservable.allCases.map { (depth, $0) } }) {
                for layer in ScalingLayer.allCases {
                    let network = ScalingNetwork(regime, activation, depth: depth)
                    guard let expected = network.exponent(of: observable, layer: layer), let typical = expected.typical,
                        let bound = expected.worstCase
                    else { continue }
                    #expect(
                        expected.isUpperBound ? typical.upperBound <= bound : typical.lowerBound >= bound,
                        "\(network), \(observable), \(layer)")
                }
            }
        }
    }
}
