import CScaLAPACK
import Console
import LinearAlgebra

/// The processes of a job, of which this is one. All of them make the same calls in the same order.
struct Processes {
    let rank = Int(sl_rank())
    let count = Int(sl_process_count())

    var isFirst: Bool { rank == 0 }

    /// Which process this is, and where, as the end of a message; nothing where it is the only one.
    var place: String {
        count == 1 ? "" : " (process \(rank) of \(count), on \(String(cString: sl_machine_name())))"
    }

    /// Does a thing that may fail in some of the processes.
    /// - Throws: `AgreedError` in all of them where it fails in one.
    func agree<R>(_ body: () throws -> R) throws -> R {
        let result = Result { try body() }
        var problem: String?
        if case .failure(let error) = result { problem = words(of: error) + place }
        if let text = shared(problem) { throw AgreedError(description: text) }
        return try result.get()
    }

    /// The text of the first process that has one, in all of them.
    func shared(_ text: String?) -> String? {
        let speaker = Int(sl_least(Int32(text == nil ? count : rank)))
        guard speaker < count else { return nil }
        var bytes = rank == speaker ? Array((text ?? "").utf8) : []
        var length = Int32(bytes.count)
        sl_broadcast(&length, Int32(MemoryLayout<Int32>.size), Int32(speaker))
        bytes += [UInt8](repeating: 0, count: Int(length) - bytes.count)
        sl_broadcast(&bytes, length, Int32(speaker))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Numbers of the first process, in all of them.
    func fromFirst(_ numbers: [Int32]) -> [Int32] {
        var numbers = numbers
        sl_broadcast(&numbers, Int32(numbers.count * MemoryLayout<Int32>.stride), 0)
        return numbers
    }

    /// Entry by entry, over all processes.
    func sum(_ values: [Double]) -> [Double] {
        var values = values
        sl_sum(&values, Int32(values.count))
        return values
    }

    func largest(_ value: Double) -> Double { sl_largest(value) }

    /// Says a line once.
    func note(_ line: String) {
        if isFirst { Diagnostics.line(line) }
    }

    /// Processes of this machine, and the cores on which at least one of them may run.
    var onThisMachine: (processes: Int, cores: Int) {
        var (processes, cores): (Int32, Int32) = (0, 0)
        sl_machine(&processes, &cores)
        return (Int(processes), min(Int(cores), ControlGroup().processors ?? .max))
    }

    /// Most memory that any of them has held, in bytes.
    var peakMemory: Double { largest(sl_peak_memory()) }
}

/// An error that all processes know of.
struct AgreedError: Error, CustomStringConvertible {
    let description: String
}
