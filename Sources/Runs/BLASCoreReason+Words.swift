import Console
import LinearAlgebra

extension BLASCoreReason {
    /// As it is printed, and stored in `run.json`.
    package var words: String {
        switch self {
        case .openBLAS: "OpenBLAS's choice"
        case .environment(let name):
            BLASCore(name) == .current ? "set by \(BLAS.coreVariable)" : "\(BLAS.coreVariable) asks for \(name)"
        case .asked: "asked for by --blas-core"
        case .replaced(let weaker):
            BLASCore(weaker) == .current
                ? "OpenBLAS has nothing stronger" : "in place of \(weaker), which is OpenBLAS's choice"
        }
    }
}
