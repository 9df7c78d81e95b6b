import Console
import Execution
import Files
import Foundation
import HDF5
import LinearAlgebra
import RunFolders
import Runs
import StationaryPoints

/// Searches from many starts, side by side on threads; each is whole when its file is there.
///
/// Where a search ends is a function of the request and its number: BLAS has one thread, and each thread an instance of
/// the function.
struct StationaryJob {
    let request: StationaryRequest
    let problem: StationaryProblem
    let starts: Starts
    let search: StationarySearch
    /// Nil where it isn't known which there are.
    let units: UnitSymmetries?

    init(_ request: StationaryRequest) throws {
        self.request = request
        problem = try StationaryProblem(request)
        starts = try Starts(request, problem)
        let steps = request.steps ?? (request.method == .newtonMR ? 500 : 5000)
        var search = StationarySearch(request.method, maximumSteps: steps)
        search.tolerance = request.tolerance
        self.search = search
        units = UnitSymmetries(
            problem.model, problem.form, problem.initial, hasRidge: problem.hasRidge, isHeld: !problem.blocks.isEmpty)
    }

    var out: String {
        if let out = request.out { return out }
        return if case .run(let run) = request.subject {
            RunFile.stationary.path(of: run)
        } else {
            RunFile.stationary.name
        }
    }

    /// What decides the bits of the file.
    var identity: JobIdentity {
        get throws {
            let form = problem.recorded.map { "\($0.step) \($0.weights.digest)" }
            return JobIdentity([
                ("--starts", "\(request.starts)"), ("--method", request.method.rawValue),
                ("--tolerance", "\(search.tolerance)"), ("--from", starts.origin.rawValue),
                ("--spread", "\(starts.spread)"), ("--seed", "\(starts.seed)"), ("samples", "\(problem.x.rows)"),
                ("--steps", "\(search.maximumSteps)"), ("--ridge", "\(request.ridge ?? 0)"),
                ("constraint", "\(request.constraint.map { "\($0)" } ?? "none")"), ("data", problem.dataDigest),
                ("initial weights", problem.initial.digest), ("recorded weights", form.joined(separator: ", ")),
                ("configuration", problem.configuration.resolvedText),
                ("program and machine", RunRecord.Environment().summary),
            ])
        }
    }

    func run(threads: Int, say: @escaping (String) -> Void) throws -> StationaryOutcome {
        Interruption.listen()
        let identity = try identity
        if Disk.exists(out) { return .done(try complete(identity, warn: say)) }
        try checkMemory(threads)
        let parts = try JobParts(beside: out, identity, Self.unfinished, warn: say)
        guard !Disk.exists(out) else { throw LabError("\(out): was made by another process meanwhile") }
        var ends = try (0..<request.starts).map { try parts.endPoint($0) }
        let missing = ends.indices.filter { ends[$0] == nil }
        say("searches  \(request.starts) from \(starts.words), \(counted(problem.dimension, "weight"))")
        if missing.count < ends.count { say("continue  \(ends.count - missing.count) of them are there") }
        let queue = StartQueue(missing, instance: { endPoint }, keep: { try parts.keep($0, $1) }, say: say)
        let found = try queue.work(threads: threads)
        for (k, end) in found { ends[k] = end }
        let all = ends.compactMap { $0 }
        guard all.count == request.starts else {
            return .interrupted(done: "\(all.count) of \(request.starts) searches")
        }
        let results = StationaryResults(self, all)
        try results.write(to: out, identity)
        try parts.remove()
        return .done(StationarySummary(out, results))
    }

    /// Where search k ends, as a thread with a function of its own finds it.
    private var endPoint: (Int) -> EndPoint {
        let survey = StationarySurvey(
            problem.function(), search, canonical: { units?.canonical($0) ?? $0 }, start: starts.start)
        return survey.endPoint
    }

    private static let unfinished = "unfinished searches"

    /// What there is to say where the file is there: killed between the last two steps, or asked for twice.
    private func complete(_ identity: JobIdentity, warn: (String) -> Void) throws -> StationarySummary {
        try identity.check(out, holds: "searches")
        if JobParts.exist(beside: out) { try JobParts(beside: out, identity, Self.unfinished, warn: warn).remove() }
        return StationarySummary(complete: out)
    }

    /// Each thread's workspace, margins and four matrices of the Hessian, and three vectors of each end point.
    private func checkMemory(_ threads: Int) throws {
        let (n, model) = (Double(problem.dimension), problem.model)
        let samples = Double(problem.x.rows)
        let row = Double(4 * model.workspaceCount(rows: 1) + model.tangentCount + model.heldCount)
        let matrix = problem.dimension <= HessianSpectrum.mostEntries ? 4 * n * n : 0
        let each = samples * (row + Double(model.size(0))) + matrix + 50 * n
        guard Memory.holds(Double(threads) * each + 3 * n * Double(request.starts), bytesEach: 8) else {
            throw LabError(
                "\(request.subject.name): \(request.starts) searches on \(threads) threads do not fit into the "
                    + "memory that this process may hold: choose fewer --threads, --samples or --starts")
        }
    }
}
