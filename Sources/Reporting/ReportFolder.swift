import Console
import Files
import Foundation
import Reports

/// The folder of a page: one of its own, in which an earlier page may be replaced and nothing else.
struct ReportFolder {
    private let path: String
    /// What to do where it cannot be written.
    private let advice: String

    /// - Parameters:
    ///   - out: the folder; `report` in that of the run or sweep where nil.
    ///   - source: the run or sweep.
    /// - Throws: `LabError` where it holds something else, or cannot be written.
    init(_ out: String?, of source: String) throws {
        path = out ?? source + "/report"
        advice = out == nil ? "; --out FOLDER writes the report elsewhere" : ""
        do {
            var status = stat()
            // Files behind a link are another's, unless the user names it.
            guard out != nil || lstat(path, &status) != 0 || status.st_mode & S_IFMT != S_IFLNK else {
                throw LabError("\(path): expected a folder, found a symbolic link\(advice)")
            }
            try WholeFile.makeFolders(path)
            let names = try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasPrefix(".") }
            guard names.isEmpty || Page.isIn(path) else {
                throw LabError(
                    "\(path): expected a new or empty folder or an earlier report, found other files\(advice)")
            }
        } catch let error as FileError {
            throw LabError("\(error)\(advice)")
        } catch let error as LabError {
            throw error
        } catch {
            throw unwritable(reason(error))
        }
        guard access(path, W_OK) == 0 else { throw unwritable(String(cString: strerror(errno))) }
    }

    private func unwritable(_ reason: String) -> LabError {
        LabError("\(path): the report cannot be written: \(reason)\(advice)")
    }

    /// Writes a page, and says which figures it lacks.
    /// - Returns: the path of the page.
    /// - Throws: `LabError` where it cannot be written.
    func write(_ page: Page, withPDF: Bool, say: (String) -> Void) throws -> String {
        do {
            for (reason, figures) in try page.write(to: path, withPDF: withPDF) {
                say("warning   not drawn: \(figures.joined(separator: ", ")): \(reason)")
            }
        } catch {
            throw unwritable(reason(error))
        }
        return path + "/index.html"
    }
}
