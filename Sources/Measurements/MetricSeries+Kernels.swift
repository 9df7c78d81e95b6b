extension MetricSeries {
    /// The smallest eigenvalues of the kernels on their range, and their errors; infinite where none is known.
    package var rangeEigenvalues: (values: [Double], errors: [Double]) {
        // Runs of earlier versions know λ_min alone.
        let column: MetricFamily = known(.kernelLambdaRange).isEmpty ? .kernelLambdaMin : .kernelLambdaRange
        return (self[column], self[.kernelLambdaError].map { $0 >= 0 ? $0 : .infinity })
    }

    /// The least of them less its error; nil where no kernel has one above its error.
    package var leastRangeEigenvalue: Double? {
        let (values, errors) = rangeEigenvalues
        return zip(values, errors).map { $0 - $1 }.filter { $0 > 0 }.min()
    }
}
