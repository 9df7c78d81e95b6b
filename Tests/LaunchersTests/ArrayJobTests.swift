import Files
import Launchers
import Testing

private func job(
    folder: String = "/sweep", name: String = "demo", program: String = "/bin/ntklab", workers: Int = 4,
    atOnce: Int? = nil,
    options: [String] = []
) throws -> ArrayJob {
    try ArrayJob(
        folder: folder, name: name, program: program, workers: workers, atOnce: atOnce, options: options)
}

private func message(_ body: () throws -> ArrayJob) -> String {
    #expect(throws: LabError.self) { try body() }?.description ?? "no error"
}

@Test(arguments: [
    ["--partition=long", "--time=08:00:00"], ["-p", "long", "-t", "8:00:00"], ["--partition", "long"], ["-plong"],
    ["--exclusive", "--hold", "-Hv"], ["--exclusive=user", "-Oplong"], ["--wait-all-nodes=1"], ["--mail-type", "END"],
    ["--no-requeue"], ["--comment", "--array"],
])
func theUsersOptionsAreTaken(options: [String]) throws { #expect(try job(options: options).options == options) }

/// Each is named, in each way in which sbatch takes it.
@Test(arguments: [
    (["--array=0-3"], "--array can't be given: --workers and --at-once say it"),
    (["-a", "0-3"], "-a (--array) can't be given: --workers and --at-once say it"),
    (["-Ha0-3"], "-a (--array) can't be given: --workers and --at-once say it"),
    (["--arr", "0-3"], "--arr (--array) can't be given: --workers and --at-once say it"),
    (["-p", "long", "--wrap=ls"], "--wrap can't be given: the script is ours"),
    (["--signal=USR1"], "--signal can't be given: the script sets it"),
    (["--open-mode=truncate"], "--open-mode can't be given: the script sets it"),
    (["-o/dev/null"], "-o (--output) can't be given: the script sets it"),
    (["-e", "x"], "-e (--error) can't be given: the script sets it"),
    (["-J", "x"], "-J (--job-name) can't be given: the script sets it"),
    (["--test-only"], "--test-only can't be given: it submits nothing"),
    (["--help"], "--help can't be given: it submits nothing"),
    (["--wait"], "--wait can't be given: nothing waits for the workers here"),
    (["-W"], "-W (--wait) can't be given: nothing waits for the workers here"),
    (["mine.sh"], "expected options of sbatch, found mine.sh; the script is ours"),
    (["--partition=long", "mine.sh"], "expected options of sbatch, found mine.sh; the script is ours"),
    (["-p", "long", "mine.sh"], "expected options of sbatch, found mine.sh; the script is ours"),
    (["--hold", "mine.sh"], "expected options of sbatch, found mine.sh; the script is ours"),
    (["-n", "1", ":", "-n", "2"], "expected options of sbatch, found :; the script is ours"),
    (["--"], "expected options of sbatch, found --; the script is ours"),
    (["-"], "expected options of sbatch, found -; the script is ours"),
    ([""], "expected options of sbatch, found ; the script is ours"),
    (["--comment=a\nb"], "a line break in --comment=a\nb: expected options of sbatch"),
])
func whatContradictsTheScriptIsRefused(options: [String], text: String) {
    #expect(message { try job(options: options) } == "--slurm: " + text)
}

@Test func whatCannotBeSubmittedIsRefused() {
    #expect(message { try job(workers: 0) } == "--workers: expected 1 or more, found 0")
    #expect(message { try job(atOnce: 0) } == "--at-once: expected 1 or more, found 0")
    #expect(message { try job(folder: "sweep") } == "sweep: expected an absolute path")
    #expect(message { try job(program: "ntklab") } == "ntklab: expected an absolute path")
    #expect(message { try job(folder: "/a\\b") }.contains("can't write to a folder with a backslash in its path"))
    #expect(message { try job(folder: "/a\nb") }.contains("can't write to a folder with a line break in its path"))
    #expect(message { try job(name: "a\nb") }.contains("a line break in the name"))
    #expect(message { try job(program: "/a\nb") }.contains("a line break in the name"))
}
