import Console
import Foundation
import HDF5
import LinearAlgebra
import Networks
import Runs
import Statistics
import TangentKernels

/// What there is to say of a kernel once it is made.
package struct KernelSummary: Encodable, Sendable {
    package struct Number: Encodable, Sendable {
        package let value: Double
        package let error: Double
        /// Of the smallest eigenvalue: whether it is told from its error.
        let isResolved: Bool
    }

    /// The file that holds it.
    package let file: String
    package let step: Int
    package let outputs: String
    package let precision: String
    /// Rows and columns.
    package let shape: [Int]
    /// Nil where the kernel has no spectrum, or was complete before.
    var lambdaMax: Number?
    var lambdaMin: Number?
    package var definiteness: String?
    /// Nil where all eigenvalues are known.
    package var lanczosSteps: Int?
    /// Of the trace, by layer in their order.
    package var layers: [Layer]?
    /// Why there is no spectrum.
    package var remark: String?
    /// What the errors leave out; nil where it is nothing.
    package var caveat: String?

    package struct Layer: Encodable, Sendable {
        package let name: String
        package let share: Double
    }

    /// For a terminal.
    package func lines(columns: Int) -> [String] {
        guard let lambdaMax, let lambdaMin, let definiteness else { return remark.map { [$0] } ?? [] }
        let remedy = precision == Precision.float32.rawValue && caveat == nil ? "; try --precision float64" : ""
        let isEnd = lanczosSteps != nil
        let shares = (layers ?? []).map { String(format: "%@ %.1f %%", $0.name, 100 * $0.share) }
        return [
            "λ_max   \(isEnd ? "≥ " : "  ")" + Self.shown(lambdaMax),
            lambdaMin.isResolved
                ? "λ_min   \(isEnd ? "≤ " : "  ")" + Self.shown(lambdaMin)
                : String(
                    format: "λ_min     can't tell in %@: %.3g ± %.1g%@", precision, lambdaMin.value, lambdaMin.error,
                    remedy),
            "spectrum  " + (lanczosSteps.map { "both ends by \($0) steps of Lanczos" } ?? "all eigenvalues"),
            "kernel is \(definiteness)",
        ] + (caveat.map { labelled("errors    ", $0, columns: columns) } ?? [])
            + (shares.isEmpty ? [] : labelled("layers    ", shares.joined(separator: ", "), columns: columns))
    }

    private static func shown(_ number: Number) -> String {
        String(format: "%.8g ± %.1g", number.value, number.error)
    }
}

extension KernelSummary {
    package init(file: String, _ kernel: KernelDescription) {
        self.init(
            file: file, step: kernel.step, outputs: kernel.outputs.rawValue, precision: kernel.precision.rawValue,
            shape: [kernel.rowCount, kernel.columnCount])
    }

    /// That of a file which was made before.
    package init(reading path: String, _ kernel: KernelDescription, remark: String) throws {
        self.init(file: path, kernel)
        self.remark = remark
        let file = try HDF5File(reading: path)
        func number(_ name: String) throws -> Number? {
            guard let value = try file.number(name, of: "/"), let error = try file.number(name + "_error", of: "/")
            else {
                return nil
            }
            return Number(value: value, error: error, isResolved: abs(value) > error)
        }
        (lambdaMax, lambdaMin) = try (number("lambda_max"), number("lambda_min"))
        definiteness = try file.string("definiteness", of: "/")
        lanczosSteps = try file.string("spectrum", of: "/").flatMap { text in
            text.hasPrefix("Lanczos, ") ? text.split(separator: " ").dropFirst().first.flatMap { Int($0) } : nil
        }
    }

    /// One line of several kernels: step, both ends of the spectrum, and what kind of matrix it is.
    package var row: [String] {
        func shown(_ number: Number?) -> String {
            number.map { String(format: "%.6g ± %.1g", $0.value, $0.error) } ?? "–"
        }
        let isEnd = lanczosSteps != nil
        let least = lambdaMin?.isResolved == false ? "can't tell: " : isEnd ? "≤ " : ""
        return [
            "\(step)", least + shown(lambdaMin), (isEnd ? "≥ " : "") + shown(lambdaMax), definiteness ?? remark ?? "–",
        ]
    }

    /// What there is to say of several kernels: a row each.
    package static func lines(_ kernels: [KernelSummary], columns: Int) -> [String] {
        TextTable(
            [.number("step"), .text("λ_min"), .text("λ_max"), .text("the kernel is")], kernels.map(\.row)
        ).lines(width: columns) + [""] + kernels.map { "file      \($0.file)" }
    }

    /// The ends of the spectrum, and what each layer adds to the trace.
    package mutating func tell(_ spectrum: KernelSpectrum, layers names: [String], traces: [Double]) {
        let total = traces.reduce(0, +)
        lambdaMax = Number(value: spectrum.largest.value, error: spectrum.largest.error, isResolved: true)
        lambdaMin = Number(
            value: spectrum.smallest.value, error: spectrum.smallest.error,
            isResolved: spectrum.arithmeticError != nil && spectrum.resolvedSmallest != nil)
        if spectrum.arithmeticError == nil {
            caveat = "are the solver's alone: the file does not say what the kernel's own arithmetic may be off by"
        }
        definiteness = spectrum.definiteness.rawValue
        lanczosSteps = spectrum.lanczosSteps
        layers = zip(names, traces).map { Layer(name: $0, share: $1 / total) }
    }
}
