import CLBFGSB
import LinearAlgebra

/// Why a search for the largest value in a box ended.
package enum SearchEnding: String, Sendable {
    /// All iterations that it may make are made.
    case iterations = "iterations used up"
    /// The gradient points out of the box or vanishes, to the last digit.
    case stationary = "no way into the box leads up"
    /// An iteration gained nothing.
    case settled = "the last iteration gained nothing"
    /// A line search found no higher point along its direction.
    case lineSearch = "a line search found no higher point"
    /// The function or its gradient is not finite somewhere in the box; what was found before stands.
    case notFinite = "the loss or its gradient is not finite at a point of the box"
}

/// The largest value of a function that a search found in a box, beside that in the middle, where it began.
package struct BoxMaximum {
    /// h(0).
    package let start: Double
    /// The largest h(z) of all points that were looked at: max h is no smaller.
    package let value: Double
    /// z, [n].
    package let point: MatrixBuffer<Double>
    package let iterations: Int
    /// Values of the function with their gradients, the first one included.
    package let evaluations: Int
    package let ending: SearchEnding
}

/// L-BFGS-B refused a search.
package struct SearchError: Error, CustomStringConvertible {
    package let description: String
}

/// Looks for max h(z) over |z_i| ≤ b_i by a few iterations of L-BFGS-B from z = 0 (Keskar et al. 2017, section 2.2.2).
///
/// What it finds is h at some point of the box, and so a lower bound of the maximum. No tolerance ends it.
/// Cost: a value with its gradient for each step of a line search, mostly one or two an iteration and 20 at most.
/// Memory: `numbersEach` n numbers.
package struct BoxSearch: Sendable {
    /// The most iterations, 1 or more.
    package let iterations: Int

    /// Pairs of steps and changes of the gradient that are remembered, as in SciPy.
    private static let corrections: Int32 = 10
    /// The most variables that the library can count.
    package static let mostVariables = Int(lbfgsb_most_variables(corrections))
    /// Numbers that a search holds for each variable, halves of integers included.
    package static let numbersEach = 2 * Int(corrections) + 5 + 2 + 4

    package init(iterations: Int) { self.iterations = iterations }

    /// - Parameters:
    ///   - bounds: b, [n], not negative.
    ///   - h: its value at z, [n], with the gradient, [n], into memory that is there.
    /// - Throws: `SearchError` where the library refuses to begin, or says what is not known here.
    package func maximum(
        within bounds: MatrixBuffer<Double>,
        _ h: (_ z: UnsafePointer<Double>, _ gradient: UnsafeMutablePointer<Double>) -> Double
    ) throws -> BoxMaximum {
        let n = bounds.count
        guard (1...Self.mostVariables).contains(n) else {
            throw SearchError(description: "L-BFGS-B: expected 1 to \(Self.mostVariables) variables, found \(n)")
        }
        guard let search = lbfgsb_create(Int32(n), Self.corrections) else {
            throw SearchError(description: "L-BFGS-B: no memory for \(n) variables")
        }
        defer { lbfgsb_free(search) }
        var run = Run(search, bounds)
        while run.ending == nil { try run.advance(most: iterations, h) }
        return run.result
    }
}

/// One search while it goes on, for the least −h.
private struct Run {
    private let search: OpaquePointer
    private let (lower, upper): (MatrixBuffer<Double>, MatrixBuffer<Double>)
    private let (z, gradient, best): (MatrixBuffer<Double>, MatrixBuffer<Double>, MatrixBuffer<Double>)
    private var last = 0.0
    private var start = Double.nan
    private var value = -Double.infinity
    private var (iterations, evaluations) = (0, 0)
    private(set) var ending: SearchEnding?

    init(_ search: OpaquePointer, _ bounds: MatrixBuffer<Double>) {
        self.search = search
        upper = bounds
        lower = MatrixBuffer(1, bounds.count)
        Double.axpby(bounds.count, -1, bounds.base, 0, lower.base)
        (z, gradient, best) = (
            MatrixBuffer(1, bounds.count), MatrixBuffer(1, bounds.count), MatrixBuffer(1, bounds.count)
        )
    }

    mutating func advance(most: Int, _ h: (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Double) throws {
        switch Int(lbfgsb_advance(search, z.base, lower.base, upper.base, -last, gradient.base)) {
        case LBFGSB_EVALUATE: evaluate(h)
        case LBFGSB_ITERATED:
            iterations += 1
            if iterations >= most { ending = .iterations }
        default: ending = try Self.ending(String(cString: lbfgsb_words(search)))
        }
    }

    private mutating func evaluate(_ h: (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Double) {
        last = h(z.base, gradient.base)
        evaluations += 1
        if evaluations == 1 { start = last }
        if last.isFinite, last > value {
            value = last
            best.base.update(from: z.base, count: z.count)
        }
        Double.scale(z.count, -1, gradient.base)
        if !last.isFinite || !(0..<z.count).allSatisfy({ gradient.base[$0].isFinite }) { ending = .notFinite }
    }

    /// - Throws: where the library found its arguments wrong, or ended in a way that it doesn't document.
    private static func ending(_ words: String) throws -> SearchEnding {
        let known: [(String, SearchEnding)] = [
            ("CONVERGENCE: NORM_OF_PROJECTED_GRADIENT", .stationary), ("CONVERGENCE: REL_REDUCTION_OF_F", .settled),
            ("ABNORMAL_TERMINATION_IN_LNSRCH", .lineSearch),
        ]
        guard let found = known.first(where: { words.hasPrefix($0.0) }) else {
            throw SearchError(description: "L-BFGS-B: \(words)")
        }
        return found.1
    }

    var result: BoxMaximum {
        BoxMaximum(
            start: start, value: value, point: best, iterations: iterations, evaluations: evaluations,
            ending: ending ?? .iterations)
    }
}
