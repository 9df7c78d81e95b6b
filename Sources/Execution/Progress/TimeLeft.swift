import RealModule
import Training

/// How long a descent will still take, from the contraction of its loss and the speed of its steps so far.
///
/// Both are measured over the second half of its steps: −ln F falls the slower the longer a descent goes on, since fast
/// modes go first, and steps that are measured take longer than others. What is left is what is left to the loss that ends the run,
///
///     Δt = Δstep ln(F / F_goal) / ln(F_half / F)
///
/// or to the last step, or the last minute, whichever comes first.
package struct TimeLeft {
    /// The loss that ends the run; nil where none does.
    package let goal: Double?
    /// The most steps.
    package let steps: Int
    /// The most time, in seconds since this part of the run began.
    package let limit: Double?

    private typealias Moment = (step: Int, loss: Double, seconds: Double)
    private var moments: [Moment] = []
    private static let mostMoments = 512

    package init(goal: Double? = nil, steps: Int, limit: Double? = nil) {
        self.goal = goal
        self.steps = steps
        self.limit = limit
    }

    /// Remembers where the run stands; of many moments every second one is kept.
    package mutating func record(step: Int, loss: Double, seconds: Double) {
        guard moments.last.map({ $0.step < step }) ?? true else { return }
        moments.append((step, loss, seconds))
        guard moments.count > Self.mostMoments else { return }
        moments = moments.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    }

    /// Seconds that are left, whether they are those to the goal or only a limit, and those of a step; nil before two
    /// moments.
    package var estimate: (seconds: Double, isLimit: Bool, pace: Double)? {
        guard let first = moments.first, let last = moments.last, last.step > first.step else { return nil }
        let half = moments.last { last.step - $0.step >= (last.step - first.step + 1) / 2 } ?? first
        let pace = (last.seconds - half.seconds) / Double(last.step - half.step)
        var most = Double(max(steps - last.step, 0)) * pace
        if let limit { most = min(most, max(limit - last.seconds, 0)) }
        guard let goal, let left = Self.stepsLeft(to: goal, from: half, last), left * pace < most else {
            return (most, true, pace)
        }
        return (left * pace, false, pace)
    }

    private static func stepsLeft(to goal: Double, from half: Moment, _ last: Moment) -> Double? {
        guard goal > 0, last.loss > 0, half.loss > last.loss else { return nil }
        let fall = Double.log(half.loss / last.loss) / Double(last.step - half.step)
        let left = max(Double.log(last.loss / goal), 0) / fall
        return left.isFinite ? left : nil
    }
}
