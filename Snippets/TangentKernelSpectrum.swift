// The tangent kernel of a network and its spectrum.
//
// Θ = J Jᵀ, with J the derivatives of all outputs in all trained weights, of a ReLU network with random weights on points of a
// sphere. Its smallest eigenvalue is the rate at which descent on the squared loss is bound to fall. It comes with a bound on
// what rounding may have done to it, so that λ > 0 is never said of a kernel that only looks that way.

import Layers
import LinearAlgebra
import Networks
import Sampling
import TangentKernels

// 20 points on the unit sphere of R¹⁰.
let (samples, dimension) = (20, 10)
let x = MatrixBuffer<Double>(samples, dimension)
RandomStream(seed: 1, "inputs").fillNormal(x.base, count: x.count, standardDeviation: 1)
for i in 0..<samples {
    let row = x.base + i * dimension
    Double.scale(dimension, 1 / Double.dot(dimension, row, row).squareRoot(), row)
}

// Two hidden layers of 512 ReLUs in the NTK parametrization, with the weights of seed 1.
let builder = ModelBuilder(parametrization: .ntk)
let model = try builder.model(
    MLP(width: 512, depth: 2).layers(builder), inputShape: [dimension], outputs: 1)
let w = ParameterVector<Double>(model.layout, initializedFrom: 1)

// The plan chooses for each layer the cheaper of two exact algorithms.
let plan = try KernelPlan(model, .full, samples: samples)
let kernel = EmpiricalKernel<Double>(model, plan, samples: samples).kernel(w, x)

let trace = (0..<samples).reduce(0) { $0 + kernel[$1, $1] }
let error = plan.arithmeticError(trace: trace, .float64)
guard let spectrum = KernelSpectrum(destroying: kernel, arithmeticError: error) else {
    fatalError("the kernel is not finite")
}
print("Θ of \(samples) samples, \(w.count) weights, trace \(trace)")
print("λ_max \(spectrum.largest.value) ± \(spectrum.largest.error)")
print("λ_min \(spectrum.smallest.value) ± \(spectrum.smallest.error): \(spectrum.definiteness.rawValue)")
