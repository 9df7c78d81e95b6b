import CLinearAlgebra

/// What a processor and its operating system offer to OpenBLAS and to the kernels of this library.
public struct ProcessorFeatures: OptionSet, Sendable {
    public let rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// AVX2 with fused multiply-add.
    public static let avx2 = ProcessorFeatures(rawValue: Int32(LA_AVX2.rawValue))
    /// AVX-512: F, CD, DQ, BW and VL.
    public static let avx512 = ProcessorFeatures(rawValue: Int32(LA_AVX512.rawValue))
    /// AVX-512 for bfloat16, which no kernel here uses.
    public static let avx512BFloat16 = ProcessorFeatures(rawValue: Int32(LA_AVX512_BF16.rawValue))

    /// Those of this processor, from CPUID.
    public static var current: ProcessorFeatures { ProcessorFeatures(rawValue: la_processor_features()) }
}

/// One of the sets of kernels among which OpenBLAS chooses when it is loaded.
public struct BLASCore: Sendable, Equatable {
    /// As OpenBLAS names it, such as `Haswell`.
    public let name: String

    public init(_ name: String) { self.name = name }

    /// Names are compared as OpenBLAS reads them, whatever their case.
    public static func == (a: BLASCore, b: BLASCore) -> Bool { a.name.lowercased() == b.name.lowercased() }

    /// Cores by the vectors they use. Within a class they differ by a few percent: SkylakeX and Cooperlake have the
    /// same products but for bfloat16 (steps of training at four shapes, Zen 5: 0 to 3 % apart).
    public enum Class: String, Comparable, Sendable {
        case baseline, avx2, avx512

        public static func < (a: Class, b: Class) -> Bool { a.rank < b.rank }
        private var rank: Int { self == .baseline ? 0 : self == .avx2 ? 1 : 2 }

        /// In words.
        public var title: String {
            switch self {
            case .baseline: "no AVX2"
            case .avx2: "AVX2"
            case .avx512: "AVX-512"
            }
        }
    }

    public var strength: Class {
        switch name.lowercased() {
        case "skylakex", "cooperlake", "sapphirerapids": .avx512
        case "haswell", "zen": .avx2
        default: .baseline
        }
    }

    /// The one in use.
    public static var current: BLASCore { BLASCore(String(cString: la_blas_core())) }

    /// The core that a processor should get in place of the one that OpenBLAS chose; nil where its choice is of the
    /// strongest class that the processor has.
    ///
    /// SkylakeX and Haswell stand for their classes, since every build of OpenBLAS that has the class has them.
    public func replacement(on features: ProcessorFeatures) -> BLASCore? {
        if features.contains(.avx512), strength < .avx512 { return BLASCore("SkylakeX") }
        if features.contains(.avx2), strength < .avx2 { return BLASCore("Haswell") }
        return nil
    }
}

/// Why the core in use is in use.
public enum BLASCoreReason: Sendable, Equatable {
    /// OpenBLAS took it for this processor; `OPENBLAS_CORETYPE` may name one that it does not have.
    case openBLAS(ignoring: String?)
    /// `OPENBLAS_CORETYPE` is set.
    case environment
    /// The program was asked for it.
    case asked
    /// It is stronger than what OpenBLAS took, which is named.
    case replaced(String)
}

extension BLAS {
    /// The variable that OpenBLAS reads when it is loaded.
    public static let coreVariable = "OPENBLAS_CORETYPE"
    /// Says to the program that is started anew, and to its children, where that variable comes from.
    static let reasonVariable = "NTKLAB_BLAS_CORE_REASON"

    public static var coreReason: BLASCoreReason {
        switch (variable(reasonVariable), variable(coreVariable)) {
        case (_, nil): .openBLAS(ignoring: nil)
        case ("asked", _): .asked
        case (let replaced?, _): .replaced(replaced)
        case (nil, let name?): BLASCore(name) == .current ? .environment : .openBLAS(ignoring: name)
        }
    }

    /// Makes sure that OpenBLAS uses kernels of the strongest class that this processor has.
    ///
    /// OpenBLAS 0.3.21 (Debian 12) does not know recent processors and falls back to kernels of an eighth of their
    /// speed. It chooses when it is loaded, so that other kernels mean starting the program anew, once: **call this
    /// first thing in `main`**, before anything is written or opened. Where OpenBLAS has chosen well, and where
    /// `OPENBLAS_CORETYPE` is set, it returns at once.
    /// - Returns: where the program could not be started anew: why not, the system's error number.
    @discardableResult
    public static func useStrongestCore() -> Int32? {
        guard case .openBLAS = coreReason, let better = BLASCore.current.replacement(on: .current) else { return nil }
        return restart([coreVariable: better.name, reasonVariable: BLASCore.current.name])
    }

    /// Starts the program anew with a core of that name; nil takes `OPENBLAS_CORETYPE` out of the environment, so
    /// that OpenBLAS chooses. Returns only where that fails: the system's error number.
    public static func restart(withCore name: String?) -> Int32 {
        restart([coreVariable: name, reasonVariable: name == nil ? nil : "asked"])
    }

    private static func restart(_ variables: [String: String?]) -> Int32 {
        let names = variables.keys.sorted()
        let copies = names.map { copy($0) }
        let values = names.map { variables[$0].flatMap { $0 }.map { copy($0) } }
        let error = la_restart(
            CommandLine.unsafeArgv, copies.map { UnsafePointer($0) }, values.map { $0.map { UnsafePointer($0) } },
            names.count)
        for memory in copies + values.compactMap(\.self) { memory.deallocate() }
        return error
    }

    private static func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
        let bytes = text.utf8CString
        let memory = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        for (i, byte) in bytes.enumerated() { memory[i] = byte }
        return memory
    }

    /// A variable of the environment, nil where it is empty.
    private static func variable(_ name: String) -> String? {
        guard let value = la_environment(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
