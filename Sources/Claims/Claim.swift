import Files
import Foundation

/// What this process holds, with signs of life until it is released.
package final class Claim {
    package let name: String
    /// Told from all other claims.
    package let token: String
    private let folder: ClaimFolder
    private let generation: Int
    /// Generations of those that it was taken over from.
    private let predecessors: [Int]
    private let signsOfLife: any DispatchSourceTimer
    private var isOver = false

    /// A claim that was just made.
    init(_ folder: ClaimFolder, _ name: String, _ generation: Int, token: String, predecessors: [Int]) throws {
        (self.folder, self.name, self.generation, self.token) = (folder, name, generation, token)
        self.predecessors = predecessors
        signsOfLife = DispatchSource.makeTimerSource(queue: .global(qos: .userInitiated))
        signsOfLife.schedule(deadline: .now() + folder.limit / 8, repeating: folder.limit / 8)
        whenLost {}
        signsOfLife.resume()
    }

    deinit { signsOfLife.cancel() }

    /// Has something done, on some thread, once it is seen that another has taken the claim over.
    package func whenLost(_ body: @escaping @Sendable () -> Void) {
        signsOfLife.setEventHandler { [folder, name, generation, token] in
            // A sign that fails is made up for by the next.
            do { if try !Self.isHeld(folder, name, generation, token) { body() } } catch {}
        }
    }

    /// How many others held it before, and ended or were silent.
    package var takeovers: Int { generation - 1 }

    /// Whether nobody has taken it over, by what is in the folder now, with a sign of life.
    /// - Throws: `FileError` where that can't be told.
    package var isHeld: Bool {
        get throws { try !isOver && Self.isHeld(folder, name, generation, token) }
    }

    private static func isHeld(_ folder: ClaimFolder, _ name: String, _ generation: Int, _ token: String) throws -> Bool
    {
        // Its name may be another's by now.
        guard try isThere(folder, name, generation, token) else { return false }
        let path = "\(folder.path)/\(ClaimFolder.file(name, generation))"
        guard utimensat(AT_FDCWD, path, nil, 0) == 0 else {
            if errno == ENOENT || errno == ESTALE { return false }
            throw FileError(path, "cannot be kept")
        }
        // Who makes the next one now sees this sign of life, and takes it back.
        return !Disk.exists("\(folder.path)/\(ClaimFolder.file(name, generation + 1))")
    }

    private static func isThere(_ folder: ClaimFolder, _ name: String, _ generation: Int, _ token: String) throws
        -> Bool
    {
        try folder.read(name, generation, now: 0)?.record.token == token
    }

    /// Lets others take it. Nothing is done where another has it already.
    /// - Throws: `FileError`.
    package func release() throws {
        let isHeld = try isHeld
        end()
        guard isHeld else { return }
        // Lower ones first: their holders, if they live, must not take themselves for the highest.
        for generation in predecessors { try remove(generation) }
        try remove(generation)
    }

    /// Takes back a claim that was made too late.
    func withdraw() throws {
        end()
        if try Self.isThere(folder, name, generation, token) { try remove(generation) }
    }

    private func end() {
        isOver = true
        signsOfLife.cancel()
    }

    private func remove(_ generation: Int) throws {
        try WholeFile.remove("\(folder.path)/\(ClaimFolder.file(name, generation))")
    }
}
