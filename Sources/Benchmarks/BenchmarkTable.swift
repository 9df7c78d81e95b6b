import Console
import Foundation

/// The rows of a benchmark, printed one after another: each column with its number of a row.
///
/// What says least is left out where there is no room; JSON has all of it.
package struct BenchmarkTable<Row: Encodable & Sendable>: Sendable {
    private let columns: [(column: TextTable.Column, text: @Sendable (Row) -> String)]

    package init(_ columns: [(column: TextTable.Column, text: @Sendable (Row) -> String)]) { self.columns = columns }

    private var table: TextTable { TextTable(columns.map(\.column)) }

    package func titles(width: Int) -> [String] { table.titles(width: width) }

    package func lines(of row: Row, width: Int) -> [String] {
        table.lines(of: columns.map { $0.text(row) }, width: width)
    }
}

private func milliseconds(_ seconds: Double) -> String { String(format: "%.3f", seconds * 1e3) }
private func megabytes(_ bytes: Int) -> String { String(format: "%.0f", Double(bytes) / 1e6) }
private func rate(_ gflops: Double) -> String { String(format: "%.1f", gflops) }

extension GEMMBenchmark {
    package static let table = BenchmarkTable<Row>([
        (.text("dtype", width: 7), { $0.precision }), (.number("n", width: 6), { "\($0.size)" }),
        (.number("median ms", width: 10), { milliseconds($0.medianSeconds) }),
        (.number("GFLOP/s", width: 8), { rate($0.gflops) }), (.number("best", width: 8), { rate($0.bestGflops) }),
    ])
}

extension WorkBenchmark {
    package static let table = BenchmarkTable<Row>([
        (.text("work", least: 20, width: 36), { $0.work }), (.text("dtype", width: 7), { $0.precision }),
        (.number("median ms", isOptional: true, width: 9), { milliseconds($0.medianSeconds) }),
        (.number("least ms", width: 9), { milliseconds($0.leastSeconds) }),
        (.number("GFLOP/s", width: 7), { rate($0.flops / $0.leastSeconds / 1e9) }),
        (.number("of peak", width: 7), { String(format: "%.0f %%", 100 * $0.peakShare) }),
        (.number("GB/s", isOptional: true, width: 6), { rate($0.bytes / $0.leastSeconds / 1e9) }),
    ])
}

extension TrainingBenchmark {
    package static let table = BenchmarkTable<Row>([
        (.text("network", width: 7), { $0.network }), (.text("dtype", width: 7), { $0.precision }),
        (.number("batch", width: 5), { "\($0.batch)" }), (.number("width", width: 5), { "\($0.width)" }),
        (.number("depth", width: 5), { "\($0.depth)" }),
        (.number("median ms", width: 9), { milliseconds($0.medianSeconds) }),
        (.number("GFLOP/s", width: 7), { rate($0.gflops) }), (.number("GEMM", width: 7), { rate($0.gemmGflops) }),
        (.number("share", width: 5), { String(format: "%.2f", $0.gemmShare) }),
        (.number("peak MB", isOptional: true, width: 7), { megabytes($0.peakMemoryBytes) }),
        (.number("least ms", isOptional: true, width: 9), { milliseconds($0.leastSeconds) }),
        (.number("idle MB", isOptional: true, width: 7), { megabytes($0.idleMemoryBytes) }),
        (.number("needed MB", isOptional: true, width: 9), { megabytes($0.neededBytes) }),
    ])
}

extension KernelBenchmark {
    package static let table = BenchmarkTable<Row>([
        (.text("network", width: 7), { $0.network }), (.text("dtype", width: 7), { $0.precision }),
        (.text("outputs", width: 7), { $0.outputs }), (.number("n", width: 5), { "\($0.samples)" }),
        (.number("K", width: 4), { "\($0.classes)" }), (.number("width", width: 5), { "\($0.width)" }),
        (.number("depth", width: 5), { "\($0.depth)" }),
        (.number("median ms", width: 9), { milliseconds($0.medianSeconds) }),
        (.number("share", width: 5), { String(format: "%.2f", $0.boundShare) }),
        (.number("GFLOP/s", isOptional: true, width: 7), { rate($0.gflops) }),
        (.number("GEMM", isOptional: true, width: 7), { rate($0.gemmGflops) }),
        (.number("peak MB", isOptional: true, width: 7), { megabytes($0.peakMemoryBytes) }),
        (.number("least ms", isOptional: true, width: 9), { milliseconds($0.leastSeconds) }),
    ])
}

extension SpectrumBenchmark {
    package static let table = BenchmarkTable<Row>([
        (.text("network", width: 7), { $0.network }), (.text("dtype", width: 7), { $0.precision }),
        (.number("n", width: 5), { "\($0.samples)" }), (.number("width", width: 5), { "\($0.width)" }),
        (.number("depth", width: 5), { "\($0.depth)" }), (.number("steps", width: 5), { "\($0.lanczosSteps)" }),
        (.number("median s", width: 8), { String(format: "%.3f", $0.medianSeconds) }),
        (.number("least s", width: 7), { String(format: "%.3f", $0.leastSeconds) }),
        (.number("gradients", width: 9), { String(format: "%.2f", $0.productOverGradient) }),
        (.number("GFLOP/s", isOptional: true, width: 7), { rate($0.gflops) }),
        (.number("GEMM", isOptional: true, width: 7), { rate($0.gemmGflops) }),
        (.number("peak MB", isOptional: true, width: 7), { megabytes($0.peakMemoryBytes) }),
        (.number("needed MB", isOptional: true, width: 9), { megabytes($0.neededBytes) }),
    ])
}

extension CheckpointBenchmark.Row {
    /// For a terminal.
    package var words: String {
        String(
            format: "%.0f MB  write %.3f s (%.0f MB/s, %.0f %% of a plain write: %.3f s)  read %.3f s", megabytes,
            writeSeconds, writeMegabytesPerSecond, 100 * shareOfDisk, plainWriteSeconds, readSeconds)
    }
}

extension SweepBenchmark.Row {
    /// For a terminal.
    package var words: String {
        String(
            format: "%d cells, %d processes  wall %.1f s  training %.1f s  %.3f times training/processes  "
                + "%.0f ms a cell beside training, %.0f of it the sweep's own", cells, processes, wallSeconds,
            trainingSeconds, ratio, overheadMilliseconds, ownMilliseconds)
    }
}
