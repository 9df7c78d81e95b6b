import Claims
import Files
import RunFolders
import Runs

/// What lies in `work` of a sweep: claims of cells, and runs that are not at their end.
///
///     <id>.claim-<n>       who works on a cell
///     <id>.run-<token>/    its run, under the token of the claim that it was made under last
///     <id>.old-<token>/    its earlier run, while another takes its place
///     call.json            the last call of `ntklab sweep`
///
/// A run moves to another name when its claim is taken over: a process that was frozen and wakes up finds that the folder it
/// works in is gone, and spoils nothing.
struct WorkList {
    let folder: String
    private let names: [String]

    /// As far as it can be read.
    init(of sweep: String) {
        folder = SweepDirectory.work(of: sweep)
        // It is not there yet in sweeps of earlier versions.
        names = Disk.namesIfAny(in: folder)
    }

    /// For one who decides by it.
    /// - Throws: `FileError` where it can't be read.
    init(reading sweep: String) throws {
        folder = SweepDirectory.work(of: sweep)
        names = try Disk.names(in: folder)
    }

    private func paths(_ prefix: String) -> [String] {
        names.filter { $0.hasPrefix(prefix) }.sorted().map { "\(folder)/\($0)" }
    }

    /// Runs of a cell: one, or none. Links lead to what is another's.
    func runs(of id: String) -> [String] { paths("\(id).run-").filter(Disk.isOwnFolder) }

    /// Earlier runs of a cell: none, but after a kill.
    func earlier(of id: String) -> [String] { paths("\(id).old-") }

    /// Whether anything is there of a cell.
    func hasRest(of id: String) -> Bool { names.contains { $0.hasPrefix(id + ".") } }
}

extension SweepDirectory {
    /// The folder of what is being worked on.
    static func work(of sweep: String) -> String { sweep + "/work" }

    /// Where the claims of cells are.
    package var claims: ClaimFolder { ClaimFolder(Self.work(of: path), limit: limit) }

    /// Claims of cells, whoever holds them.
    /// - Throws: `FileError` where they can't be read.
    package func workers() throws -> [Claimed] {
        let folder = Self.work(of: path)
        return try Disk.exists(folder) ? claims.claimed() : []
    }

    /// The run of a cell, as it stands: at rest in `cells`, else the one that is not at its end.
    func run(of cell: SweepCell) -> String {
        let rest = self.cell(cell.id)
        if Disk.exists(rest), RunFile.hasBegun(rest) { return rest }
        return WorkList(of: path).runs(of: cell.id).first ?? rest
    }

    /// The folder in which a cell's run is made, if it is not at rest.
    func workplace(of cell: SweepCell) -> String {
        WorkList(of: path).runs(of: cell.id).first ?? self.cell(cell.id)
    }

    /// Whether a process works on a cell.
    package func isHeld(_ cell: SweepCell) -> Bool {
        if RunDirectory.isHeld(self.cell(cell.id)) { return true }
        let folder = Self.work(of: path)
        guard Disk.exists(folder) else { return false }
        // What can't be told is left alone.
        do { return try claims.claimed(cell.id).map { !$0.isAbandoned } ?? false } catch { return true }
    }

    /// Whether something is left of the work on a complete cell that nobody works on, as by a kill at its end.
    func needsTidying(_ cell: SweepCell, _ state: CellState) -> Bool {
        state.record != nil && WorkList(of: path).hasRest(of: cell.id) && !isHeld(cell)
    }

    /// Whether a kill left a cell between its earlier run and the one that takes its place, both of them whole.
    func isBetween(_ cell: SweepCell) -> Bool {
        !Disk.exists(self.cell(cell.id)) && !WorkList(of: path).earlier(of: cell.id).isEmpty
    }
}
