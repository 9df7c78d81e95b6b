/// A cell that is to be run.
struct WaitingCell {
    let cell: SweepCell
    let cost: CellCost
    /// When it may be given to a worker again.
    private(set) var notBefore = ContinuousClock.now
    private var refusals = 0

    init(_ cell: SweepCell, _ cost: CellCost) { (self.cell, self.cost) = (cell, cost) }

    /// The same, after another process had it: each time twice as long, up to half a minute.
    func later() -> WaitingCell {
        var next = self
        next.refusals += 1
        next.notBefore = .now + .milliseconds(250 << min(refusals, 7))
        return next
    }
}

/// How long to wait before others are looked at again: twice as long each time that nothing has changed.
struct Pause {
    private var milliseconds: Int32 = 200

    mutating func next() -> Int32 {
        defer { milliseconds = min(2 * milliseconds, 5000) }
        return milliseconds
    }
}
