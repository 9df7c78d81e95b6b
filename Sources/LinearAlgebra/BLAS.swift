import CLinearAlgebra

/// The machine's arithmetic: OpenBLAS's kernels and the pool of threads.
public enum BLAS {
    /// Name of the kernels that OpenBLAS uses, such as `Haswell` or `Cooperlake`.
    public static var core: String { BLASCore.current.name }

    /// OpenBLAS's description of its own build.
    public static var configuration: String {
        String(cString: la_blas_configuration()).split(separator: " ").joined(separator: " ")
    }

    /// Vector instructions, by their width.
    public enum VectorWidth: String, CaseIterable, Comparable, Sendable {
        case baseline, avx2, avx512

        /// Whether `a` is the narrower of the two.
        public static func < (a: VectorWidth, b: VectorWidth) -> Bool { a.features < b.features }

        /// Its bits in C: each width has those of the narrower ones.
        fileprivate var features: Int32 {
            switch self {
            case .baseline: 0
            case .avx2: Int32(LA_AVX2.rawValue)
            case .avx512: Int32(LA_AVX2.rawValue | LA_AVX512.rawValue)
            }
        }

        /// In words.
        public var title: String {
            switch self {
            case .baseline: "narrow vectors"
            case .avx2: "AVX2"
            case .avx512: "AVX-512"
            }
        }
    }

    /// The widest vectors of this processor and its operating system, from CPUID.
    public static var processorWidth: VectorWidth {
        VectorWidth.allCases.last { $0.features & la_processor_features() == $0.features } ?? .baseline
    }

    /// Those that tiles of products and convolutions use; results depend on them in their last bits.
    public static var vectorWidth: VectorWidth {
        VectorWidth(rawValue: String(cString: la_vector_width())) ?? .baseline
    }

    /// Has calls from this thread use tiles of no wider vectors than these, nil for no limit: for tests of each width
    /// on one processor.
    package static func limitTiles(to width: VectorWidth?) {
        la_limit_vector_width(width?.features ?? ~0)
    }

    /// Threads that every product and elementwise pass may use. Results depend on it in their last
    /// bits only, and are the same whenever it is the same.
    public static var threadCount: Int {
        get { Int(la_thread_count()) }
        set { la_set_thread_count(Int32(clamping: newValue)) }
    }

    /// The most threads that the pool has.
    public static let mostThreads = 256

    /// Sets the number of threads and starts them.
    /// - Returns: how many there are: fewer where the system gives no more.
    public static func startThreads(_ count: Int) -> Int { Int(la_start_threads(Int32(clamping: count))) }

    /// Whether OpenBLAS has the address space that it needs, 128 MB a thread: without it, it never returns.
    package static func reserveBuffers() -> Bool { la_reserve_buffers(la_thread_count()) != 0 }
}
