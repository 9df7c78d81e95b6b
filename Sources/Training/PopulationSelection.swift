import Populations

/// The population that a run's samples are of, and what is asked of it at the end.
package struct PopulationSelection: Sendable {
    /// - Throws: where it does not fit into memory.
    package let population: @Sendable () throws -> Population
    /// Of fresh samples: the run's.
    package let seed: UInt64
    package let options: PopulationOptions

    package init(
        seed: UInt64, _ options: PopulationOptions, _ population: @escaping @Sendable () throws -> Population
    ) {
        (self.seed, self.options, self.population) = (seed, options, population)
    }
}
