import Configurations
import Console
import Execution
import HDF5
import Layers
import LinearAlgebra
import Networks

/// What there is to say of weights that were written: their file, their tensors, and the network in Python.
package struct WeightSummary: Encodable, Sendable {
    package struct Tensor: Encodable, Sendable {
        package let name: String
        package let shape: [Int]
        /// As this program names it.
        package let tensor: String
        /// Its factor of the forward pass, folded in or not.
        package let scale: Double
    }

    package let file: String
    package let run: String
    package let step: Int
    package let precision: String
    package let scales: String
    package let tensors: [Tensor]
    /// The network as an `nn.Sequential`.
    package let torch: String
    package let remarks: [String]

    package init<S: Scalar & HDF5Element>(
        _ export: WeightExport, _ experiment: Experiment<S>, _ torch: TorchNetwork, _ parameters: ParameterVector<S>,
        step: Int, file: String
    ) {
        (self.file, run, self.step, self.torch) = (file, export.run, step, torch.python)
        precision = S.precision.rawValue
        scales = (export.isFolded ? WeightScales.folded : .asTrained).rawValue
        tensors = torch.tensors.map {
            Tensor(
                name: $0.name, shape: $0.shape, tensor: $0.entry.tensor.label, scale: $0.entry.tensor.forwardScale)
        }
        remarks = Self.remarks(export, experiment, torch, parameters, step)
    }

    private static func remarks<S: Scalar & HDF5Element>(
        _ export: WeightExport, _ experiment: Experiment<S>, _ torch: TorchNetwork, _ parameters: ParameterVector<S>,
        _ step: Int
    ) -> [String] {
        var lines: [String] = []
        let shape = experiment.model.shapes[0]
        if shape.count == 3 {
            lines.append("inputs    [n, \(shape[2]), \(shape[0]), \(shape[1])]: channels come first")
        }
        if !export.isFolded, torch.tensors.contains(where: { $0.entry.tensor.forwardScale != 1 }) {
            lines.append(
                "scales    as trained: the modules above compute f with the factors put in, by hand or with --fold-scales"
            )
        }
        if !torch.branchScales.isEmpty {
            lines.append("scales    those of residual branches belong to Residual(…, scale=…), not to a tensor")
        }
        if let other = WeightExport.otherFunction(experiment, step) {
            lines.append("warning   these weights are those of \(other), not of this network")
        }
        if !(0..<parameters.count).allSatisfy({ parameters.base[$0].isFinite }) {
            lines.append("warning   some numbers are not finite")
        }
        return lines
    }

    /// For a terminal: the network is text to be copied, and stays as it is.
    package func lines(columns: Int) -> [String] {
        let holds = scales == WeightScales.folded.rawValue ? "holds" : "without"
        let rows = tensors.map { tensor in
            [
                tensor.name, precision, "\(tensor.shape)", tensor.tensor,
                tensor.scale == 1 ? "" : "\(holds) its factor \(tensor.scale)",
            ]
        }
        let titles: [TextTable.Column] = [.text(""), .text(""), .text(""), .text(""), .text("", least: 16)]
        let all = remarks + ["weights   \(run) at step \(step)", "file      \(file)"]
        return TextTable(titles, rows).lines(width: columns) + ["", torch, ""]
            + all.flatMap { wrapped($0, columns: columns, indent: 10) }
    }
}
