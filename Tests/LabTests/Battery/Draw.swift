import Foundation
import Sampling

/// Numbers drawn one after the other, the same for the same family and index.
struct Draw {
    private let stream: RandomStream
    private var next = 0

    init(_ family: String, _ index: Int) { stream = RandomStream(seed: UInt64(index), "battery/" + family) }

    private mutating func counter() -> Int {
        next += 2
        return next
    }

    mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * stream.uniform(counter()) }
    /// Uniform in the logarithm.
    mutating func spread(_ low: Double, _ high: Double) -> Double { exp(uniform(log(low), log(high))) }
    mutating func integer(_ low: Int, _ high: Int) -> Int { low + stream.integer(counter(), below: high - low + 1) }
    mutating func normal() -> Double { stream.normal(counter()) }
    mutating func chance(_ share: Double) -> Bool { uniform(0, 1) < share }
    mutating func pick<T>(_ choices: [T]) -> T { choices[integer(0, choices.count - 1)] }
    mutating func sign() -> Double { chance(0.5) ? 1 : -1 }
    mutating func normals(_ count: Int) -> [Double] { (0..<count).map { _ in normal() } }

    /// `count` orthonormal vectors of `dimension` coordinates, by Gram and Schmidt, twice.
    mutating func frame(_ count: Int, in dimension: Int) -> [[Double]] {
        var frame: [[Double]] = []
        for _ in 0..<count {
            var v = normals(dimension)
            for _ in 0..<2 {
                for u in frame {
                    let along = dot(u, v)
                    for i in v.indices { v[i] -= along * u[i] }
                }
            }
            let length = dot(v, v).squareRoot()
            frame.append(v.map { $0 / length })
        }
        return frame
    }
}

func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

/// A number in few digits, for names of cases.
func brief(_ value: Double) -> String { String(format: "%.3g", value) }

/// The first number that the weights of a tensor take at a seed, of deviation 1.
func drawnWeight(_ tensor: String, seed: Int, _ index: Int = 0) -> Double {
    RandomStream(seed: UInt64(seed), "weights/" + tensor + "/weight").normal(index)
}
