import LinearAlgebra
import Networks

/// Two networks whose units are compared by directions, not by sizes.
extension UnitGroups {
    /// Gives every unit that can be rescaled an incoming weight vector, bias included, of one length, and multiplies what
    /// leaves it by what was divided out. Both networks compute what they did.
    ///
    /// The length is the root mean square over the units of both, so that layers stay as large as they were. Group after
    /// group from the inputs on; where outputs of layers are added, the first of these layers is measured. A unit that reads
    /// nothing stays as it is.
    /// Cost: P numbers a group.
    package func balanced(_ a: ParameterVector<Double>, _ b: ParameterVector<Double>) -> (
        ParameterVector<Double>, ParameterVector<Double>
    ) {
        var (a, b) = (a, b)
        for g in groups.indices where groups[g].symmetry.contains(.scale) {
            let lengths = [incomingLengths(of: g, a), incomingLengths(of: g, b)]
            let squares = lengths.joined().map { $0 * $0 }
            let common = (squares.reduce(0, +) / Double(max(squares.count, 1))).squareRoot()
            func map(_ lengths: [Double]) -> [UnitMap] {
                let factors = lengths.map { length in
                    let factor = common / length
                    return factor.isFinite && factor > 0 ? factor : 1
                }
                return maps(UnitMap(sources: Array(factors.indices), factors: factors), of: g)
            }
            (a, b) = (applying(map(lengths[0]), to: a), applying(map(lengths[1]), to: b))
        }
        return (a, b)
    }

    /// ‖(w_k, b_k)‖ of each unit k, in the first layer that makes the group.
    package func incomingLengths(of group: Int, _ w: ParameterVector<Double>) -> [Double] {
        var squares = Array(repeating: 0.0, count: groups[group].count)
        for tensor in tensors where tensor.rows == group && tensor.entry.tensor.layer == groups[group].name {
            let columns = tensor.shape.columns
            for k in squares.indices {
                let row = w.base + tensor.entry.offset + k * columns
                squares[k] += Double.dot(columns, row, row)
            }
        }
        return squares.map { $0.squareRoot() }
    }
}
