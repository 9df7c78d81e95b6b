import Files
import Foundation
import HDF5
import LinearAlgebra
import Runs
import TangentKernels

/// The file of a spectrum: that of a kernel without its matrix, with residuals and, where they were found, eigenvectors.
struct SpectrumFile {
    let source: KernelSource
    let spectrum: KernelSpectrum
    let found: FoundPairs
    let layout: BlockLayout
    let threads: Int

    /// Memory of the vectors that are on their way to the file at once.
    private static let batchBytes = KernelSource.batchBytes

    static func path(beside kernel: String) -> String {
        let stem = kernel.hasSuffix(".h5") ? String(kernel.dropLast(3)) : kernel
        return stem + "-spectrum.h5"
    }

    /// Hours of work need a place to go to.
    /// - Throws: `LabError` where something is there, or nothing can be.
    static func checkPlace(_ path: String) throws {
        guard !Disk.exists(path) else {
            throw LabError("\(path): exists already; choose another --out")
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard access(folder, W_OK) == 0, Disk.isFolder(folder) else {
            throw LabError("\(path): its folder cannot be written to")
        }
    }

    /// The first process writes; vectors come to it from all.
    /// - Throws: `AgreedError`.
    func write(to path: String, _ processes: Processes) throws {
        let panel = try VectorPanels(found, layout, processes, batchBytes: Self.batchBytes)
        guard processes.isFirst else {
            panel.serve()
            return try processes.agree {}
        }
        let written = Result { try HDF5Writer.write(to: path) { try fill($0, panel) } }
        panel.end()
        try processes.agree { try written.get() }
    }

    private func fill(_ file: HDF5Writer, _ panel: VectorPanels) throws {
        let description = source.description
        try file.attribute("signal", "eigenvalues")
        try file.attribute(
            "solver",
            "ScaLAPACK, \(layout.grid.rows) x \(layout.grid.columns) processes, \(threads) threads each, \(BLAS.core)")
        if spectrum.arithmeticError == nil {
            try file.attribute("errors", "of the solver alone: the kernel's file does not say its arithmetic_error")
        }
        try description.write(spectrum, to: file)
        if found.vectors != nil {
            try description.write(residuals: found.residuals, to: file)
            try description.writeVectors(to: file, rowsAtOnce: panel.columnsAtOnce, fill: panel.collect)
        }
        try file.attribute("lambda_min_residual", found.residuals.first ?? 0)
        try file.attribute("lambda_max_residual", found.residuals.last ?? 0)
        if let traces = try StoredKernel(source.file).layerTraces { try description.write(traces, to: file) }
        try file.copyAttributes(of: source.file)
    }
}
