import Files

/// `slurm/job.sh`: what Slurm runs for each task, which a person can read, and submit again by hand.
enum JobScript {
    static func text(of job: ArrayJob) -> String {
        let atOnce = job.atOnce.map { $0 < job.workers ? "%\($0)" : "" } ?? ""
        let script = SlurmFolder.script(of: job.folder)
        let byHand = (["sbatch"] + job.options + [script]).map(ShellWords.quoted).joined(separator: " ")
        let log = SlurmFolder.path(of: job.folder).replacing("%", with: "%%") + "/%A_%a.log"
        let cores = job.cores.map { "\n#SBATCH --cpus-per-task=\($0)" } ?? ""
        let arguments = job.arguments.map { " " + ShellWords.quoted($0) }.joined()
        return """
            #!/bin/sh
            #SBATCH --job-name=\(quoted(job.name))
            #SBATCH --array=0-\(job.workers - 1)\(atOnce)
            #SBATCH --signal=B:TERM@120
            #SBATCH --requeue
            #SBATCH --open-mode=append
            #SBATCH --output=\(quoted(log))\(cores)

            # Each task is a worker: it takes work from the folder until none is left. Two minutes before the time limit it is
            # asked to stop; what it has begun goes on in the next worker, from its last checkpoint. Again by hand:
            # \(byHand)

            folder=\(ShellWords.quoted(job.folder))
            program=\(ShellWords.quoted(job.program))
            for path in \(ShellWords.quoted(SlurmFolder.path(of: job.folder))) "$program"; do
                if [ ! -e "$path" ]; then
                    echo "$(uname -n): $path is not there; is its folder shared with this host?" >&2
                    exit 2
                fi
            done
            # In place of the shell, so that signals reach it.
            exec "$program" worker "$folder" --cores "${SLURM_CPUS_ON_NODE:-1}"\(arguments)

            """
    }

    /// A word as sbatch reads it in a script.
    private static func quoted(_ word: String) -> String {
        "\"" + word.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
