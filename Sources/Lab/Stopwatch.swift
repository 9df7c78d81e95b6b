/// Time since some moment, whatever is done to the clock on the wall.
struct Stopwatch {
    private var start = ContinuousClock.now

    var seconds: Double {
        let passed = (ContinuousClock.now - start).components
        return Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
    }

    mutating func restart() { start = ContinuousClock.now }
}
