import HDF5
import Runs
import StationaryPoints

/// The end points that a job has, each in a file of its own.
extension JobParts {
    private func name(_ start: Int) -> String { "start-\(start).h5" }

    func keep(_ end: EndPoint, _ start: Int) throws {
        try HDF5Writer.write(to: path(name(start))) { file in
            try file.dataset("/w", end.place.w)
            try file.dataset("/gradient", end.place.gradient)
            for (name, value) in [
                ("value", end.place.value), ("scale", end.scale), ("flatness", end.flatness.index),
                ("kink_margin", end.kink?.margin ?? .nan),
            ] { try file.attribute(name, value) }
            try file.attribute("steps", end.steps)
            try file.attribute("is_flatness_exact", end.flatness.isExact ? 1 : 0)
            try file.attribute("is_at_kink", end.kink.map { $0.isNear ? 1 : 0 } ?? -1)
            try file.attribute("stop", end.stop.rawValue)
            try file.attribute("verdict", end.verdict.rawValue)
            guard let spectrum = end.spectrum else { return }
            try file.dataset("/eigenvalues", spectrum.eigenvalues)
            try file.dataset("/spectrum", spectrum.numbers)
        }
    }

    /// Where a start led, as it was kept; nil where it was not, and for a file that is damaged.
    func endPoint(_ start: Int) throws -> EndPoint? {
        guard let file = try sound(name(start)) else { return nil }
        func numbers(_ name: String) throws -> [Double] {
            try file.read(name, as: Double.self, limit: 1 << 28).values
        }
        func number(_ name: String) throws -> Double { try file.required(name, file.number(name, of: "/")) }
        func integer(_ name: String) throws -> Int { try file.required(name, file.integer(name, of: "/")) }
        guard let stop = try file.string("stop", of: "/").flatMap(StationarySearch.Stop.init),
            let verdict = try file.string("verdict", of: "/").flatMap(EndPoint.Verdict.init)
        else { return nil }
        var spectrum: HessianSpectrum?
        if file.contains("/eigenvalues") {
            spectrum = HessianSpectrum(eigenvalues: try numbers("/eigenvalues"), numbers: try numbers("/spectrum"))
            if spectrum == nil { return nil }
        }
        let isAtKink = try integer("is_at_kink")
        return EndPoint(
            place: StationarySearch.Place(
                w: try numbers("/w"), value: try number("value"), gradient: try numbers("/gradient")),
            scale: try number("scale"), steps: try integer("steps"), stop: stop,
            flatness: Flatness(index: try number("flatness"), isExact: try integer("is_flatness_exact") == 1),
            spectrum: spectrum,
            kink: isAtKink < 0 ? nil : Kink(margin: try number("kink_margin"), isNear: isAtKink == 1), verdict: verdict)
    }
}

extension HessianSpectrum {
    /// All but the eigenvalues.
    fileprivate var numbers: [Double] {
        [frobeniusNorm, rounding, threshold, newtonStep, gradientInKernel, stepRounding, flatness]
    }

    fileprivate init?(eigenvalues: [Double], numbers: [Double]) {
        guard numbers.count == 7 else { return nil }
        self.init(
            eigenvalues: eigenvalues, frobeniusNorm: numbers[0], rounding: numbers[1], threshold: numbers[2],
            newtonStep: numbers[3], gradientInKernel: numbers[4], stepRounding: numbers[5], flatness: numbers[6])
    }
}
