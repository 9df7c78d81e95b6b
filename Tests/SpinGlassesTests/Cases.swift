import Foundation
import Sampling
import SpinGlasses

let isLong = ProcessInfo.processInfo.environment["NTKLAB_TEST_LONG"] != nil

/// Normal numbers.
func normals(_ count: Int, seed: UInt64) -> [Double] {
    (0..<count).map { RandomStream(seed: seed, "case").normal($0) }
}

/// Shapes of these orders and dimensions.
func shapes(_ orders: ClosedRange<Int>, _ dimensions: ClosedRange<Int>) -> [SpinShape] {
    orders.flatMap { order in dimensions.map { SpinShape(order: order, dimension: $0) } }
}

/// Σ w_i^H: stationary where all entries that are not 0 have one size, and for odd H one sign.
func diagonal(_ shape: SpinShape) -> SpinGlass {
    SpinGlass(
        shape,
        couplings: (0..<shape.dimension).map { ([Int](repeating: $0, count: shape.order), 1.0) })
}

/// The coupling of all lists of indices, one by one.
func energyByIndices(_ glass: SpinGlass, _ w: [Double]) -> Double {
    var lists: [[Int]] = [[]]
    for _ in 0..<glass.shape.order { lists = lists.flatMap { head in w.indices.map { head + [$0] } } }
    return lists.reduce(0) { sum, indices in sum + indices.reduce(glass.coupling(indices)) { $0 * w[$1] } }
}
