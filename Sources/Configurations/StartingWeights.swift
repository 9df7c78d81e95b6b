import Files
import Foundation
import RunFolders
import Yams

/// `model.initialize_from`: the file that holds the weights at step 0, in place of a draw from the seed.
///
/// The digest of the file is stored with the run: what a run began with is known by its bytes, wherever they lie.
package struct StartingWeights: Sendable, Equatable {
    /// Absolute; of a run, that of one of its checkpoints.
    package let path: String
    /// XXH3-128 of the file.
    package let digest: String
    /// Nil: as the file says of itself.
    package let scales: WeightScales?
    /// Names of tensors in the file by our labels, where they are not those that `ntklab export` gives.
    package let names: [String: String]

    private init(path: String, digest: String, scales: WeightScales?, names: [String: String]) {
        (self.path, self.digest, self.scales, self.names) = (path, digest, scales, names)
    }

    package static let key = "model.initialize_from"
    static let pathKey = "model.initialize_from.path"

    /// nil where there is no such key.
    init?(_ section: ConfigSection, _ key: String) {
        let isGiven = section.node?.mapping?[Node(key)].map { !$0.isNull } ?? false
        guard isGiven || section.reader.isListing else {
            _ = section.take(key)
            return nil
        }
        self = section.section(key, word: "path") { StartingWeights($0) }
    }

    private init(_ section: ConfigSection) {
        (path, digest) = section.weights(
            "path",
            "weights at step 0, in place of a draw: a checkpoint (.h5), a run (its newest checkpoint), a safetensors or an NPZ "
                + "file; `initialize_from: FILE` for short",
            digest: "digest", "XXH3-128 of the file, which has to have it; default: that of the file as it is")
        scales = section.optionalChoice(
            "scales",
            "whether the file's weights hold the factors of the forward pass; default: as the file says, as those of "
                + "`ntklab export` do")
        names = section.names(
            "names",
            "names of tensors in the file that are not those of `ntklab export`, such as {W1: net.0.weight, W1.bias: net.0.bias}"
        )
    }
}

extension ConfigSection {
    /// A file of weights with its digest, which is stored. What a run has stored is not looked for again: its file may be
    /// gone, and is asked for where it is needed.
    fileprivate func weights(
        _ key: String, _ meaning: String, digest digestKey: String, _ digestMeaning: String
    ) -> (path: String, digest: String) {
        let isStored = node?.mapping?[Node(digestKey)].map { !$0.isNull } ?? false
        var found = ""
        let path = read(key, type: "path, or a run", default: nil as String?, meaning, show: { $0.map(quoted) }) {
            node in
            guard let written = text(node), !written.isEmpty else {
                return .failure(Expectation("a path without control characters"))
            }
            do {
                let (path, remark) = try StartingWeights.resolve(written, from: reader.folder, isStored: isStored)
                if let remark { reader.remark(fullPath(key), remark) }
                if !isStored { found = try fileDigest(path) }
                return .success(path)
            } catch {
                return .failure(Expectation("weights: \(error)"))
            }
        }
        if path == nil, node?.mapping?[Node(key)] == nil, !reader.isListing {
            reader.report(fullPath(key), node, "is missing")
        }
        return (path ?? "", text(digestKey, default: found, digestMeaning))
    }

    fileprivate func names(_ key: String, _ meaning: String) -> [String: String] {
        read(key, type: "names by tensor", default: [:], meaning) { names in
            let pairs = names.sorted { $0.key < $1.key }.map { "\(quoted($0.key)): \(quoted($0.value))" }
            return names.isEmpty ? nil : "{" + pairs.joined(separator: ", ") + "}"
        } parse: { node in
            let pairs = node.mapping?.map { (text($0.key), text($0.value)) }
            guard let pairs, !pairs.contains(where: { $0.0 == nil || $0.1 == nil }),
                Set(pairs.map(\.0)).count == pairs.count
            else { return .failure(Expectation("names by tensor, such as {W1: net.0.weight}")) }
            return .success(Dictionary(uniqueKeysWithValues: pairs.map { ($0.0 ?? "", $0.1 ?? "") }))
        }
    }
}

extension StartingWeights {
    /// What names the file for good.
    package var overrides: [Override] { [Override(Self.pathKey, path), Override(Self.key + ".digest", digest)] }

    /// The same file elsewhere.
    package func moved(to path: String) -> StartingWeights {
        StartingWeights(path: path, digest: digest, scales: scales, names: names)
    }

    /// - Throws: an error where the file can't be read, or has another digest.
    package func refuseOtherFile() throws {
        let found: String
        do { found = try fileDigest(path) } catch let error as FileError {
            throw LabError(
                "\(Self.key): \(error); where it has moved to is set by --set \(Self.key)=PATH (it has the digest \(digest))"
            )
        }
        guard found == digest else {
            throw LabError("\(Self.key): \(path): is another file than that: expected digest \(digest), found \(found)")
        }
    }

    /// The file that a path or the name of a run stands for.
    /// - Parameter isStored: whether a run has stored it, so that it need not be there.
    /// - Throws: an error where nothing is there.
    fileprivate static func resolve(
        _ written: String, from folder: String?, isStored: Bool
    ) throws -> (path: String, remark: String?) {
        let place = try DataPath(written, from: folder)
        let isThere = Disk.exists(place.path)
        if isStored || Disk.isFile(place.path) { return (place.path, place.remark) }
        // A name with an ending is that of a file that is not there.
        if !isThere, [".h5", ".npz", ".safetensors"].contains(where: written.hasSuffix) { return (place.path, nil) }
        let run = try RunLocator.find(isThere ? place.path : written)
        guard Disk.exists(RunFile.checkpoints.path(of: run)),
            let newest = try RunFile.checkpointSteps(of: run).first
        else { throw LabError("\(run): is a folder without checkpoints to begin from") }
        let path = RunFile.checkpoints.path(of: run, at: newest)
        return (try DataPath(path, from: nil).path, nil)
    }
}
