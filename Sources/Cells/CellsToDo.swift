import Runs

/// The cells of a call, how they stand, and which are to be run.
struct CellsToDo {
    /// Each cell once.
    private(set) var found: [(cell: SweepCell, state: CellState)] = []
    private(set) var waiting: [WaitingCell] = []
    /// What there is to say of all of them.
    private(set) var remarks: [String] = []

    init(_ cells: [SweepCell], in directory: SweepDirectory, isOver: (SweepCell, CellState) -> Bool) {
        var known: Set<String> = []
        for cell in cells where cell.id.isEmpty || known.insert(cell.id).inserted {
            found.append((cell, directory.state(of: cell)))
        }
        var costs = CellCosts()
        costs.count(found.filter { !$0.state.isFinal }.map(\.cell))
        var works: [CellWork] = []
        var elsewhere: [RunRecord.Environment] = []
        for (cell, state) in found {
            let work = state.isFinal ? .nothing : directory.work(for: cell)
            works.append(work)
            if work != .nothing, let other = directory.otherEnvironment(of: cell) { elsewhere.append(other) }
            // What a kill left of a cell that is done is tidied up like a cell.
            guard !isOver(cell, state) || directory.needsTidying(cell, state) else { continue }
            guard case .success(let configuration) = cell.configuration else { continue }
            waiting.append(WaitingCell(cell, costs.expectedCost(of: configuration)))
        }
        remarks = costs.remarks.map(\.line)
        if let remark = CellWork.remark(works, areEqual: elsewhere.isEmpty) { remarks.append(remark) }
        if let first = elsewhere.first {
            remarks.append(
                "warning   \(elsewhere.count) of these cells were made with another environment (\(first.summary)); now it is "
                    + "\(RunRecord.Environment().summary): what goes on or runs again differs in its last bits")
        }
    }
}
