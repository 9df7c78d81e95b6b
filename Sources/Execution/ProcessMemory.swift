import Foundation

/// This process's memory, as the kernel counts it.
package enum ProcessMemory {
    /// Resident now, in bytes.
    package static var now: Int { field("VmRSS") }
    /// The most that was resident since `resetPeak`, in bytes.
    package static var peak: Int { field("VmHWM") }

    /// What a process takes beside all that is counted: libraries, stacks and the scratch of BLAS, in bytes.
    package static let own = 48 << 20

    package static func resetPeak() {
        let file = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = write(file, "5", 1)
        close(file)
    }

    private static func field(_ name: String) -> Int {
        let text = FileManager.default.contents(atPath: "/proc/self/status").map { String(decoding: $0, as: UTF8.self) }
        let line = text?.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }
}
