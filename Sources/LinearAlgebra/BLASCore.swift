import CLinearAlgebra

/// One of the sets of kernels among which OpenBLAS chooses when it is loaded.
public struct BLASCore: Sendable, Equatable {
    /// As OpenBLAS names it, such as `Haswell`.
    public let name: String

    /// The core of that name, whether or not OpenBLAS has it.
    public init(_ name: String) { self.name = name }

    /// Names are compared as OpenBLAS reads them, whatever their case.
    public static func == (a: BLASCore, b: BLASCore) -> Bool { a.name.lowercased() == b.name.lowercased() }

    /// The one in use.
    public static var current: BLASCore { BLASCore(String(cString: la_blas_core())) }

    /// The vectors it uses. Cores of equal vectors differ by a few percent: SkylakeX and Cooperlake have the same
    /// products but for bfloat16 (steps of training at four shapes, Zen 5: 0 to 3 % apart).
    public var vectorWidth: BLAS.VectorWidth {
        switch name.lowercased() {
        case "skylakex", "cooperlake", "sapphirerapids": .avx512
        case "haswell", "zen": .avx2
        default: .baseline
        }
    }

    /// The core that a processor with vectors of this width should get in place of the one that OpenBLAS chose; nil
    /// where that choice uses them.
    ///
    /// SkylakeX and Haswell stand for their widths, since every build of OpenBLAS that has the width has them.
    public func replacement(on processor: BLAS.VectorWidth) -> BLASCore? {
        guard vectorWidth < processor else { return nil }
        return BLASCore(processor == .avx512 ? "SkylakeX" : "Haswell")
    }
}

/// Why the core in use is in use.
public enum BLASCoreReason: Sendable, Equatable {
    /// OpenBLAS took it for this processor.
    case openBLAS
    /// `OPENBLAS_CORETYPE` names it, or another one to which OpenBLAS has an answer of its own.
    case environment(String)
    /// The program was asked for one of that name.
    case asked(String)
    /// It was asked for in place of what OpenBLAS took, which is named.
    case replaced(String)
}

extension BLAS {
    /// The variable that OpenBLAS reads when it is loaded.
    public static let coreVariable = "OPENBLAS_CORETYPE"
    /// Says to the program that is started anew, and to its children, where that variable comes from.
    private static let reasonVariable = "NTKLAB_BLAS_CORE_REASON"

    /// Why the core in use is in use, from the environment of the process.
    public static var coreReason: BLASCoreReason {
        let reason = (variable(reasonVariable) ?? "").split(separator: ":", maxSplits: 1).map(String.init)
        guard let name = variable(coreVariable) else { return .openBLAS }
        switch reason.first {
        case "asked": return .asked(name)
        case "replaced": return .replaced(reason.last ?? "")
        default: return .environment(name)
        }
    }

    /// Makes sure that OpenBLAS uses the widest vectors that this processor has.
    ///
    /// OpenBLAS 0.3.21 (Debian 12) does not know recent processors and falls back to kernels of an eighth of their
    /// speed. It chooses when it is loaded, so that other kernels mean starting the program anew, once: **call this
    /// first thing in `main`**, before anything is written or opened. Where OpenBLAS has chosen well, and where
    /// `OPENBLAS_CORETYPE` is set, it returns at once.
    /// - Returns: where the program could not be started anew, and goes on as it is: the system's error number.
    @discardableResult
    public static func useStrongestCore() -> Int32? {
        guard coreReason == .openBLAS, let better = BLASCore.current.replacement(on: processorWidth) else { return nil }
        return restart(better.name, "replaced:\(BLASCore.current.name)")
    }

    /// Starts the program anew with a core of that name; nil takes `OPENBLAS_CORETYPE` out of the environment, so
    /// that OpenBLAS chooses. Returns only where that fails: the system's error number.
    public static func restart(withCore name: String?) -> Int32 { restart(name, name.map { _ in "asked" }) }

    private static func restart(_ core: String?, _ reason: String?) -> Int32 {
        withCString(core) { core in
            withCString(reason) { reason in
                coreVariable.withCString { first in
                    reasonVariable.withCString { second in
                        la_restart(CommandLine.unsafeArgv, [first, second], [core, reason])
                    }
                }
            }
        }
    }

    private static func withCString<R>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> R) -> R {
        guard let text else { return body(nil) }
        return text.withCString { body($0) }
    }

    /// A variable of the environment, nil where it is empty.
    private static func variable(_ name: String) -> String? {
        guard let value = la_environment(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
