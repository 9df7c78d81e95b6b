/// Time since some moment, whatever is done to the clock on the wall.
package struct Stopwatch {
    private var start = ContinuousClock.now

    package init() {}

    package var seconds: Double {
        let passed = (ContinuousClock.now - start).components
        return Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
    }

    package mutating func restart() { start = ContinuousClock.now }
}
