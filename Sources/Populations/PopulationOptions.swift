/// What a `PopulationMeter` looks for, and how hard.
package struct PopulationOptions: Sendable, Equatable {
    /// M, the size of the fresh sample that J is taken over, and of the second one; nil for J in closed form, which a linear network with a
    /// linear teacher has.
    package var samples: Int?
    /// r of Ω: ‖W_j‖_F ≤ r.
    package var radius: Double
    /// Random points in Ω, where the search for the largest gaps begins.
    package var points: Int
    /// Places that each of its ascents tries.
    package var trials: Int
    /// Searches for stationary points of J; 0 for none.
    package var starts: Int
    /// The smallest coefficient of the ridge around J and J_n where their stationary points are compared; the largest is twice that.
    package var ridge: Double
    /// How many samples are left out, one at a time; 0 for none.
    package var leftOut: Int

    package init(
        samples: Int? = nil, radius: Double, points: Int = 64, trials: Int = 60, starts: Int = 16,
        ridge: Double = 0.05, leftOut: Int = 8
    ) {
        (self.samples, self.radius, self.points, self.trials) = (samples, radius, points, trials)
        (self.starts, self.ridge, self.leftOut) = (starts, ridge, leftOut)
    }
}
