import Foundation
import LinearAlgebra
import Networks
import Training
func time<S: Scalar>(_ t: S.Type, _ n: Int, _ m: Int, _ L: Int) throws {
    let model = try MLP(inputs: 256, width: m, depth: L, outputs: 10).model()
    let w = ParameterVector<S>(model.layout, initializedFrom: 0)
    let x = Matrix<S>(n, 256), y = Matrix<S>(n, 10)
    for i in 0..<x.count { x.base[i] = S(Double.random(in: -1...1)) }
    for i in 0..<y.count { y.base[i] = S(Double.random(in: -1...1)) }
    let d = Descent(Workspace<S>(model, rows: n), w, Objective(.squared, .mean), Momentum())
    var times: [Double] = []
    let flops = model.stepFlops(rows: n)
    let runs = flops < 1e9 ? 400 : 15
    for r in 0..<(runs + 3) {
        let s = DispatchTime.now().uptimeNanoseconds
        _ = d.step(x.base, y.base, rows: n, learningRate: 1e-4, scale: 1 / Double(n))
        if r >= 3 { times.append(Double(DispatchTime.now().uptimeNanoseconds - s) * 1e-9) }
    }
    times.sort()
    let med = times[times.count / 2]
    print(S.precision, n, m, L, "med \(med * 1e3) ms least \(times[0] * 1e3) ms  GF \(flops / med / 1e9) best \(flops / times[0] / 1e9)")
}
BLAS.threadCount = 2
for _ in 0..<2 {
for (n, m, L) in [(128, 2048, 3), (1024, 1024, 5), (128, 4096, 4), (32, 256, 3)] {
    try time(Float.self, n, m, L)
    try time(Double.self, n, m, L)
}
}
