import Certificates
import Console
import Datasets
import Foundation
import Layers
import LinearAlgebra
import Networks
import Reports
import Runs
import Statistics
import Theory

/// The report of a run: `index.html`, with figures beside their numbers.
package enum RunReport {
    /// Writes the report, replacing an earlier one; a figure that can't be drawn is left out.
    /// - Parameters:
    ///   - out: its folder; `report` in that of the run where nil.
    ///   - withPDF: whether each figure is drawn as PDF too.
    ///   - say: shows a line to the user.
    /// - Returns: the path of the page.
    /// - Throws: `LabError` where the folder is another's, or cannot be written.
    package static func write(
        _ run: RecordedRun, to out: String?, withPDF: Bool, say: (String) -> Void
    ) throws -> String {
        let folder = try ReportFolder(out, of: run.path)
        let snapshots = FigureData(reading: run)
        let certificates = run.certificates
        let page = Page(
            title: run.configuration?.name ?? URL(fileURLWithPath: run.path).lastPathComponent,
            summary: VerdictTable.summary(certificates), facts: facts(run), verdicts: certificates.map(verdict),
            notes: exemptions(of: run.evidence).map { "\(numbers(of: $0.statements)) · \($0.reason)." },
            damage: run.evidence.damage + snapshots.damage,
            figures: RunFigures(run, snapshots).all,
            configuration: run.configuration?.resolvedText ?? "could not be read", creator: "ntklab \(ntklabVersion)",
            origin: origin(run))
        return try folder.write(page, withPDF: withPDF, say: say)
    }

    /// How long gnuplot may take, in words.
    package static var timeLimits: String { Page.timeLimits }

    /// Opens a page of a run or a sweep for the user to see.
    /// - Returns: why it could not be opened; nil where it was.
    package static func open(_ page: String) -> String? { Page.open(page) }

    private static func verdict(_ certificate: Certificate) -> Page.Verdict {
        let kind: Page.Verdict.Kind =
            switch certificate.verdict {
            case .holds: .holds
            case .fails: .fails
            case .cannotTell: .unknown
            }
        return Page.Verdict(
            title: "\(certificate.statement.number) · \(certificate.statement.title)", kind: kind,
            word: certificate.verdict.rawValue, reason: certificate.reason, source: certificate.statement.source,
            numbers: certificate.quantities.map { ($0.name, $0.display, $0.note) }, needs: certificate.remedies,
            inequalities: certificate.quantities.compactMap(\.comparison), why: certificate.statement.why,
            refutation: certificate.statement.refutation)
    }

    /// When it began, where it lies and on which data it was trained.
    private static func origin(_ run: RecordedRun) -> [(name: String, value: String)] {
        let parts = URL(fileURLWithPath: run.path).standardizedFileURL.pathComponents
        let folder = ("Folder", parts.suffix(2).joined(separator: "/"))
        guard let record = run.record else { return [folder] }
        let digest = record.dataDigest.isEmpty ? [] : [("Data", "XXH3 \(record.dataDigest)")]
        return [("Begun", Self.day(record.started)), folder] + digest
    }

    /// `2026-11-27 06:48 UTC`.
    package static func day(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "yyyy-MM-dd HH:mm 'UTC'"
        return formatter.string(from: date)
    }

    private static func facts(_ run: RecordedRun) -> [(name: String, value: String)] {
        var facts: [(String, String)] = []
        if let record = run.record {
            let outcome = record.outcome == .running ? "" : " (\(record.outcome.words))"
            facts += [
                ("Status", "\(record.status.rawValue) at step \(record.step)\(outcome)"),
                ("Learning rate η", shown(record.learningRate)),
                ("Parameters", "\(record.parameterCount), \(record.trainedParameterCount) trained"),
                ("Separation of the samples", record.separation.map(shown) ?? "–"),
                ("BLAS", "\(record.environment.blasCore), \(record.environment.threads) threads"),
            ]
            if let samples = record.samples, let outputs = record.outputs {
                facts.append(("Samples and outputs", "n = \(samples), K = \(outputs)"))
            }
        }
        let scores = run.scores
        if let training = scores.training { facts.append(("Training", training)) }
        if let test = scores.test { facts.append(("Test", test)) }
        guard let configuration = run.configuration else { return facts }
        facts += [
            ("Network", configuration.values["model.network"] ?? "layers"),
            ("Parametrization", configuration.model.parametrization.rawValue),
            ("Loss", "\(configuration.loss.rawValue), \(configuration.reduction.rawValue)"),
            ("Precision", configuration.precision.rawValue), ("Seed", "\(configuration.seed)"),
        ]
        for (key, name) in [("model.width", "Width m"), ("model.depth", "Depth L"), ("data.source", "Data")] {
            if let value = configuration.values[key] { facts.append((name, verbatim(value))) }
        }
        return facts
    }
}
