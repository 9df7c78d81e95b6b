import Configurations
import Measurements
import RunFolders
import Runs

/// How a run that is there compares with what its cell is to be now.
enum CellExtent: Equatable {
    /// It ends where the cell is to end, and records what is asked for, or more.
    case whole
    /// It ends, or would end, before that.
    case shallower
    /// It lacks something that is to be recorded.
    case recordsLess
    /// A key lets the cell go less far than the run went.
    case further(String)
    /// It is another run.
    case foreign

    /// - Parameters:
    ///   - record: nil for a run that has not begun.
    ///   - run: its folder, which tells how far it has come.
    init(of stored: Configuration, _ record: RunRecord?, in run: String, for wanted: Configuration) {
        let differing = Set(stored.values.keys).union(wanted.values.keys).filter {
            stored.values[$0] != wanted.values[$0] && !SweepCell.mayChange($0)
        }
        guard differing.isEmpty else {
            self = .foreign
            return
        }
        let (past, now) = (stored.training.stop, wanted.training.stop)
        let isComplete = record?.isComplete ?? false
        // That it was to go further is nothing that it did.
        let beyond = past.goals(beyond: now)
        let further = record.flatMap { beyond.isEmpty ? nil : Reached(run, $0, now)?.first(of: beyond) }
        if let further {
            self = .further(further.key)
        } else if !RecordedKeys(record).records(stored, allOf: wanted) {
            self = .recordsLess
        } else if isComplete {
            // One that ended by a key that is as it was would end there again.
            let isOpen =
                record?.status == .completed && now.goals(beyond: past).contains { record?.outcome == .goal($0) }
            self = isOpen ? .shallower : .whole
        } else {
            self = now.goals(beyond: past) + past.goals(beyond: now) == [] ? .whole : .shallower
        }
    }
}

extension RunRecord {
    /// Whether it is at an end that it came to, and has not gone on from there.
    package var isAtEarlierEnd: Bool {
        if status == .interrupted, case .goingFurther = outcome { true } else { false }
    }
}

extension StopConfiguration {
    /// How far a goal lets a run go; more is further.
    private func reach(_ goal: StopReason.Goal) -> Double {
        switch goal {
        case .steps: Double(steps)
        case .loss: -loss
        case .lossRatio: -lossRatio
        case .gradientNorm: -gradientNorm
        case .accuracy: accuracy ?? .infinity
        case .minutes: minutes ?? .infinity
        }
    }

    /// The goals that let a run go further than those of another.
    package func goals(beyond other: StopConfiguration) -> [StopReason.Goal] {
        StopReason.Goal.allCases.filter { reach($0) > other.reach($0) }
    }
}

extension SweepDirectory {
    /// How the run of a cell compares with the cell; nil where none has begun, or it can't be read.
    func extent(of cell: SweepCell) -> CellExtent? {
        guard case .success(let wanted) = cell.configuration else { return nil }
        let run = run(of: cell)
        do { return try extent(ofRun: run, RunRecord(reading: run), for: wanted) } catch { return nil }
    }

    /// How a run went further than its cell is to go, in words.
    package func further(_ cell: SweepCell, than key: String, of wanted: Configuration) -> String {
        "\(run(of: cell)) went further than \(key): \(wanted.values[key] ?? "nothing") lets it"
    }

    /// - Throws: an error that names the run's configuration where that cannot be read.
    func extent(ofRun run: String, _ record: RunRecord?, for wanted: Configuration) throws -> CellExtent {
        let file = RunFile.configuration.path(of: run)
        let text = try ConfigSource.read(file).text
        if text == wanted.resolvedText { return .whole }
        return CellExtent(
            of: try Configuration(text: text, source: file, defaultName: wanted.name), record, in: run, for: wanted)
    }
}
