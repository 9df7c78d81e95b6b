import CLinearAlgebra

/// What this process may hold.
public enum Memory {
    /// Bytes that this process may hold in all: the machine's, or less where its control groups, `ulimit -v` or
    /// `ulimit -d` say so. Of an address space, what is mapped and not in use (libraries, stacks) is taken off.
    public static var limit: Int { min(machine, max(Int(clamping: la_address_space_limit()), 0)) }

    private static let machine = min(Int(la_physical_memory()), ControlGroup().memory ?? .max)

    /// Whether that many numbers of a size could be held at once; the count may be beyond `Int`.
    package static func holds(_ count: Double, bytesEach: Int) -> Bool {
        count * Double(bytesEach) <= 0.9 * Double(limit)
    }
}

/// Ends the program where a kernel could not have its scratch memory, as `MatrixBuffer` does where it can't have its own.
/// - Parameter lacking: the bytes that the kernel says it lacked.
func checkScratch(_ lacking: Int) { precondition(lacking == 0, "no memory for \(lacking) bytes of scratch") }
