import Networks

/// Units of a network that have one order: neurons of a dense layer, channels of a convolution, or those of several layers
/// whose outputs are added.
///
/// In another order, with the weights into them and out of them in that order too, the network computes the same function.
package struct UnitGroup: Sendable {
    /// The layer whose outputs they are first.
    package let name: String
    package let count: Int
    /// What all that is done to them before the next weights commutes with.
    package let symmetry: ChannelSymmetry
}

/// A tensor as a matrix [rows, columns], with what its rows and its columns are.
///
/// Weights have their outputs as rows, biases are one column. Of a column only its place modulo the number of units counts:
/// kernels end with the channels that they read, and so do flattened images.
package struct UnitTensor: Sendable {
    package let entry: ParameterLayout.Entry
    /// Index of the group that the rows are; nil for outputs, whose order is given.
    package let rows: Int?
    /// The same of the columns; nil for inputs.
    package let columns: Int?

    /// The matrix.
    package var shape: (rows: Int, columns: Int) {
        let rows = entry.tensor.shape[0]
        return (rows, entry.tensor.count / max(rows, 1))
    }
}

/// Networks whose units can't be matched, in words for their author.
package struct AlignmentError: Error, CustomStringConvertible, Sendable {
    package let description: String

    static func sparse(_ layer: String) -> AlignmentError {
        AlignmentError(
            description: "layer \(layer) is sparse: in another order of its units its zeros would be at other places")
    }
}
