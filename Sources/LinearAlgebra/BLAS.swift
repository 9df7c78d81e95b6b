import CLinearAlgebra

/// The machine's memory, against which sizes are checked before anything is allocated.
public enum Memory {
    /// Physical memory in bytes.
    public static var physical: Int { Int(la_physical_memory()) }

    /// Whether that many numbers of a size could be held at once; the count may be beyond `Int`.
    public static func holds(_ count: Double, bytesEach: Int) -> Bool {
        count * Double(bytesEach) <= 0.9 * Double(physical)
    }
}

/// The machine's arithmetic: OpenBLAS's kernels and the pool of threads.
public enum BLAS {
    /// Name of the kernels that OpenBLAS chose, such as `Haswell` or `Cooperlake`.
    ///
    /// OpenBLAS reads `OPENBLAS_CORETYPE` when it is loaded; afterwards the choice stands.
    public static var core: String { String(cString: la_blas_core()) }

    /// OpenBLAS's description of its own build.
    public static var configuration: String {
        String(cString: la_blas_configuration()).split(separator: " ").joined(separator: " ")
    }

    /// The processor's widest vector instructions.
    public enum VectorWidth: String, Sendable { case avx512, avx2, baseline }
    public static var vectorWidth: VectorWidth {
        VectorWidth(rawValue: String(cString: la_vector_width())) ?? .baseline
    }

    /// Whether the chosen kernels leave the processor's AVX-512 unused, which halves their speed.
    public static var coreIsWeak: Bool {
        let wide: Set = ["SkylakeX", "Cooperlake", "Sapphirerapids"]
        return vectorWidth == .avx512 && !wide.contains { $0.lowercased() == core.lowercased() }
    }

    /// Threads that every product and elementwise pass may use. Results depend on it in their last
    /// bits only, and are the same whenever it is the same.
    public static var threadCount: Int {
        get { Int(la_thread_count()) }
        set { la_set_thread_count(Int32(clamping: newValue)) }
    }
}
