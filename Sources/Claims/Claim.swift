import Files
import Foundation

/// What this process holds, with signs of life until it is released.
package final class Claim {
    package let name: String
    /// Told from all other claims.
    package let token: String
    private let folder: ClaimFolder
    private let generation: Int
    private let descriptor: Int32
    /// Generations of those that it was taken over from.
    private let predecessors: [Int]
    private let signsOfLife: any DispatchSourceTimer
    private var isOver = false

    private func path(_ generation: Int) -> String { "\(folder.path)/\(ClaimFolder.file(name, generation))" }

    init(
        _ folder: ClaimFolder, _ name: String, _ generation: Int, token: String, _ descriptor: Int32,
        predecessors: [Int]
    ) {
        (self.folder, self.name, self.generation, self.token) = (folder, name, generation, token)
        (self.descriptor, self.predecessors) = (descriptor, predecessors)
        signsOfLife = DispatchSource.makeTimerSource(queue: .global(qos: .userInitiated))
        let interval = folder.limit / 8
        signsOfLife.schedule(deadline: .now() + interval, repeating: interval)
        // One that fails is made up for by the next. Where all do, the server is away for everybody.
        signsOfLife.setEventHandler { _ = futimens(descriptor, nil) }
        signsOfLife.setCancelHandler { close(descriptor) }
        signsOfLife.resume()
    }

    deinit { signsOfLife.cancel() }

    /// Whether there was a claim of another before.
    package var isTakenOver: Bool { !predecessors.isEmpty }

    /// Whether nobody has taken it over, by what is in the folder now.
    package var isHeld: Bool {
        // The sign of life comes first: from then on nobody takes it over any more.
        guard !isOver, futimens(descriptor, nil) == 0 else { return false }
        // Opened, so that a file system that remembers what it saw asks its server again.
        let there = open(path(generation), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard there >= 0 else { return false }
        defer { close(there) }
        var (own, found) = (stat(), stat())
        return fstat(descriptor, &own) == 0 && fstat(there, &found) == 0 && own.st_ino == found.st_ino
            && own.st_dev == found.st_dev && !Disk.exists(path(generation + 1))
    }

    /// Lets others take it. Nothing is done where another has it already.
    /// - Throws: `FileError`.
    package func release() throws {
        let isHeld = isHeld
        isOver = true
        signsOfLife.cancel()
        guard isHeld else { return }
        // Lower ones first: their holders, if they live, must not take themselves for the highest.
        for generation in predecessors { try WholeFile.remove(path(generation)) }
        try WholeFile.remove(path(generation))
    }
}
