import Files
import LinearAlgebra
import Networks

extension ParameterVector {
    /// The same weights in float64.
    /// - Parameter what: whose they are, for the message.
    /// - Throws: `LabError` where one is not finite.
    package func widened(_ what: String) throws -> ParameterVector<Double> {
        let wide = ParameterVector<Double>(layout)
        convert(count, base, wide.base)
        guard (0..<count).allSatisfy({ wide.base[$0].isFinite }) else {
            throw LabError("\(what): expected finite numbers, found others: the run diverged")
        }
        return wide
    }
}
