import Foundation

/// How a program is started: with what, and where its output goes.
struct Launch {
    let path: String
    let words: [String]
    let environment: [String]
    let output: Int32
    let errors: Int32
    /// Whether it leads a process group of its own, so that what it starts can be ended with it.
    let hasOwnGroup: Bool

    /// - Returns: the id of its process.
    /// - Throws: `ProgramError`.
    func start() throws(ProgramError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        try check(posix_spawn_file_actions_init(&actions))
        defer { posix_spawn_file_actions_destroy(&actions) }
        try check(posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0))
        try check(posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO))
        try check(posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO))
        var attributes = posix_spawnattr_t()
        try check(posix_spawnattr_init(&attributes))
        defer { posix_spawnattr_destroy(&attributes) }
        try set(&attributes)
        var arguments = words.map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var child: pid_t = 0
        try check(posix_spawn(&child, path, &actions, &attributes, &arguments, &variables))
        return child
    }

    /// What this process ignores or blocks does not keep the program from ending when it is asked to.
    private func set(_ attributes: inout posix_spawnattr_t) throws(ProgramError) {
        var (termination, none) = (sigset_t(), sigset_t())
        guard sigemptyset(&none) == 0, sigemptyset(&termination) == 0, sigaddset(&termination, SIGTERM) == 0 else {
            return try check(errno)
        }
        try check(posix_spawnattr_setsigdefault(&attributes, &termination))
        try check(posix_spawnattr_setsigmask(&attributes, &none))
        try check(posix_spawnattr_setpgroup(&attributes, 0))
        let group = hasOwnGroup ? POSIX_SPAWN_SETPGROUP : 0
        try check(
            posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | group)))
    }

    private func check(_ number: Int32) throws(ProgramError) {
        guard number == 0 else { throw ProgramError(words[0], "cannot be started", number) }
    }
}
