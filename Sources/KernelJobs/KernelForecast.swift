import Execution

/// What a kernel job would do.
package struct KernelForecast: Encodable, Sendable {
    package let layers: [LayerCost]
    /// Rows and columns, and bytes of the whole.
    package let shape: [Int]
    package let bytes: Double
    /// Of the passes through the network, beside those of the layers.
    package let passFlops: Double
    package let tiles: Int
    /// Samples of a side of a tile, and tiles that are kept at once.
    let tileSamples: Int
    let strip: Int
    /// Most that the process takes.
    package let memoryBytes: Int

    /// For a terminal.
    package func lines(columns: Int) -> [String] {
        LayerCost.lines(layers, columns: columns) + [
            "kernel      [\(shape[0]), \(shape[1])], \(engineering(bytes))B",
            "passes      \(engineering(passFlops))flop beside",
            "tiles       \(tiles), of \(tileSamples) samples, \(strip) kept at once",
            "memory      \(memoryBytes >> 20) MiB at most",
        ]
    }
}
