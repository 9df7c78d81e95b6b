import Foundation

/// Medians and least times of repeated work; nothing is ever asserted about them.
struct Timing {
    let median: Double
    let least: Double
    let runs: Int

    /// Times body() after `warmup` calls, for about `seconds`, at least five times.
    init(warmup: Int = 2, seconds: Double = 3, _ body: () throws -> Void) rethrows {
        for _ in 0..<warmup { try body() }
        var times: [Double] = []
        var total = 0.0
        while times.count < 5 || (total < seconds && times.count < 2000) {
            times.append(try Self.once(body))
            total += times[times.count - 1]
        }
        self.init(times)
    }

    init(_ times: [Double]) {
        let sorted = times.sorted()
        median = sorted[sorted.count / 2]
        least = sorted[0]
        runs = sorted.count
    }

    static func once(_ body: () throws -> Void) rethrows -> Double {
        let start = DispatchTime.now().uptimeNanoseconds
        try body()
        return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
    }
}

/// The most memory that this process has held, in bytes.
func peakMemory() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
}
