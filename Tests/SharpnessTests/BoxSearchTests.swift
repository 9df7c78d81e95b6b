import Foundation
import LinearAlgebra
import Sharpness
import Testing

/// h(z) = Σ (g_i z_i + d_i z_i²/2), whose maximum in a box is that of each coordinate alone.
private struct Separable {
    let slopes: [Double]
    let bends: [Double]

    func value(_ z: UnsafePointer<Double>, _ gradient: UnsafeMutablePointer<Double>) -> Double {
        slopes.indices.reduce(0) { sum, i in
            gradient[i] = slopes[i] + bends[i] * z[i]
            return sum + slopes[i] * z[i] + bends[i] * z[i] * z[i] / 2
        }
    }

    func maximum(_ bounds: [Double]) -> Double {
        bounds.indices.reduce(0) { sum, i in
            func h(_ z: Double) -> Double { slopes[i] * z + bends[i] * z * z / 2 }
            let top = -slopes[i] / bends[i]
            let inner = bends[i] < 0 && abs(top) < bounds[i] ? [top] : []
            return sum + ([-bounds[i], bounds[i]] + inner).map(h).reduce(-.infinity, max)
        }
    }
}

private func search(
    _ bounds: [Double], iterations: Int = 50, _ h: (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Double
) throws -> BoxMaximum {
    try BoxSearch(iterations: iterations).maximum(within: MatrixBuffer(1, bounds.count, bounds), h)
}

@Test func theMaximumOfASeparableQuadraticIsFound() throws {
    let h = Separable(slopes: [1, -0.3, 0.02, 2, -0.7], bends: [0.5, 2, -0.1, -9, -0.4])
    let bounds = [0.5, 1, 2, 0.9, 0.1]
    let found = try search(bounds) { h.value($0, $1) }
    #expect(abs(found.value - h.maximum(bounds)) < 1e-12, "\(found.value), \(h.maximum(bounds))")
    #expect(found.start == 0)
    #expect(zip(found.point.entries, bounds).allSatisfy { abs($0) <= $1 })
    var gradient = [Double](repeating: 0, count: 5)
    #expect(h.value(found.point.base, &gradient) == found.value)
}

/// Fewer iterations find less, and never more.
@Test func iterationsAreCounted() throws {
    let h = Separable(
        slopes: (0..<40).map { sin(Double($0)) + 0.01 }, bends: (0..<40).map { -exp(Double($0) / 6) })
    let bounds = [Double](repeating: 0.7, count: 40)
    var last = 0.0
    for most in 1...12 {
        let found = try search(bounds, iterations: most) { h.value($0, $1) }
        #expect(found.iterations == most && found.ending == .iterations)
        #expect(found.evaluations > most)
        #expect(found.value >= last && found.value <= h.maximum(bounds) + 1e-12)
        last = found.value
    }
    #expect(last < h.maximum(bounds))
}

/// What can't be searched further is said, and what was found before stands.
@Test func endingsAreSaid() throws {
    let flat = try search([1, 1]) { _, gradient in
        (gradient[0], gradient[1]) = (0, 0)
        return 3
    }
    #expect(flat.ending == .stationary && flat.value == 3 && flat.start == 3 && flat.evaluations == 1)
    // Both coordinates come to their bounds, where the gradient points out of the box.
    let corner = try search([1, 2]) { z, gradient in
        (gradient[0], gradient[1]) = (1, -4)
        return z[0] - 4 * z[1]
    }
    #expect(corner.ending == .stationary && corner.value == 9 && corner.point.entries == [1, -2])
    // A gradient that is not that of the function.
    let wrong = try search([1, 1]) { z, gradient in
        (gradient[0], gradient[1]) = (1, 1)
        return -z[0] - z[1]
    }
    #expect(wrong.ending == .lineSearch && wrong.value == 0 && wrong.point.entries == [0, 0])
    // Slopes that the digits of the value can't show.
    let lost = try search([4]) { z, gradient in
        gradient[0] = z[0] == 0 ? 1 : 0.1
        return 1e20
    }
    #expect(lost.ending == .settled && lost.value == 1e20 && lost.iterations == 1, "\(lost)")
    for bad in [Double.nan, .infinity] {
        let found = try search([1]) { z, gradient in
            gradient[0] = -2 * (z[0] - 5)
            return z[0] == 0 ? -25 : bad
        }
        #expect(found.ending == .notFinite && found.evaluations == 2 && found.value == -25)
        #expect(found.point.entries == [0])
        let slope = try search([1]) { _, gradient in
            gradient[0] = bad
            return 1
        }
        #expect(slope.ending == .notFinite && slope.value == 1)
    }
}

@Test func anEmptyBoxIsRefused() throws {
    let error = #expect(throws: SearchError.self) { try search([]) { _, _ in 0 } }
    #expect(error?.description.contains("found 0") == true)
    // Bounds the wrong way round are no box: the library says so.
    #expect(throws: SearchError.self) { try search([-1]) { _, _ in 0 } }
}

/// Searches that go on side by side do not know of one another.
@Test func searchesNestAndDoNotMeet() throws {
    let h = Separable(slopes: [1, -0.3, 0.02], bends: [-0.5, -2, -0.1])
    let bounds = [0.5, 1, 2]
    let alone = try search(bounds) { h.value($0, $1) }
    let outer = try search(bounds) { z, gradient in
        #expect((try? search(bounds) { h.value($0, $1) })?.value == alone.value)
        return h.value(z, gradient)
    }
    #expect(outer.value == alone.value && outer.evaluations == alone.evaluations)
}
