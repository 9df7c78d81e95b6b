import Files

/// Workers that Slurm is to start, each a task of one array job: they take work from a folder until none is left.
package struct ArrayJob {
    /// The folder that holds the work: an absolute path.
    package let folder: String
    /// What the job is called in the queue.
    package let name: String
    /// The absolute path of `ntklab`.
    package let program: String
    /// What a worker is given beside its folder and its cores.
    package let arguments: [String]
    package let workers: Int
    /// How many may run at once; nil: all.
    package let atOnce: Int?
    /// Cores of each worker; those that the user or Slurm gives where nil.
    package let cores: Int?
    /// The user's own options of sbatch.
    package let options: [String]

    /// - Throws: `LabError` where it can't be submitted.
    package init(
        folder: String, name: String, program: String, arguments: [String] = [], workers: Int, atOnce: Int? = nil,
        cores: Int? = nil, options: [String] = []
    ) throws {
        guard workers >= 1 else { throw LabError("--workers: expected 1 or more, found \(workers)") }
        if let atOnce, atOnce < 1 { throw LabError("--at-once: expected 1 or more, found \(atOnce)") }
        for path in [folder, program] where !path.hasPrefix("/") {
            throw LabError("\(path): expected an absolute path")
        }
        // A pattern of Slurm with a backslash is no pattern any more, so that all tasks would share a log.
        if let scalar = folder.unicodeScalars.first(where: { $0 == "\\" || Self.endsLine($0) }) {
            throw LabError(
                "\(folder): Slurm can't write to a folder with \(scalar == "\\" ? "a backslash" : "a line break") in its path; "
                    + "choose another")
        }
        if (program + name).unicodeScalars.contains(where: Self.endsLine) {
            throw LabError("\(program) for \(name): a line break in the name can't be handed to Slurm")
        }
        try SbatchOptions.check(options)
        (self.folder, self.name, self.program, self.arguments) = (folder, name, program, arguments)
        (self.workers, self.atOnce, self.cores, self.options) = (workers, atOnce, cores, options)
    }

    static func endsLine(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }
}

/// What Slurm's part of a folder holds: the script, logs and the records of submissions.
package enum SlurmFolder {
    /// In a sweep's folder, and beside that of a kernel's tiles, which goes when the kernel is there.
    package static func path(of folder: String) -> String {
        let tiles = ".tiles"
        return folder.hasSuffix(tiles) ? folder.dropLast(tiles.count) + ".slurm" : folder + "/slurm"
    }
    static func script(of folder: String) -> String { path(of: folder) + "/job.sh" }
    static func record(_ id: String, of folder: String) -> String { path(of: folder) + "/\(id).json" }
    static func log(_ id: String, task: Int, of folder: String) -> String { path(of: folder) + "/\(id)_\(task).log" }
}
