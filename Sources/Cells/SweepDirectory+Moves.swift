import Console
import Files
import Foundation
import RunFolders

extension SweepDirectory {
    /// Moves what a run did not write itself, such as kernels that were asked for beside it; not its report, which
    /// shows the earlier run.
    static func takeAlong(_ run: String, to other: String) throws {
        let own = Set(RunFile.allCases.map(\.name))
        for name in try Disk.names(in: run)
        where !own.contains(name) && !name.hasPrefix(".") && !Disk.exists("\(other)/\(name)") {
            try move("\(run)/\(name)", to: "\(other)/\(name)")
        }
        guard Disk.exists(RunFile.kernels.path(of: run)) else { return }
        for name in try Disk.names(in: RunFile.kernels.path(of: run)) where name.hasPrefix("ntk-") {
            try WholeFile.makeFolder(RunFile.kernels.path(of: other))
            try move("\(RunFile.kernels.path(of: run))/\(name)", to: "\(RunFile.kernels.path(of: other))/\(name)")
        }
    }

    static func move(_ path: String, to other: String) throws {
        guard rename(path, other) == 0 else { throw FileError(path, "cannot be moved to \(other)") }
    }

    static func remove(_ folder: String) throws {
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            throw LabError("\(folder): cannot be deleted: \(reason(error))")
        }
    }

    /// Brings what an earlier version left unfinished beside its cells to where it is now.
    func adoptFormerNames() throws {
        for name in try Disk.names(in: path + "/cells") {
            for (former, now) in [(".again-", ".run-former"), (".old-", ".old-former")] where name.hasPrefix(former) {
                try Self.move(
                    "\(path)/cells/\(name)", to: "\(Self.work(of: path))/\(name.dropFirst(former.count))\(now)")
            }
        }
    }
}
