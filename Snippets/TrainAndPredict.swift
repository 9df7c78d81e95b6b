// Training to a minimum, and predicting it from the kernel at the start.
//
// A wide network trained by gradient descent on F = ½ Σ (f(x_i) − y_i)² moves as its linearization at the start does, whose
// residuals are known in closed form: r_t = (I − ηΘ₀)ᵗ r₀ (Lee et al. 2019). The wider it is, the closer are the two columns.

import Layers
import LinearAlgebra
import Networks
import Sampling
import TangentKernels
import Training

// 16 points in R⁸ with ±1 to fit.
let (samples, dimension) = (16, 8)
let x = MatrixBuffer<Double>(samples, dimension)
let y = MatrixBuffer<Double>(samples, 1)
RandomStream(seed: 2, "inputs").fillNormal(x.base, count: x.count, standardDeviation: 0.5)
for i in 0..<samples { y[i, 0] = RandomStream(seed: 2, "targets").normal(i) > 0 ? 1 : -1 }

let builder = ModelBuilder(parametrization: .ntk)
let model = try builder.model(
    MLP(width: 1024, depth: 1).layers(builder), inputShape: [dimension], outputs: 1)
let w = ParameterVector<Double>(model.layout, initializedFrom: 2)
let function = TrainedFunction(Workspace<Double>(model, rows: samples))
let objective = Objective(.squared, .sum)

// r₀ and Θ₀, and from them all that the linearized network will do.
function.forward(w.base, x.base, rows: samples)
let residual = MatrixBuffer<Double>(samples, 1)
for i in 0..<samples { residual[i, 0] = function.outputs[i] - y[i, 0] }
let plan = try KernelPlan(model, .full, samples: samples)
let kernel = EmpiricalKernel<Double>(model, plan, samples: samples).kernel(w, x)
guard let prediction = LinearizedDescent(destroying: kernel, residual: residual),
    let largest = prediction.eigenvalues.last
else { fatalError("the kernel is not finite") }
let learningRate = 1 / largest

// Full-batch descent: every step takes all samples.
let descent = Descent(function, w, objective)
var clock = DescentClock()
print("step   loss         predicted")
for step in 0...300 {
    if [0, 3, 10, 30, 100, 300].contains(step) {
        let loss = function.loss(objective, w, x, y)
        let left = prediction.residual(.descent(clock))
        let predicted = Double.dot(samples, left.base, left.base) / 2
        print(step, loss, predicted, separator: "\t")
    }
    _ = descent.step(x.base, y.base, rows: samples, learningRate: learningRate, scale: 1)
    clock.advance(rate: learningRate)
}
