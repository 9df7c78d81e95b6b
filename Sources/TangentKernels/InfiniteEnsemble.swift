import LinearAlgebra

/// Mean and covariance, over initializations, of a network of infinite width trained on the squared loss.
///
/// With Θ the kernel that the training follows and K the nngp (Lee et al. 2019, eqs. 15-16); where only the last
/// layer is trained, Θ = K.
public struct InfiniteEnsemble {
    /// [m, K] and [m, m] at the test samples.
    public let mean: MatrixBuffer<Double>
    /// The covariance of each output over initializations, [m, m].
    public let covariance: MatrixBuffer<Double>

    /// - Parameters:
    ///   - theta: Θ of the training samples [n, n] and of test with training [m, n].
    ///   - nngp: K of training with themselves [n, n], of test with training [m, n], of test [m, m].
    ///   - targets: y [n, K].
    ///   - time: of the gradient flow of ½‖f − y‖².
    /// - Returns: nil where Θ has no eigendecomposition.
    public init?(
        theta: (train: MatrixBuffer<Double>, testTrain: MatrixBuffer<Double>),
        nngp: (train: MatrixBuffer<Double>, testTrain: MatrixBuffer<Double>, test: MatrixBuffer<Double>),
        targets: MatrixBuffer<Double>,
        time: Double
    ) {
        let n = targets.rows
        let m = theta.testTrain.rows
        let kernel = MatrixBuffer(n, n, theta.train.entries)
        guard
            let descent = LinearizedDescent(
                destroying: kernel, residual: MatrixBuffer(n, targets.columns, targets.entries))
        else { return nil }
        mean = MatrixBuffer(m, targets.columns)
        MatrixBuffer.product(theta.testTrain, .no, descent.response(.flow(time)), .no, into: mean)
        // A = Θ_* Θ⁻¹ (I − e^(−Θt)); covariance = K_** + A K Aᵀ − A K_*ᵀ − K_* Aᵀ.
        let transposed = MatrixBuffer<Double>(n, m)
        for i in 0..<m { for j in 0..<n { transposed[j, i] = theta.testTrain[i, j] } }
        let a = descent.apply(.flow(time), { $1 }, to: transposed)
        covariance = MatrixBuffer(m, m, nngp.test.entries)
        let ka = MatrixBuffer<Double>(n, m)
        MatrixBuffer.product(nngp.train, .no, a, .no, into: ka)
        MatrixBuffer.product(a, .yes, ka, .no, beta: 1, into: covariance)
        MatrixBuffer.product(a, .yes, nngp.testTrain, .yes, alpha: -1, beta: 1, into: covariance)
        MatrixBuffer.product(nngp.testTrain, .no, a, .no, alpha: -1, beta: 1, into: covariance)
    }
}
