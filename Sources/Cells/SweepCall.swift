import Claims
import Console
import Files
import Foundation
import Runs

/// `work/call.json`: the last call of `ntklab sweep`, which all workers of a sweep belong to.
///
/// A cell that failed is tried again by the next call, and by no other worker of the same.
package struct SweepCall: Codable, Sendable, Equatable {
    /// Told from all other calls.
    package let token: String
    /// The program's, which is that of all workers.
    let version: String
    /// The BLAS core that workers have to have; any where nil.
    let requiredCore: String?
    /// Digest of the sweep's configuration.
    let plan: String

    /// A new call.
    package init(_ plan: SweepPlan, requiredCore: String?) throws {
        token = String(UInt64.random(in: .min ... .max), radix: 16)
        version = ntklabVersion
        self.requiredCore = requiredCore
        self.plan = memoryDigest(of: try plan.stored.text)
    }

    static func path(in sweep: String) -> String { SweepDirectory.work(of: sweep) + "/call.json" }

    /// That of a sweep.
    /// - Throws: `LabError` where there is none.
    package init(reading sweep: String) throws {
        let path = Self.path(in: sweep)
        do {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            self = try decoder.decode(Self.self, from: Data(PlainFile.read(path, limit: 1 << 16)))
        } catch {
            let reason = error is FileError ? "\(error)" : "\(path): is no record of a call"
            throw LabError("\(reason): call `ntklab sweep` with the configuration of \(sweep) first")
        }
    }

    /// - Throws: `FileError`.
    func write(in sweep: String) throws { try WholeFile.write(JSONText.file(self) + "\n", to: Self.path(in: sweep)) }

    /// Whether workers of an earlier call can go on for this one.
    func takesOver(_ earlier: SweepCall) -> Bool {
        plan == earlier.plan && version == earlier.version
            && (requiredCore == nil || requiredCore == earlier.requiredCore)
    }

    /// - Throws: `LabError` where this program is not one of its workers.
    /// - Parameter core: that which OpenBLAS uses here.
    package func refuseOther(core: String, of sweep: String) throws {
        guard version == ntklabVersion else {
            throw LabError(
                "\(sweep): expected a worker of ntklab \(version), whose call of `ntklab sweep` this is, found ntklab "
                    + "\(ntklabVersion); call it with this version to go on with that")
        }
        guard requiredCore == nil || requiredCore?.lowercased() == core.lowercased() else {
            throw LabError(
                "\(sweep): --require-core: expected OpenBLAS core \(requiredCore ?? ""), found \(core) on \(Holder.own.host)"
            )
        }
    }
}
