extension Model {
    /// Roundings on the longest way from the weights to an output and back: lengths of all sums that follow one another.
    package var chainLength: Int {
        kernelParts.reduce(1) { sum, next in
            let places = extent(next.stage, rows: 1).outputs / next.part.channels
            return sum + next.part.patch + next.part.reverseTerms + places + next.part.patch
        }
    }
}
