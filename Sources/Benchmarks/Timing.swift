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

    /// Work and its yardstick in turn, so that both see the same machine.
    static func interleaved(
        _ work: () -> Void, _ yardstick: () -> Void, _ flops: Double
    ) -> (Timing, Timing) {
        var workTimes: [Double] = []
        var yardstickTimes: [Double] = []
        let rounds = flops < 1e9 ? 300 : flops < 3e10 ? 25 : 11
        for round in 0..<(rounds + 2) {
            let a = once(work)
            let b = once(yardstick)
            if round >= 2 {
                workTimes.append(a)
                yardstickTimes.append(b)
            }
        }
        return (Timing(workTimes), Timing(yardstickTimes))
    }

    static func once(_ body: () throws -> Void) rethrows -> Double {
        let start = DispatchTime.now().uptimeNanoseconds
        try body()
        return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
    }
}
