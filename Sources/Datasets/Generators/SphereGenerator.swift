import LinearAlgebra
import RealModule
import Sampling

/// Points on the unit sphere, uniform or at a chosen least distance, with drawn targets.
///
/// With `hasBiasCoordinate` the last coordinate of every point is 1/√2 and the rest is uniform on
/// the sphere of radius 1/√2 (Allen-Zhu, Li, Song 2019, section 2).
package struct SphereGenerator: Sendable {
    package enum Targets: Sendable, Equatable {
        /// y ~ N(0, 1), one output (Du, Zhai, Poczos, Singh 2018, figure 1).
        case gaussian
        /// Classes 0..<K with equal probability.
        case classes(Int)
        /// f*(x) = Σ_r a_r φ(w_r·x)/√width of a random two-layer ReLU network, plus noise.
        case teacher(width: Int, noise: Double)
    }

    package let count: Int
    package let dimension: Int
    package let hasBiasCoordinate: Bool
    /// δ: the least distance ‖x_i − x_j‖ of two points; 0 for none.
    package let separation: Double
    package let targets: Targets
    package let seed: UInt64

    package init(
        count: Int, dimension: Int, hasBiasCoordinate: Bool = false, separation: Double = 0, targets: Targets,
        seed: UInt64
    ) {
        self.count = count
        self.dimension = dimension
        self.hasBiasCoordinate = hasBiasCoordinate
        self.separation = separation
        self.targets = targets
        self.seed = seed
    }

    /// - Throws: `DatasetError` where the sphere has no room for so many points so far apart.
    package func generate() throws -> RawSamples {
        var teacherWidth = 0.0
        if case .teacher(let width, _) = targets { teacherWidth = Double(width) }
        let (n, d) = (Double(count), Double(dimension))
        guard Memory.holds(n * d + (n + d) * teacherWidth, bytesEach: 16) else {
            throw DatasetError("\(count) points in dimension \(dimension) do not fit into this machine's memory")
        }
        let x = try points()
        return RawSamples(inputs: x, shape: [dimension], targets: drawTargets(x))
    }

    /// Points one after another; those too near to an earlier one are drawn again.
    private func points() throws -> MatrixBuffer<Double> {
        let x = MatrixBuffer<Double>(count, dimension)
        let stream = RandomStream(seed: seed, "data/points")
        let free = dimension - (hasBiasCoordinate ? 1 : 0)
        let radius = hasBiasCoordinate ? 0.5.squareRoot() : 1
        var placed = 0
        var drawn = 0
        while placed < count {
            guard drawn < 1000 * count else {
                throw DatasetError(
                    "only \(placed) of \(count) points at least \(separation) apart were found on the sphere in "
                        + "dimension \(dimension): ask for fewer points, a smaller separation or a higher dimension")
            }
            let point = x.base + placed * dimension
            for c in 0..<free { point[c] = stream.normal(drawn * free + c) }
            let norm = Double.dot(free, point, point).squareRoot()
            for c in 0..<free { point[c] *= radius / norm }
            if hasBiasCoordinate { point[free] = 0.5.squareRoot() }
            drawn += 1
            if norm > 0, isFarEnough(point, x, placed) { placed += 1 }
        }
        return x
    }

    private func isFarEnough(_ point: UnsafePointer<Double>, _ x: MatrixBuffer<Double>, _ placed: Int) -> Bool {
        guard separation > 0 else { return true }
        return (0..<placed).allSatisfy {
            Double.squaredDistance(dimension, point, x.base + $0 * dimension) >= separation * separation
        }
    }

    private func drawTargets(_ x: MatrixBuffer<Double>) -> RawSamples.Targets {
        let stream = RandomStream(seed: seed, "data/answers")
        switch targets {
        case .gaussian: return .values(MatrixBuffer(count, 1, (0..<count).map { stream.normal($0) }))
        case .classes(let classes): return .labels((0..<count).map { stream.integer($0, below: classes) })
        case .teacher(let width, let noise):
            let y = teacher(width, x)
            for i in 0..<count { y[i, 0] += noise * stream.normal(i) }
            return .values(y)
        }
    }

    private func teacher(_ width: Int, _ x: MatrixBuffer<Double>) -> MatrixBuffer<Double> {
        let w = MatrixBuffer<Double>(width, dimension)
        let a = MatrixBuffer<Double>(1, width)
        RandomStream(seed: seed, "data/teacher/hidden").fillNormal(w.base, count: w.count, standardDeviation: 1)
        RandomStream(seed: seed, "data/teacher/output").fillNormal(
            a.base, count: width, standardDeviation: 1 / Double.sqrt(Double(width)))
        let hidden = MatrixBuffer<Double>(count, width)
        let y = MatrixBuffer<Double>(count, 1)
        MatrixBuffer.product(x, .no, w, .yes, into: hidden)
        Double.rectify(hidden.count, 0, hidden.base, hidden.base)
        MatrixBuffer.product(hidden, .no, a, .yes, into: y)
        return y
    }
}
