import Files
import Landscape
import LinearAlgebra
import Networks
import Sharpness

/// Sharpness of a run's training loss at one of its checkpoints.
package enum SharpnessRunner {
    /// Makes all searches, and finds λ_max of H and of D H D.
    ///
    /// Cost: three forward passes over the samples for each value of the loss with its gradient, one or two for an
    /// iteration of a search; up to 200 products with H, of six or nine passes.
    /// - Parameter say: is told what takes time.
    /// - Throws: `LabError` or `HDF5Error` where run, step, sizes or files do not fit.
    package static func run(_ request: SharpnessRequest, say: (String) -> Void) throws -> SharpnessSummary {
        let problem = try SharpnessProblem(request)
        do {
            return SharpnessSummary(request, problem, try SharpnessResults(request, problem, say: say))
        } catch let error as SearchError {
            throw LabError("\(request.run): \(error)")
        }
    }
}

/// What was found of a problem.
struct SharpnessResults {
    let full: SharpRise
    let subspaces: [SharpRise]
    let relative: SharpRise
    /// λ_max of H and of D H D; nil where a product is not finite.
    let largest: LargestEigenvalue?
    let relativeLargest: LargestEigenvalue?
    /// Trained weights that are 0, which relative steps leave there.
    let zeros: Int

    init(_ request: SharpnessRequest, _ problem: SharpnessProblem, say: (String) -> Void) throws {
        let meter = SharpnessMeter(problem.surface)
        func rise(_ reach: Reach, _ name: String) throws -> SharpRise {
            guard let found = try meter.rise(reach, epsilon: request.epsilon, iterations: request.iterations) else {
                throw LabError(
                    "--subspace \(problem.dimension): expected independent directions, found that those of \(name) "
                        + "depend on one another to rounding; fewer do not")
            }
            return found
        }
        say("searching the box of all \(meter.dimension) trained weights")
        full = try rise(.full, "the box")
        say("searching \(request.subspaces) random subspaces of \(problem.dimension) dimensions")
        subspaces = try (0..<request.subspaces).map { index in
            let subspace = Subspace(
                random: index, dimension: problem.dimension, weights: meter.dimension, seed: problem.seed)
            return try rise(.subspace(subspace), "subspace \(index)")
        }
        say("searching the box of relative steps")
        relative = try rise(.relative, "the box")
        say("lanczos   for the largest eigenvalues of H and D H D")
        let hessian = CurvatureOperator(problem.surface, .hessian)
        largest = LargestEigenvalue(of: hessian, on: problem.surface, seed: problem.seed)
        relativeLargest = LargestEigenvalue(
            of: RelativeCurvature(hessian, at: meter.trained), on: problem.surface, seed: problem.seed)
        zeros = (0..<meter.dimension).count { meter.trained.base[$0] == 0 }
    }
}
