import SpinGlasses

/// All complex solutions z ≠ 0 of T z^(H−1) = z, by continuation from (H − 1)^Λ roots of unity.
///
/// The system has degree H − 1 in each of Λ equations: (H − 1)^Λ solutions for almost all T, z = 0 one of them, and the
/// others H − 2 for each normalized eigenvector up to sign, z = λ^(−1/(H−2)) v. None of the program's own evaluations
/// is used: the tensor is summed index by index.
struct Homotopy {
    let order, n: Int
    let radius: Double
    /// The entry of T for each list of indices.
    let entries: [(indices: [Int], value: Double)]
    /// Any complex factor of the start system: all but finitely many lead around singular points.
    let gamma = Complex(0.6, 0.8)

    init(_ glass: SpinGlass) {
        (order, n, radius) = (glass.shape.order, glass.shape.dimension, glass.radius)
        var all: [[Int]] = [[]]
        for _ in 0..<order { all = all.flatMap { head in (0..<glass.shape.dimension).map { head + [$0] } } }
        entries = all.map { ($0, glass.coupling($0)) }
    }

    /// F(z) = T z^(H−1) − z, and F′.
    private func target(_ z: [Complex]) -> (value: [Complex], slope: [[Complex]]) {
        var value = z.map { Complex(0) - $0 }
        var slope = [[Complex]](repeating: [Complex](repeating: Complex(0), count: n), count: n)
        for i in 0..<n { slope[i][i] = Complex(-1) }
        for (indices, entry) in entries {
            // Symmetric: the derivative of H − 1 factors is H − 1 times that of the last.
            let rest = indices[1..<(order - 1)].reduce(Complex(entry)) { $0 * z[$1] }
            let (i, j) = (indices[0], indices[order - 1])
            value[i] = value[i] + rest * z[j]
            slope[i][j] = slope[i][j] + Complex(Double(order - 1)) * rest
        }
        return (value, slope)
    }

    /// (1 − t) γ (z_i^(H−1) − 1) + t F(z), its derivatives along z and t.
    private func path(_ z: [Complex], _ t: Double) -> (value: [Complex], slope: [[Complex]], speed: [Complex]) {
        var (value, slope) = target(z)
        let start = z.map { x in gamma * ((0..<(order - 1)).reduce(Complex(1)) { p, _ in p * x } - Complex(1)) }
        let speed = zip(value, start).map { $0 - $1 }
        for i in 0..<n {
            value[i] = Complex(t) * value[i] + Complex(1 - t) * start[i]
            for j in 0..<n { slope[i][j] = Complex(t) * slope[i][j] }
            let power = (0..<(order - 2)).reduce(Complex(Double(order - 1))) { p, _ in p * z[i] }
            slope[i][i] = slope[i][i] + Complex(1 - t) * gamma * power
        }
        return (value, slope, speed)
    }

    /// Newton's steps at t; nil where they do not contract quickly: the next solution may be on another path.
    private func corrected(_ z: [Complex], _ t: Double, steps: Int) -> [Complex]? {
        var (z, last) = (z, Double.infinity)
        for _ in 0..<steps {
            let (value, slope, _) = path(z, t)
            let p = solve(slope, value)
            let length = size(p) / (1e-3 + size(z))
            guard length < 1e-3, length < last / 4 || length < 1e-11 else { return nil }
            z = difference(z, p)
            last = length
        }
        return last < 1e-8 ? z : nil
    }

    /// Runge and Kutta's step along dz/dt = −F_z⁻¹ F_t.
    private func predicted(_ z: [Complex], _ t: Double, _ h: Double) -> [Complex] {
        func slope(_ z: [Complex], _ t: Double) -> [Complex] {
            let (_, slope, speed) = path(z, t)
            return solve(slope, speed)
        }
        func moved(_ p: [Complex], _ a: Double) -> [Complex] { difference(z, p.map { Complex(a) * $0 }) }
        let first = slope(z, t)
        let second = slope(moved(first, h / 2), t + h / 2)
        let third = slope(moved(second, h / 2), t + h / 2)
        let fourth = slope(moved(third, h), t + h)
        return moved((0..<n).map { first[$0] + Complex(2) * (second[$0] + third[$0]) + fourth[$0] }, h / 6)
    }

    /// Where the path from a start goes; nil where it is lost.
    private func end(from start: [Complex]) -> [Complex]? {
        var (z, t, h) = (start, 0.0, 0.01)
        while t < 1 {
            guard h > 1e-10 else { return nil }
            let next = min(1, t + h)
            if let there = corrected(predicted(z, t, next - t), next, steps: next == 1 ? 5 : 3) {
                (z, t, h) = (there, next, min(2 * h, 0.05))
            } else {
                h /= 2
            }
        }
        return z
    }

    /// All solutions, z = 0 too; nil where a path is lost, or two have one end: then something is missing.
    func solutions() -> [[Complex]]? {
        let roots = rootsOfUnity(order - 1)
        var starts: [[Complex]] = [[]]
        for _ in 0..<n { starts = starts.flatMap { head in roots.map { head + [$0] } } }
        var ends: [[Complex]] = []
        for start in starts {
            guard let end = end(from: start),
                !ends.contains(where: { size(difference($0, end)) < 1e-7 * (1 + size(end)) })
            else { return nil }
            ends.append(end)
        }
        return ends
    }

    /// Normalized real eigenvectors up to sign, ‖w‖ = √Λ, and how many complex ones there are with them; nil where one
    /// may be missing.
    func eigenvectors() -> (real: [[Double]], all: Int)? {
        guard let ends = solutions() else { return nil }
        let others = ends.filter { size($0) > 1e-7 }
        guard others.count == ends.count - 1, others.count % (order - 2) == 0 else { return nil }
        var real: [[Double]] = []
        for z in others {
            // Without the phase of the largest entry, what is real up to a factor is real.
            guard let top = z.max(by: { $0.squares < $1.squares }) else { continue }
            let turned = z.map { $0 / top }
            guard turned.allSatisfy({ abs($0.y) < 1e-7 }) else { continue }
            let length = turned.reduce(0) { $0 + $1.x * $1.x }.squareRoot()
            let w = turned.map { $0.x * radius / length }
            if !real.contains(where: { distance($0, w) < 1e-6 }) { real.append(w) }
        }
        return (real, others.count / (order - 2))
    }
}

/// The distance of w from the nearer of ±v.
func distance(_ v: [Double], _ w: [Double]) -> Double {
    let (minus, plus) = (zip(v, w).map { $0 - $1 }, zip(v, w).map { $0 + $1 })
    func squares(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 } }
    return min(squares(minus), squares(plus)).squareRoot()
}
