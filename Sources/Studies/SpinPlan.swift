import Execution
import Files
import SpinGlasses

/// Draws of spin glasses, shape by shape and seed by seed, each of which becomes a row of a file.
package struct SpinPlan: Sendable {
    package let shapes: [SpinShape]
    /// Of the couplings.
    package let seeds: Range<UInt64>
    /// For each draw.
    package let mostSearches: Int

    package init(shapes: [SpinShape], seeds: Range<UInt64>, mostSearches: Int) {
        (self.shapes, self.seeds, self.mostSearches) = (shapes, seeds, mostSearches)
    }

    /// In the order in which they are made.
    var draws: [(shape: SpinShape, seed: UInt64)] { shapes.flatMap { shape in seeds.map { (shape, $0) } } }

    /// Makes the draws that a folder lacks; one that was killed goes on to the same bytes.
    /// - Parameter say: is told of each shape that is done.
    /// - Returns: whether all are there; else a signal came.
    /// - Throws: `LabError` where the folder is in use, or holds draws of another plan; `FileError`.
    package func run(in folder: String, say: (String) -> Void) throws -> Bool {
        try WholeFile.makeFolders(folder)
        let lock = try FileLock(folder + "/lock", of: folder, warn: say)
        return try withExtendedLifetime(lock) {
            let file = SpinFile(folder)
            let done = try file.draws(of: self)
            let left = draws.dropFirst(done.count)
            guard !left.isEmpty else { return true }
            return try file.adding(to: done, of: self) { append in
                for (k, draw) in zip(left.indices, left) {
                    if Interruption.isRequested { return false }
                    try append(SpinDraw(draw.shape, seed: draw.seed, mostSearches: mostSearches))
                    if (k + 1) % seeds.count == 0 {
                        say("draws     order \(draw.shape.order), dimension \(draw.shape.dimension): \(seeds.count)")
                    }
                }
                return true
            }
        }
    }
}
