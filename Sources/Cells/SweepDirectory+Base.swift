import Files
import RunFolders

/// What a sweep that is there can be called with: it grows and goes deeper, and never mixes two experiments.
extension SweepDirectory {
    /// - Throws: `LabError` that shows what is other than in the sweep that is there.
    package func refuseOther(_ plan: SweepPlan) throws {
        let stored = try SweepPlan(directory: path)
        try refuseOtherBase(plan, stored)
        try refuseShallowerSearch(plan, stored)
        try refuseShallowerStop(plan)
    }

    /// Keys that are axes, now or before, may differ, and those that change no bits; anything else would mix two
    /// experiments.
    private func refuseOtherBase(_ plan: SweepPlan, _ stored: SweepPlan) throws {
        let axes = Set((plan.sweep.axes + stored.sweep.axes).map(\.key))
        func values(_ plan: SweepPlan) -> [String: String] {
            plan.base.values.filter { key, _ in
                !axes.contains { key == $0 || key.hasPrefix($0 + ".") } && !SweepCell.mayChange(key)
            }
        }
        let (now, before) = (values(plan), values(stored))
        let differing = Set(now.keys).union(before.keys).filter { now[$0] != before[$0] }.sorted()
        guard !differing.isEmpty else { return }
        let file = SweepFile.configuration(of: path)
        let lines = differing.map {
            "  \($0): expected \(before[$0] ?? "nothing") as in \(file), found \(now[$0] ?? "nothing")"
        }
        throw LabError(
            "\(path): the configuration is not that of the sweep that is there; take it back, or choose another "
                + "--set name=NAME\n" + lines.joined(separator: "\n"))
    }

    /// Fits compare cells at one loss, so that none may have gone further than they are to stop.
    private func refuseShallowerStop(_ plan: SweepPlan) throws {
        let problems = plan.cells.compactMap { cell -> String? in
            guard case .further(let key) = extent(of: cell), case .success(let wanted) = cell.configuration else {
                return nil
            }
            return "  \(cell.label): \(further(cell, than: key, of: wanted))"
        }
        guard let first = problems.first else { return }
        let others = problems.count > 1 ? "\n  and \(problems.count - 1) more" : ""
        throw LabError(
            "\(path): cells that are there went further than they are to stop now, and fits compare cells at one loss; "
                + "take the stop back, or choose another --set name=NAME\n" + first + others)
    }

    /// The same for the runs of a search, which are not known before it.
    private func refuseShallowerSearch(_ plan: SweepPlan, _ stored: SweepPlan) throws {
        guard let now = plan.sweep.criticalWidth, let before = stored.sweep.criticalWidth,
            now.within < before.within || now.reach > before.reach
        else { return }
        throw LabError(
            "\(path): sweep.critical_width: expected within at least \(before.within) and reach at most \(before.reach) as "
                + "in \(SweepFile.configuration(of: path)), whose runs went as far, found within \(now.within) and reach "
                + "\(now.reach); take them back, or choose another --set name=NAME")
    }
}
