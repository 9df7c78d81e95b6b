import LinearAlgebra

/// Mean and covariance, over initializations, of a network of infinite width trained on the squared loss.
///
/// With Θ the kernel that the training follows and K the nngp (Lee et al. 2019, eqs. 15-16); where only the last
/// layer is trained, Θ = K.
public struct InfiniteEnsemble: Sendable {
    /// [m, K] and [m, m] at the test samples.
    public let mean: Matrix<Double>
    /// The covariance of each output over initializations, [m, m].
    public let covariance: Matrix<Double>

    /// - Parameters:
    ///   - theta: Θ of the training samples [n, n] and of test with training [m, n].
    ///   - nngp: K of training with themselves [n, n], of test with training [m, n], of test [m, m].
    ///   - targets: y [n, K].
    ///   - time: of the gradient flow of ½‖f − y‖².
    /// - Returns: nil where Θ has no eigendecomposition.
    public init?(
        theta: (train: Matrix<Double>, testTrain: Matrix<Double>),
        nngp: (train: Matrix<Double>, testTrain: Matrix<Double>, test: Matrix<Double>), targets: Matrix<Double>,
        time: Double
    ) {
        let n = targets.rows
        let m = theta.testTrain.rows
        let kernel = Matrix(n, n, theta.train.entries)
        guard let descent = LinearizedDescent(destroying: kernel, residual: Matrix(n, targets.columns, targets.entries))
        else { return nil }
        mean = Matrix(m, targets.columns)
        Matrix.product(theta.testTrain, .no, descent.response(.flow(time)), .no, into: mean)
        // A = Θ_* Θ⁻¹ (I − e^(−Θt)); covariance = K_** + A K Aᵀ − A K_*ᵀ − K_* Aᵀ.
        let transposed = Matrix<Double>(n, m)
        for i in 0..<m { for j in 0..<n { transposed[j, i] = theta.testTrain[i, j] } }
        let a = descent.apply(.flow(time), { $1 }, to: transposed)
        covariance = Matrix(m, m, nngp.test.entries)
        let ka = Matrix<Double>(n, m)
        Matrix.product(nngp.train, .no, a, .no, into: ka)
        Matrix.product(a, .yes, ka, .no, beta: 1, into: covariance)
        Matrix.product(a, .yes, nngp.testTrain, .yes, alpha: -1, beta: 1, into: covariance)
        Matrix.product(nngp.testTrain, .no, a, .no, alpha: -1, beta: 1, into: covariance)
    }
}
