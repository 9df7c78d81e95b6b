import CLinearAlgebra

/// What one layer gives to a block of a tangent kernel, for the samples i of its rows and j of its columns.
///
/// The gradient of output a at sample i is Σ_p d[i][a][p] x[i][p]ᵀ over the places p of the layer's output that
/// share its weight: one place in a dense layer, the pixels of a convolution. Without x it is d itself.
public struct TangentFactor<S> {
    /// [samples, places, xLength]; nil for none.
    public var x: (rows: UnsafePointer<S>, columns: UnsafePointer<S>)?
    /// [samples, outputs, places, dLength].
    public var d: (rows: UnsafePointer<S>, columns: UnsafePointer<S>)
    /// Places of the output that share the weight.
    public var places: Int
    /// Numbers that the weight meets at a place.
    public var xLength: Int
    /// Numbers of a cotangent at a place.
    public var dLength: Int
    /// Factor of x·x, and what is added to it: s² of a weight and s_b² of a bias.
    public var scale: S
    /// What is added to scale x·x: s_b² of a bias.
    public var constant: S

    /// A factor over borrowed memory, which has to stay in place while the kernel is made.
    public init(
        x: (rows: UnsafePointer<S>, columns: UnsafePointer<S>)?, d: (rows: UnsafePointer<S>, columns: UnsafePointer<S>),
        places: Int, xLength: Int, dLength: Int, scale: S, constant: S
    ) {
        self.x = x
        self.d = d
        self.places = places
        self.xLength = xLength
        self.dLength = dLength
        self.scale = scale
        self.constant = constant
    }
}

/// The kernel from which tangent kernels are made, in the manner of `Scalar`.
public protocol TangentProducts {
    /// kernel[(i, a)][(j, b)] ← Σ over factors and places p, q of (scale x_ip·x_jq + constant) d_iap·d_jbq.
    ///
    /// - Parameter isSymmetric: whether rows and columns are the same samples: half the work, and exactly
    ///   symmetric.
    static func tangentKernel(
        _ factors: [TangentFactor<Self>], outputs: Int, rows: Int, columns: Int, isSymmetric: Bool,
        into kernel: UnsafeMutablePointer<Self>, leading: Int)
}

extension Float: TangentProducts {
    public static func tangentKernel(
        _ factors: [TangentFactor<Float>], outputs: Int, rows: Int, columns: Int, isSymmetric: Bool,
        into kernel: UnsafeMutablePointer<Float>, leading: Int
    ) {
        let raw = factors.map {
            la_tangent_factor_f32(
                x_rows: $0.x?.rows, x_columns: $0.x?.columns, d_rows: $0.d.rows, d_columns: $0.d.columns,
                places: $0.places, x_length: $0.xLength, d_length: $0.dLength, scale: $0.scale, constant: $0.constant)
        }
        checkScratch(
            la_tangent_kernel_f32(raw, raw.count, outputs, rows, columns, isSymmetric ? 1 : 0, kernel, leading))
    }
}

extension Double: TangentProducts {
    public static func tangentKernel(
        _ factors: [TangentFactor<Double>], outputs: Int, rows: Int, columns: Int, isSymmetric: Bool,
        into kernel: UnsafeMutablePointer<Double>, leading: Int
    ) {
        let raw = factors.map {
            la_tangent_factor_f64(
                x_rows: $0.x?.rows, x_columns: $0.x?.columns, d_rows: $0.d.rows, d_columns: $0.d.columns,
                places: $0.places, x_length: $0.xLength, d_length: $0.dLength, scale: $0.scale, constant: $0.constant)
        }
        checkScratch(
            la_tangent_kernel_f64(raw, raw.count, outputs, rows, columns, isSymmetric ? 1 : 0, kernel, leading))
    }
}
