/// What `ntklab sharpness` is asked for.
package struct SharpnessRequest: Sendable {
    package let run: String
    /// The newest checkpoint's where nil; 0 is the initialization.
    package let step: Int?
    /// ε, the size of the boxes.
    package let epsilon: Double
    /// The most iterations of a search.
    package let iterations: Int
    /// Directions of a random subspace, p; 100 where nil, or as many as there are weights.
    package let dimension: Int?
    /// Random subspaces, 1 or more.
    package let subspaces: Int
    /// The first samples; all where nil.
    package let samples: Int?

    package init(
        run: String, step: Int?, epsilon: Double, iterations: Int, dimension: Int?, subspaces: Int, samples: Int?
    ) {
        self.run = run
        self.step = step
        self.epsilon = epsilon
        self.iterations = iterations
        self.dimension = dimension
        self.subspaces = subspaces
        self.samples = samples
    }
}
