import ArgumentParser
import Certificates
import Foundation
import RunFolders
import Theory

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The runs and sweeps in a folder: how they stand, where they got, what was told of them.",
        discussion:
            "Everywhere a run is asked for, its name, a folder with one run inside, `latest` or NAME/latest will do.")

    @Argument(help: "The folder.", completion: .directory) var folder = RunLocator.root
    @Option(
        help: "A word that has to be in an entry, or FIELD=WORD: name, network, data, status, kind. May be repeated.",
        completion: .list(["name=", "network=", "data=", "status=", "kind="]))
    var filter: [String] = []
    @Option(help: "began (newest first), name, loss, step, accuracy or status.") var sort = RunList.Order.began
    @Flag(help: "The other way round.") var reverse = false
    @Flag(help: "Certify those that ended without verdicts, as runs of earlier versions did; all of each is read.")
    var certify = false
    @OptionGroup var results: ResultOptions
    @Flag(help: "Print comma-separated values in place of the table.") var csv = false

    func validate() throws {
        if csv, results.json { throw ValidationError("--csv and --json: expected one of them") }
    }

    func run() throws {
        let list = try RunList(folder, filters: filter, by: sort, reversed: reverse, judging: certify)
        if csv { return print(String(list.csv.dropLast())) }
        try results.show(list.json, lines: list.lines)
    }
}

extension RunList.Order: ExpressibleByArgument {}
