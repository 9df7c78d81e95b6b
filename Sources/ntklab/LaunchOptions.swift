import ArgumentParser
import Foundation

/// Who does the work: this process, or workers on other machines.
struct LaunchOptions: ParsableArguments {
    enum Launcher: String, ExpressibleByArgument, CaseIterable { case local, slurm, manual }

    @Option(
        help:
            "Who works: local, this process; slurm, a job of workers, submitted at once; manual, workers that you start yourself."
    )
    var launcher = Launcher.local

    /// Says what workers have to be started for.
    func start(workersOf folder: String) throws {
        let path = URL(fileURLWithPath: folder).standardizedFileURL.path
        print("start workers on any host that shares this folder: ntklab worker \(path)")
    }
}
