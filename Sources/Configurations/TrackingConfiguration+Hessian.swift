import Console
import Landscape
import LinearAlgebra
import Training

/// `tracking.hessian`: the ends of the Hessian's spectrum along the run.
extension TrackingConfiguration {
    static func hessian(_ section: ConfigSection) -> HessianSelection {
        var options = HessianOptions()
        options.top = section.integer(
            "top", default: 0, in: 0...1000, "largest eigenvalues of the Hessian that are followed; 0 for none of it")
        options.bottom = section.integer("bottom", default: 0, in: 0...1000, "smallest eigenvalues, beside the largest")
        options.hasTrace = section.flag("trace", default: false, "its trace, from random vectors")
        options.hasDensity = section.flag(
            "density", default: false, "the density of its eigenvalues, with those of both its parts G and R")
        options.lanczosSteps = section.integer(
            "lanczos_steps", default: options.lanczosSteps, in: 2...1000,
            "the most products that find both ends; those of each random vector of the density")
        options.probes = section.integer(
            "probes", default: options.probes, in: 1...1000, "random vectors of trace and density")
        let samples = section.wordOrNumber(
            "samples", default: .word("all"), words: ["all"], in: 1...Double(1 << 24), isInteger: true,
            "first training samples whose loss is taken")
        let precision: RunPrecision = section.choice("precision", default: .run, "arithmetic of the products")
        if options.top == 0, options.bottom > 0 || options.hasTrace || options.hasDensity {
            section.problem("top", "expected at least 1 where bottom, trace or density is asked for, found 0")
        }
        if options.top + options.bottom > options.lanczosSteps {
            section.problem(
                "lanczos_steps",
                "expected at least top + bottom = \(options.top + options.bottom), found \(options.lanczosSteps)")
        }
        return HessianSelection(
            options: options, samples: samples.number.map { Int($0) } ?? .max,
            precision: Precision(rawValue: precision.rawValue), steps: steps(section, perDecade: 6))
    }
}
