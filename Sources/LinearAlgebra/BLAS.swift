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
    /// Name of the kernels that OpenBLAS uses, such as `Haswell` or `Cooperlake`.
    public static var core: String { BLASCore.current.name }

    /// OpenBLAS's description of its own build.
    public static var configuration: String {
        String(cString: la_blas_configuration()).split(separator: " ").joined(separator: " ")
    }

    /// The widest vector instructions that the kernels of this library use.
    public enum VectorWidth: String, Sendable { case avx512, avx2, baseline }
    public static var vectorWidth: VectorWidth {
        VectorWidth(rawValue: String(cString: la_vector_width())) ?? .baseline
    }

    /// Threads that every product and elementwise pass may use. Results depend on it in their last
    /// bits only, and are the same whenever it is the same.
    public static var threadCount: Int {
        get { Int(la_thread_count()) }
        set { la_set_thread_count(Int32(clamping: newValue)) }
    }
}
