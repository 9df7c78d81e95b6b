import LinearAlgebra
import RealModule
import SpinGlasses
import StationaryPoints
import Testing

/// Energy, gradient and Hessian, on R^Λ and along the sphere, are those of sums over all indices and of differences.
@Test(arguments: shapes(2...6, 2...4) + [SpinShape(order: 3, dimension: 8)])
func derivativesAreThoseOfDifferences(shape: SpinShape) {
    let n = shape.dimension
    let glass = SpinGlass(order: shape.order, dimension: n, seed: 5)
    let sphere = glass.onSphere
    let w = sphere.moved(normals(n, seed: 1), along: normals(n, seed: 2), by: 0)
    let p = normals(n, seed: 3)
    let scale = Double(n) * Double(shape.order * shape.order)
    #expect(abs(glass.energy(at: w) - energyByIndices(glass, w)) < 1e-12 * scale)

    func along(_ a: Double) -> [Double] { zip(w, p).map { $0 + a * $1 } }
    let h = 1e-4
    let slope = Double.dot(n, glass.gradient(at: w).gradient, p)
    #expect(
        abs((energyByIndices(glass, along(h)) - energyByIndices(glass, along(-h))) / (2 * h) - slope) < 1e-5 * scale)
    var image = p
    glass.hessian(at: w).apply(p, &image)
    let (ahead, behind) = (glass.gradient(at: along(h)).gradient, glass.gradient(at: along(-h)).gradient)
    for i in 0..<n { #expect(abs((ahead[i] - behind[i]) / (2 * h) - image[i]) < 1e-5 * scale) }

    // Along the great circle through w in the direction u.
    let inner = Double.dot(n, w, p) / Double(n)
    var u = zip(p, w).map { $0 - inner * $1 }
    let length = Double.dot(n, u, u).squareRoot()
    u = u.map { $0 / length }
    func circle(_ s: Double) -> [Double] {
        zip(w, u).map { Double.cos(s / glass.radius) * $0 + glass.radius * Double.sin(s / glass.radius) * $1 }
    }
    let (next, here, last) = (
        energyByIndices(glass, circle(1e-3)), glass.energy(at: w), energyByIndices(glass, circle(-1e-3))
    )
    #expect(abs((next - last) / 2e-3 - Double.dot(n, sphere.gradient(at: w).gradient, u)) < 1e-4 * scale)
    sphere.hessian(at: w).apply(u, &image)
    #expect(abs((next - 2 * here + last) / 1e-6 - Double.dot(n, image, u)) < 1e-4 * scale)
}

/// E H(w) H(v) = Λ (⟨w, v⟩/Λ)^H over draws, within five standard errors.
@Test(arguments: [(2, 3), (3, 2), (3, 4), (4, 3), (5, 2)]) func energiesHaveTheirCovariance(order: Int, dimension: Int)
{
    let draws = 3000
    let glass = SpinGlass(order: order, dimension: dimension, seed: 0)
    let w = glass.onSphere.moved(normals(dimension, seed: 1), along: normals(dimension, seed: 1), by: 0)
    let v = glass.onSphere.moved(w, along: normals(dimension, seed: 2), by: 0.3)
    let products = (0..<draws).map { seed in
        let glass = SpinGlass(order: order, dimension: dimension, seed: UInt64(seed))
        return (glass.energy(at: w) * glass.energy(at: v), glass.energy(at: w) * glass.energy(at: w))
    }
    let expected = Double(dimension) * Double.pow(Double.dot(dimension, w, v) / Double(dimension), order)
    // A product of normal numbers of variance Λ has a variance of 2 Λ² at most.
    let error = 5 * Double.sqrt(2) * Double(dimension) / Double(draws).squareRoot()
    #expect(abs(products.reduce(0) { $0 + $1.0 } / Double(draws) - expected) < error)
    #expect(abs(products.reduce(0) { $0 + $1.1 } / Double(draws) - Double(dimension)) < error)
}

/// For H = 2 there are exactly Λ points: the eigenvectors, with eigenvalue λ_k, H/Λ = λ_k and index k.
@Test(arguments: 2...8) func orderTwoHasTheEigenvectors(dimension n: Int) throws {
    for seed in 0..<UInt64(isLong ? 50 : 3) {
        let glass = SpinGlass(order: 2, dimension: n, seed: seed)
        let matrix = MatrixBuffer(n, n, (0..<(n * n)).map { glass.coupling([$0 / n, $0 % n]) })
        let exact = try #require(SymmetricEigen(destroying: matrix, vectors: true))
        let vectors = try #require(exact.vectors)
        let found = SpinSearch(glass, seed: 7, mostSearches: 1 << 14).points()
        #expect(found.count == n...n && found.standing == .complete && found.sums?.isEulers == true, "seed \(seed)")
        for (k, point) in found.points.enumerated() {
            #expect(abs(point.energy - exact.values[k]) < 1e-12 && point.index == k...k && point.residual < 1e-12)
            #expect(abs(abs(Double.dot(n, point.w, vectors.base + k * n)) / glass.radius - 1) < 1e-12)
        }
    }
}

/// Q costs Λ (Λ + 1) for each monomial, and the monomials one each: counted from their closed form.
@Test func flopsAreCounted() {
    func choose(_ n: Int, _ k: Int) -> Int { (0..<k).reduce(1) { $0 * (n - $1) / ($1 + 1) } }
    for shape in shapes(2...6, 2...8) {
        let (n, degree) = (shape.dimension, shape.order - 2)
        let monomials = (1..<(degree + 1)).reduce(0) { $0 + choose(n + $1 - 1, $1) }
        let glass = SpinGlass(order: shape.order, dimension: n, seed: 1)
        #expect(glass.flops == n * (n + 1) * choose(n + degree - 1, degree) + monomials)
    }
}
