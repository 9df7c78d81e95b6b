import Console
import Execution
import Foundation

/// A process of ours that runs one cell after another: what `ntklab sweep-worker` does.
package enum CellLoop {
    /// Runs the cells that standard input names, one after another, until it ends or a signal comes.
    /// - Returns: whether a signal ended it.
    /// - Throws: what keeps it from telling how a cell ended, as a full disk. The sweep finds a process that ended, and says so.
    package static func run() throws -> Bool {
        Interruption.listen()
        while let line = readLine() {
            let answer = try JSONDecoder().decode(CellJob.self, from: Data(line.utf8)).run()
            // A run that was stopped because its claim was lost is no reason to end.
            Interruption.request(false)
            print(answer.rawValue)
            fflush(nil)
            if Interruption.isRequested { return true }
        }
        return false
    }
}
