import LinearAlgebra

/// Descends on ‖∇f‖ from a start to a point where it is (nearly) 0, whatever its index.
///
/// - `newtonMR`: p the shortest least-squares solution of H p = −g (`minimumLengthSolution`), first with a = 1, then
/// back.
/// - `gradientNormDescent`: p = −H g, the gradient of ½‖g‖² with its sign turned.
///
/// A step a is taken where ‖g(w + a p)‖² ≤ ‖g‖² + 2 ρ a ⟨H p, g⟩; else a is halved. Newton's next begins
/// with twice the last, descent's with the secant length of Barzilai and Borwein.
/// Both may end where ‖g‖ itself has a minimum: `EndPoint` tells.
/// Sources: Roosta, Liu, Xu, Mahoney 2018 (arXiv:1810.00303), algorithm 1; Frye et al. 2021, Neural Computation 33(6),
/// 1469.
package struct StationarySearch: Sendable {
    package enum Method: String, Sendable, CaseIterable {
        case newtonMR = "newton-mr"
        case gradientNormDescent = "gradient-norm"
    }
    package var method: Method
    /// For ‖g‖ over its scale, 1 + ‖g(start)‖.
    package var tolerance = 1e-10
    package var maximumSteps: Int
    /// ρ of the line search.
    package static let decrease = 1e-4

    package init(_ method: Method, maximumSteps: Int) {
        (self.method, self.maximumSteps) = (method, maximumSteps)
    }

    /// Why a search ended.
    package enum Stop: String, Sendable {
        case converged
        case noProgress = "no progress"
        case stepLimit = "step limit"
        case nonFinite = "not finite"
    }

    /// Where a search ended.
    package struct End: Sendable {
        package internal(set) var place: Place
        /// 1 + ‖g(start)‖.
        package let scale: Double
        package fileprivate(set) var steps = 0
        package fileprivate(set) var stop = Stop.stepLimit
        /// How many steps of Newton's in a row, from where the gradient was small, were each half the last or shorter.
        package fileprivate(set) var contractions = 0
        /// Whether they went on to contract as long as anybody looked.
        var contracts: Bool { contractions == StationarySearch.mostContractions }
    }

    /// A point with f and ∇f there.
    package struct Place: Sendable {
        package let w: [Double]
        package let value: Double
        package let gradient: [Double]
        package var gradientNorm: Double { norm(gradient) }

        package init<F: TwiceDifferentiable>(_ f: F, _ w: [Double]) {
            self.w = w
            (value, gradient) = f.gradient(at: w)
        }

        /// One that was found before.
        package init(w: [Double], value: Double, gradient: [Double]) {
            (self.w, self.value, self.gradient) = (w, value, gradient)
        }
    }

    /// The search from one start. Cost of a step: a gradient for each trial, and for Newton-MR up to 2 n + 22 products,
    /// 1,002 at most, for descent one.
    package func end<F: TwiceDifferentiable>(of f: F, from start: [Double]) -> End {
        let first = Place(f, f.moved(start, along: start, by: 0))
        var end = End(place: first, scale: 1 + first.gradientNorm)
        var last: Step?
        while end.steps < maximumSteps {
            guard end.place.gradientNorm.isFinite, end.place.value.isFinite else {
                end.stop = .nonFinite
                return end
            }
            if end.place.gradientNorm <= tolerance * end.scale { break }
            end.steps += 1
            guard let step = step(f, from: end.place, after: last) else {
                end.stop = .noProgress
                return end
            }
            (end.place, last) = (step.place, step)
        }
        if end.place.gradientNorm <= tolerance * end.scale {
            polish(f, &end)
            end.stop = .converged
        }
        return end
    }

    /// A step that was taken: where it led, along what, and how far.
    private struct Step {
        let place: Place
        let p: [Double]
        let length: Double
    }

    /// A step that is taken; nil where no length will do.
    private func step<F: TwiceDifferentiable>(_ f: F, from place: Place, after last: Step?) -> Step? {
        let isNewton = method == .newtonMR
        let (p, slope) = isNewton ? Self.newtonDirection(f, place).step : Self.descentDirection(f, place)
        guard slope < 0 else { return nil }
        let squares = dot(place.gradient, place.gradient)
        func trial(_ a: Double) -> Step? {
            let next = Place(f, f.moved(place.w, along: p, by: a))
            let bound = squares + 2 * Self.decrease * a * slope
            return dot(next.gradient, next.gradient) <= bound && next.value.isFinite
                ? Step(place: next, p: p, length: a) : nil
        }
        if isNewton, let next = trial(1) { return next }
        var a = isNewton ? min(0.5, 2 * (last?.length ?? 0.05)) : last.map { Self.secantLength($0, p) } ?? 0.1
        // A shorter step would leave w as it is.
        let shortest = Double.ulpOfOne * norm(place.w) / norm(p)
        for _ in 0..<60 where a > shortest {
            if let next = trial(a) { return next }
            a /= 2
        }
        return nil
    }

    /// ⟨s, s⟩/⟨s, y⟩ with s the last step and y the change of the gradient of ½‖g‖² in it; twice the last where that is
    /// not positive.
    ///
    /// Source: Barzilai and Borwein 1988, IMA J. Numer. Anal. 8, 141, equation 6.
    private static func secantLength(_ last: Step, _ p: [Double]) -> Double {
        let squares = dot(last.p, last.p)
        let change = squares - dot(last.p, p)
        return change > 0 ? last.length * squares / change : 2 * last.length
    }

    private static let mostContractions = 6

    /// Newton's steps while they at least halve ‖g‖, and the next one is at most half as long: what is left is rounding.
    ///
    /// Where f falls for ever the steps do not become shorter: of e^(−y) each is 1, and divides the gradient by e.
    func polish<F: TwiceDifferentiable>(_ f: F, _ end: inout End) {
        end.contractions = 0
        var p = Self.newtonDirection(f, end.place).p
        while !end.contracts {
            let next = Place(f, f.moved(end.place.w, along: p, by: 1))
            guard next.gradientNorm <= end.place.gradientNorm / 2 else { return }
            let following = Self.newtonDirection(f, next).p
            guard norm(following) <= norm(p) / 2 else { return }
            (end.place, p) = (next, following)
            end.contractions += 1
        }
    }

    private static func descentDirection<F: TwiceDifferentiable>(
        _ f: F, _ place: Place
    ) -> (p: [Double], slope: Double) {
        let product = f.hessian(at: place.w).product(place.gradient)
        return (product.map { -$0 }, -dot(product, product))
    }
}
