import Files
import Foundation
import LinearAlgebra
import Runs
import TangentKernels

extension Precision: Codable {}
extension KernelOutputs: Codable {}

/// `job.json`: what the tiles of a folder belong to, and what a worker needs in order to make the missing ones.
struct JobRecord: Codable {
    var identity: KernelIdentity
    /// Nil in records of earlier versions.
    let request: KernelRequest?
    /// Those that each process of the job computes with; nil in records of earlier versions.
    let threads: Int?

    init(_ identity: KernelIdentity, _ request: KernelRequest, threads: Int) {
        (self.identity, self.request, self.threads) = (identity, request, threads)
    }

    /// Beside the keys of the identity, which were all there was.
    private enum Keys: String, CodingKey { case request, threads }

    init(from decoder: any Decoder) throws {
        identity = try KernelIdentity(from: decoder)
        let more = try decoder.container(keyedBy: Keys.self)
        request = try more.decodeIfPresent(KernelRequest.self, forKey: .request)
        threads = try more.decodeIfPresent(Int.self, forKey: .threads)
    }

    func encode(to encoder: any Encoder) throws {
        try identity.encode(to: encoder)
        var more = encoder.container(keyedBy: Keys.self)
        try more.encode(request, forKey: .request)
        try more.encode(threads, forKey: .threads)
    }

    /// - Throws: `LabError` where the file is not such a record.
    init(reading path: String) throws {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(PlainFile.read(path, limit: 1 << 20)))
        } catch let error as FileError {
            throw LabError("\(error)")
        } catch {
            throw LabError("\(path): is not the record of a kernel job: remove the folder to begin anew")
        }
    }

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try WholeFile.write(String(decoding: encoder.encode(self), as: UTF8.self) + "\n", to: path)
    }

    /// What a worker is to do.
    /// - Throws: `LabError` where the record does not say it, or says what can't be.
    func work(in folder: JobFolder) throws -> (request: KernelRequest, threads: Int) {
        guard let request, let threads else {
            throw LabError(
                "\(folder.record): does not say how the job is made, as those of earlier versions: go on with it by "
                    + "`ntklab ntk` and the options that it was begun with")
        }
        guard (1...256).contains(threads), request.memory > 0, request.samples ?? 1 > 0, request.step ?? 0 >= 0 else {
            throw LabError("\(folder.record): is not the record of a kernel job: remove the folder to begin anew")
        }
        return (request, threads)
    }
}
