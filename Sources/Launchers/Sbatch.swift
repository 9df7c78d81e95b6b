import Files

/// Submission of an array job.
package enum Sbatch {
    /// How long the question before may take, in seconds.
    private static let mostSecondsOfQuestion = 10.0

    /// Writes the script of a job, submits it and records that it was taken. Waits for no task.
    /// - Parameters:
    ///   - version: that of ntklab, for the record.
    ///   - seconds: how long sbatch may take.
    ///   - environment: what differs from this process's; nil takes a variable away.
    /// - Throws: `LabError` where Slurm does not take it, or nobody knows whether it did; `FileError`.
    package static func submit(
        _ job: ArrayJob, version: String, within seconds: Double = 60, environment: [String: String?] = [:]
    ) throws -> SubmittedJob {
        try checkSize(of: job, environment)
        let script = SlurmFolder.script(of: job.folder)
        try WholeFile.makeFolder(SlurmFolder.path(of: job.folder))
        try WholeFile.write(JobScript.text(of: job), to: script)
        let answer: String
        do {
            let own = environment.merging(SbatchOptions.variables.map { ($0, nil) }) { $1 }
            answer = try SlurmCommand.run(
                ["sbatch", "--parsable"] + job.options + [script], within: seconds, environment: own)
        } catch SlurmError.missing(let words) {
            throw LabError("\(words): jobs are submitted on a host of the cluster that has Slurm's commands")
        } catch SlurmError.noAnswer(let words) {
            throw LabError("\(words); \(unknown(job))")
        } catch SlurmError.refused(let words) {
            // The request may have arrived although its answer did not.
            let isUnknown = words.contains("timed out")
            throw LabError("Slurm did not take the job: \(words)" + (isUnknown ? "; \(unknown(job))" : ""))
        }
        return try record(answer, job, version)
    }

    /// Asks how long arrays may be. Where that isn't told, sbatch says whether this one is too long.
    private static func checkSize(of job: ArrayJob, _ environment: [String: String?]) throws {
        guard !SbatchOptions.nameCluster(job.options) else { return }
        let configuration: String
        do {
            configuration = try SlurmCommand.run(
                ["scontrol", "show", "config"], within: mostSecondsOfQuestion, mostPrinted: 1 << 20,
                environment: environment)
        } catch is SlurmError {
            return
        }
        let line = configuration.split(separator: "\n").first { $0.hasPrefix("MaxArraySize") }
        guard let most = line?.split(separator: "=").last.flatMap({ Int($0.filter { $0 != " " }) }) else { return }
        guard job.workers <= most else {
            throw LabError(
                "--workers: Slurm takes arrays of at most \(most) tasks here (MaxArraySize), found \(job.workers)")
        }
    }

    /// The answer is `123` or `123;cluster`, in a line of its own.
    private static func record(_ answer: String, _ job: ArrayJob, _ version: String) throws -> SubmittedJob {
        guard let parts = answer.split(whereSeparator: \.isNewline).last?.wholeMatch(of: /(\d+)(?:;(\S+))?\s*/) else {
            throw LabError("sbatch: expected the number of a job, found \(excerpt(answer)); \(unknown(job))")
        }
        let submitted = SubmittedJob(id: String(parts.1), cluster: parts.2.map(String.init), job, version: version)
        do { try submitted.write(to: job.folder) } catch {
            throw LabError("job \(submitted.id) was submitted, but that can't be recorded: \(error)")
        }
        return submitted
    }

    private static func unknown(_ job: ArrayJob) -> String {
        "whether the job was taken is not known: squeue --name=\(ShellWords.quoted(job.name)) shows it"
    }
}
