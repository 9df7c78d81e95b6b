import RealModule

/// z = x + i y, with what path tracking needs.
struct Complex: Equatable {
    var x: Double
    var y: Double
    init(_ x: Double, _ y: Double = 0) { (self.x, self.y) = (x, y) }
    static func + (a: Self, b: Self) -> Self { Self(a.x + b.x, a.y + b.y) }
    static func - (a: Self, b: Self) -> Self { Self(a.x - b.x, a.y - b.y) }
    static func * (a: Self, b: Self) -> Self { Self(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x) }
    static func / (a: Self, b: Self) -> Self {
        let s = b.squares
        return Self((a.x * b.x + a.y * b.y) / s, (a.y * b.x - a.x * b.y) / s)
    }
    var squares: Double { x * x + y * y }
}

/// The roots of unity of this degree.
func rootsOfUnity(_ degree: Int) -> [Complex] {
    (0..<degree).map { k in
        let angle = 2 * Double.pi * Double(k) / Double(degree)
        return Complex(Double.cos(angle), Double.sin(angle))
    }
}

/// A⁻¹ b by elimination with row exchanges.
func solve(_ matrix: [[Complex]], _ right: [Complex]) -> [Complex] {
    let n = right.count
    var (a, x) = (matrix, right)
    for k in 0..<n {
        let pivot = (k..<n).max { a[$0][k].squares < a[$1][k].squares } ?? k
        a.swapAt(k, pivot)
        x.swapAt(k, pivot)
        for i in 0..<n where i > k {
            let factor = a[i][k] / a[k][k]
            for j in k..<n { a[i][j] = a[i][j] - factor * a[k][j] }
            x[i] = x[i] - factor * x[k]
        }
    }
    for k in (0..<n).reversed() {
        for j in 0..<n where j > k { x[k] = x[k] - a[k][j] * x[j] }
        x[k] = x[k] / a[k][k]
    }
    return x
}

func size(_ z: [Complex]) -> Double { z.reduce(0) { $0 + $1.squares }.squareRoot() }

func difference(_ a: [Complex], _ b: [Complex]) -> [Complex] { zip(a, b).map { $0 - $1 } }
