import Files
import Foundation

/// What Slurm's queue says of the jobs that were submitted for a folder.
package struct SlurmQueue: Encodable, Sendable {
    /// The job, and its tasks as far as Slurm still knows them.
    package struct Job: Encodable, Sendable {
        package let job: SubmittedJob
        /// Whether Slurm still knows it; nil where it could not be asked.
        package let isRemembered: Bool?
        package let tasks: [QueueTask]
        /// Tasks by their state.
        package let counts: [String: Int]
        /// What is wrong with tasks that took no work.
        package let remarks: [String]
    }

    package let jobs: [Job]
    /// Why the queue, or a record of a job, could not be read.
    package let problems: [String]

    /// Asks squeue, if any job was submitted. What can't be told is said in `problems`.
    /// - Parameters:
    ///   - seconds: how long squeue may take, all calls together.
    ///   - environment: what differs from this process's; nil takes a variable away.
    package init(of folder: String, within seconds: Double = 10, environment: [String: String?] = [:]) {
        let environment = Self.neutral(environment)
        let (submitted, unreadable) = SubmittedJob.all(of: folder)
        var (tasks, problems) = ([String: [QueueTask]](), unreadable)
        var unasked: Set<String?> = []
        let start = ContinuousClock.now
        let groups = Dictionary(grouping: submitted, by: \.cluster)
        for (cluster, jobs) in groups.sorted(by: { $0.key ?? "" < $1.key ?? "" }) {
            let passed = (ContinuousClock.now - start).components.seconds
            do {
                let left = seconds - Double(passed)
                tasks.merge(try Self.ask(jobs.map(\.id), of: cluster, within: left, environment)) { $1 }
            } catch {
                unasked.insert(cluster)
                problems.append("what Slurm's queue says is not known: \(error)")
            }
        }
        self.problems = problems
        jobs = submitted.map { job in
            let found = unasked.contains(job.cluster) ? nil : tasks[Self.key(job.id, job.cluster)] ?? []
            let tasks = (found ?? []).sorted { $0.index < $1.index }
            return Job(
                job: job, isRemembered: found.map { !$0.isEmpty }, tasks: tasks,
                counts: Dictionary(grouping: tasks, by: \.state).mapValues(\.count),
                remarks: Self.remarks(tasks, job, folder))
        }
    }

    private static func key(_ id: String, _ cluster: String?) -> String { "\(id);\(cluster ?? "")" }

    /// Without the variables that would choose among jobs or change what is printed.
    private static func neutral(_ environment: [String: String?]) -> [String: String?] {
        let names = Set(ProcessInfo.processInfo.environment.keys).union(environment.keys)
        var environment = environment
        for name in names where name.hasPrefix("SQUEUE_") { environment.updateValue(nil, forKey: name) }
        environment["SLURM_TIME_FORMAT"] = "%s"
        return environment
    }

    /// - Throws: `LabError` where squeue gives no answer that is understood.
    private static func ask(
        _ ids: [String], of cluster: String?, within seconds: Double, _ environment: [String: String?]
    ) throws -> [String: [QueueTask]] {
        let answer: String
        do {
            // A line a task: without --array those that wait are one, whose list may be cut.
            answer = try SlurmCommand.run(
                ["squeue", "--jobs=" + ids.joined(separator: ","), "--array", "--states=all", "--noheader"]
                    + (cluster.map { ["--clusters=" + $0] } ?? []) + ["--Format=" + QueueTask.format],
                within: max(seconds, 0.1), mostPrinted: 1 << 26, environment: environment)
        } catch SlurmError.refused(let words) where words.contains("Invalid job id") {
            return [:]
        } catch let error as SlurmError {
            throw LabError(error.words)
        }
        var tasks: [String: [QueueTask]] = [:]
        for line in answer.split(separator: "\n") where !line.hasPrefix("CLUSTER:") {
            guard let (job, task) = QueueTask.read(line) else {
                throw LabError("squeue printed what is not understood: \(excerpt(String(line)))")
            }
            tasks[key(job, cluster), default: []].append(task)
        }
        return tasks
    }

    /// Tasks that failed before they took any work: they left no log, or ended as programs do that can't begin.
    private static func remarks(_ tasks: [QueueTask], _ job: SubmittedJob, _ folder: String) -> [String] {
        func log(_ task: QueueTask) -> String { SlurmFolder.log(job.id, task: task.index, of: folder) }
        func named(_ tasks: [QueueTask]) -> String {
            (tasks.count == 1 ? "task " : "tasks ") + list(tasks.map { "\($0.index)" })
        }
        func question(_ tasks: [QueueTask]) -> String {
            let nodes = list(Set(tasks.compactMap(\.node)).sorted())
            return "is the folder shared with \(nodes.isEmpty ? "their nodes" : nodes)?"
        }
        let failed = tasks.filter { $0.state == "failed" }
        let silent = failed.filter { !Disk.exists(log($0)) }
        let early = failed.filter { Disk.exists(log($0)) && [2, 126, 127].contains($0.exitCode) }
        let none =
            silent.isEmpty
            ? [] : ["\(named(silent)) left no log in \(SlurmFolder.path(of: folder)): \(question(silent))"]
        return none + (early.first.map { ["\(named(early)) took no work; see \(log($0)): \(question(early))"] } ?? [])
    }

    /// Some words, the first few of them.
    static func list(_ words: [String]) -> String {
        words.prefix(4).joined(separator: ", ") + (words.count > 4 ? " and \(words.count - 4) more" : "")
    }
}
