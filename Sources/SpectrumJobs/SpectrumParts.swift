import HDF5
import LinearAlgebra
import Runs

/// What is done of a spectrum: the Lanczos iteration, and the rules of a density.
extension JobParts {
    private var iteration: String { "lanczos.h5" }

    /// The iteration as it was saved last; nil where it was not.
    func lanczos<A: LinearOperator>(_ a: A, capacity: Int) throws -> LanczosIteration<A>? where A.S: HDF5Element {
        guard let file = try sound(iteration) else { return nil }
        let alphas = try file.read("/alpha", as: Double.self, limit: capacity).values
        let betas = try file.read("/beta", as: Double.self, limit: capacity).values
        guard alphas.count == betas.count else { return nil }
        let vectors = MatrixBuffer<A.S>(capacity + 1, a.dimension)
        try file.read("/vectors", shape: [alphas.count + 1, a.dimension], into: vectors.base)
        let state = LanczosState(
            alphas: alphas, betas: betas, norm: try file.required("norm", file.number("norm", of: "/")),
            waiting: try file.required("waiting", file.integer("waiting", of: "/")),
            overlap: try file.required("overlap", file.number("overlap", of: "/")),
            outcome: try file.string("outcome", of: "/").flatMap(LanczosOutcome.init))
        guard alphas.count <= capacity, (0...alphas.count).contains(state.waiting) else { return nil }
        return LanczosIteration(a, vectors: vectors, state)
    }

    func keep<A: LinearOperator>(_ lanczos: LanczosIteration<A>) throws where A.S: HDF5Element {
        try HDF5Writer.write(to: path(iteration)) { file in
            let state = lanczos.state
            try file.dataset("/alpha", state.alphas)
            try file.dataset("/beta", state.betas)
            try file.attribute("norm", state.norm)
            try file.attribute("waiting", state.waiting)
            try file.attribute("overlap", state.overlap)
            try file.attribute("outcome", state.outcome?.rawValue ?? "goes on")
            try file.dataset(
                "/vectors", UnsafePointer(lanczos.vectors.base), shape: [lanczos.steps + 1, lanczos.vectors.columns])
        }
    }

    /// The rule of a start vector, or what makes it.
    func rule(_ probe: Int, _ make: () throws -> GaussRule) throws -> GaussRule {
        let name = "probe-\(probe).h5"
        if let file = try sound(name) {
            func numbers(_ name: String) throws -> [Double] {
                try file.read(name, as: Double.self, limit: 1 << 20).values
            }
            return GaussRule(
                nodes: try numbers("/node"), weights: try numbers("/weight"), residuals: try numbers("/residual"))
        }
        let rule = try make()
        try HDF5Writer.write(to: path(name)) { file in
            try file.dataset("/node", rule.nodes)
            try file.dataset("/weight", rule.weights)
            try file.dataset("/residual", rule.residuals)
        }
        return rule
    }
}
