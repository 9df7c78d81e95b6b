import Configurations
import Console
import Files
import HDF5
import Layers
import LinearAlgebra
import Networks

/// Brings the weights of a file into a network: every tensor from the file, frozen ones too, and none that is left over.
package struct WeightImport<S: Scalar & HDF5Element> {
    private let start: StartingWeights
    private let layout: ParameterLayout
    private let file: any WeightFile
    private let sources: [Source]

    /// A tensor and where it comes from.
    private struct Source {
        let entry: ParameterLayout.Entry
        let name: String
        let shape: [Int]
        /// Its order in PyTorch; nil for files in our own.
        let torch: TorchTensor?
    }

    /// - Throws: an error that names the file, and what of it does not fit the network.
    package init(_ start: StartingWeights, _ model: Model) throws {
        try start.refuseOtherFile()
        self.start = start
        layout = model.layout
        file = try WeightFormats.open(start.path)
        let torch = file.isOurs ? nil : try TorchNetwork(model).tensors
        sources = layout.entries.enumerated().map { index, entry in
            let tensor = torch?[index]
            return Source(
                entry: entry, name: start.names[entry.tensor.label] ?? tensor?.name ?? entry.tensor.label,
                shape: tensor?.shape ?? entry.tensor.shape, torch: tensor)
        }
        try checkNames()
        try checkShapes()
    }

    private func checkNames() throws {
        let labels = layout.entries.map(\.tensor.label)
        if let unknown = start.names.keys.sorted().first(where: { !labels.contains($0) }) {
            throw LabError(
                "\(StartingWeights.key).names: the network has no tensor \(unknown): there are \(Self.list(labels))")
        }
        let names = sources.map(\.name)
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw LabError("\(StartingWeights.key).names: two tensors are to be \(twice) of the file")
        }
        let missing = names.filter { !file.names.contains($0) }
        let extra = file.names.filter { !names.contains($0) }
        guard missing.isEmpty, extra.isEmpty else {
            let parts = [
                missing.isEmpty ? "" : "lacks \(Self.list(missing))",
                extra.isEmpty ? "" : "has \(Self.list(extra)), which the network doesn't",
            ].filter { !$0.isEmpty }
            throw LabError(
                "\(start.path): \(parts.joined(separator: " and ")); \(StartingWeights.key).names says what is called otherwise"
            )
        }
    }

    private func checkShapes() throws {
        for source in sources {
            let (shape, type, precision) = try file.describe(source.name)
            let label = "\(start.path): \(source.name), \(source.entry.tensor.label) of the network"
            guard precision != nil else {
                throw LabError("\(label): expected float32 or float64, found \(excerpt(type)): save it as one of them")
            }
            guard shape == source.shape else {
                throw LabError("\(label): expected shape \(source.shape), found \(shape)")
            }
        }
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(20).map { excerpt($0) }.joined(separator: ", ") + (names.count > 20 ? ", …" : "")
    }

    /// - Parameter say: is told what was read, and how.
    /// - Throws: an error for numbers that are not finite, for others than 0 where weights are held at 0, or where nobody says whether they hold the scales.
    package func parameters(say: (String) -> Void) throws -> ParameterVector<S> {
        let scales = try scales()
        let parameters = ParameterVector<S>(layout)
        var types: Set<String> = []
        for (source, scale) in zip(sources, scales) {
            types.insert(try file.describe(source.name).type)
            let values = try converted(source, times: scale)
            if let torch = source.torch {
                torch.restore(values, into: parameters.base)
            } else {
                (parameters.base + source.entry.offset).update(from: values, count: values.count)
            }
            try checkZeros(source, parameters)
        }
        say(
            "weights   \(start.path) (\(type(of: file).format), \(types.sorted().joined(separator: " and ")), "
                + "\(sources.count) tensors)")
        if let function = file.metadata["function"] {
            say(
                "warning   \(start.path): says that these are weights of \(function); here the network begins with them"
            )
        }
        let changed = zip(sources, scales).filter { $0.1 != nil }
        let isWhole = file.metadata[WeightMetadata.scales] == WeightScales.asTrained.rawValue && changed.isEmpty
        if isWhole, start.names.isEmpty, file.metadata["precision"] == S.precision.rawValue,
            let digest = file.metadata["parameters_digest"], digest != parameters.digest
        {
            say("warning   \(start.path): its numbers are not those that it was written with (parameters_digest)")
        }
        if !changed.isEmpty {
            say(
                "weights   \(Self.list(changed.map { $0.0.entry.tensor.label })): rescaled, so that the function is the "
                    + "file's and the network's own factors are apart from them")
        }
        return parameters
    }

    private func checkZeros(_ source: Source, _ parameters: ParameterVector<S>) throws {
        let (tensor, values) = (source.entry.tensor, parameters.base + source.entry.offset)
        guard let bad = tensor.zeros.first(where: { values[$0] != 0 }) else { return }
        throw LabError(
            "\(start.path): \(source.name): entry \(bad) of \(tensor.label) is \(values[bad]), expected 0: the sparsity of the "
                + "layer holds it there")
    }

    /// What each tensor's numbers are multiplied and divided by; nil for none of it.
    private typealias Scale = (file: Double, network: Double)

    private func scales() throws -> [Scale?] {
        let stated = file.metadata[WeightMetadata.scales].flatMap(WeightScales.init)
        if let stated, let asked = start.scales, asked != stated {
            throw LabError(
                "\(StartingWeights.key).scales: \(asked.rawValue), but \(start.path) says of itself that it is \(stated.rawValue)"
            )
        }
        let scaled = sources.filter { $0.entry.tensor.forwardScale != 1 }
        guard let known = start.scales ?? stated ?? (scaled.isEmpty ? .folded : nil) else {
            throw LabError(
                "\(start.path): does not say whether its weights hold the factors that this network puts before "
                    + "\(Self.list(scaled.map(\.entry.tensor.label))): set \(StartingWeights.key).scales to folded, as for weights "
                    + "of a plain network of PyTorch's, or to as-trained")
        }
        return try sources.map { source in
            let network = source.entry.tensor.forwardScale
            let own =
                stated == .asTrained ? file.metadata[WeightMetadata.scale(source.name)].flatMap(Double.init) : network
            let file = known == .folded ? 1 : own ?? network
            guard file != network else { return nil }
            guard network != 0, file.isFinite else {
                throw LabError(
                    "\(start.path): \(source.name): a factor of \(file) cannot become one of \(network) for "
                        + source.entry.tensor.label)
            }
            return (file, network)
        }
    }

    private func converted(_ source: Source, times scale: Scale?) throws -> [S] {
        let values = try file.values(source.name)
        let result: [S] = Self.convert(values, times: scale?.file ?? 1, over: scale?.network ?? 1)
        guard let bad = result.firstIndex(where: { !$0.isFinite }) else { return result }
        let found = values.base[bad]
        throw LabError(
            "\(start.path): \(source.name): number \(bad) is \(found), expected a finite number"
                + (found.isFinite ? " of \(S.precision.rawValue)" : ""))
    }

    @specialized(where S == Float)
    @specialized(where S == Double)
    private static func convert(_ values: MatrixBuffer<Double>, times factor: Double, over divisor: Double) -> [S] {
        (0..<values.count).map { S(factor == divisor ? values.base[$0] : values.base[$0] * factor / divisor) }
    }
}
