import LinearAlgebra
import StationaryPoints

/// A number with its standard error, which is 0 where the number is exact.
package struct Measured: Sendable, Equatable {
    package let value: Double
    package let standardError: Double

    package init(_ value: Double, standardError: Double = 0) {
        (self.value, self.standardError) = (value, standardError)
    }

    /// ‖v‖ of a vector that is known with errors e: noise makes ‖v‖² longer by Σ e² on average, which is taken away again, down to 0 at most.
    ///
    /// The standard error is √(Σ e²): ‖v‖ can't move more than v, so that it is never too small, and up to √d times as large as it has to be.
    static func length(of v: [Double], errors: [Double]) -> Measured {
        let noise = Double.dot(errors.count, errors, errors)
        return Measured(max(Double.dot(v.count, v, v) - noise, 0).squareRoot(), standardError: noise.squareRoot())
    }

    /// Its absolute value.
    var magnitude: Measured { signed(as: value) }

    /// It, or its negative where a number is negative.
    func signed(as number: Double) -> Measured {
        number < 0 ? Measured(-value, standardError: standardError) : self
    }

    var isFinite: Bool { value.isFinite && standardError.isFinite }
}

extension RiskEstimate {
    /// J.
    var risk: Measured { Measured(value, standardError: standardError) }
    /// ‖∇J‖.
    var slope: Measured { .length(of: gradient, errors: gradientErrors) }

    /// J_n − J, of what J_n is at the same weights.
    func gap(of sample: StationarySearch.Place) -> Measured {
        Measured(sample.value - value, standardError: standardError)
    }

    /// ‖∇J_n − ∇J‖.
    func gradientGap(of sample: StationarySearch.Place) -> Measured {
        .length(of: zip(sample.gradient, gradient).map { $0 - $1 }, errors: gradientErrors)
    }
}
