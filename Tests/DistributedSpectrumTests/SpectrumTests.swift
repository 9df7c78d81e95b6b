import Foundation
import TestSupport
import Testing

/// Compares files of spectra with NumPy's of the kernel: the worst eigenvalue, orthogonality, residual and stored residual,
/// all relative to the largest eigenvalue; then whether the kernel's own attributes are there.
private let comparison = """
    import h5py, sys, numpy as np, xarray as xr
    a = h5py.File(sys.argv[1])
    k = a['kernel'][()].astype('f8')
    values = np.linalg.eigvalsh(k)
    top = abs(values).max()
    for path in sys.argv[2:]:
        f = h5py.File(path)
        v = f['eigenvalues'][()]
        ends = [abs(f.attrs['lambda_' + n] - values[i]) < 1e-12 * top for n, i in (('min', 0), ('max', -1))]
        kept = all(f.attrs[n] == a.attrs[n] for n in a.attrs if n != 'signal') and f.attrs['signal'] == 'eigenvalues'
        good = [abs(v - values).max() < 1e-12 * top, *ends, kept, (f['layer_trace'][()] == a['layer_trace'][()]).all()]
        if 'eigenvectors' in f:
            w = xr.open_dataset(path, engine='h5netcdf').eigenvectors.values
            r = np.linalg.norm(k @ w.T - w.T * v, axis=0)
            good += [abs(w @ w.T - np.eye(len(v))).max() < 1e-12, r.max() < 1e-12 * top,
                     abs(r - f['residuals'][()]).max() < 1e-13 * top]
        print(len(good), all(bool(g) for g in good), good if not all(good) else '')
    """

/// On any number of processes: with a prime number of them, with less than a block for some, in float32.
@Test(arguments: [1, 2, 3, 4]) func eigenpairsAreLAPACKs(processes: Int) throws {
    let folder = TestFolder()
    let known = KnownKernel(order: 340)
    try known.write(to: folder.file("k.h5"))
    try KnownKernel(order: 260, smallest: 0.1).write(to: folder.file("full.h5"), outputs: .full, precision: .float32)
    for (kernel, out, extra) in [
        ("k.h5", "values.h5", []), ("k.h5", "vectors.h5", ["--vectors"]), ("full.h5", "full-vectors.h5", ["--vectors"]),
    ] {
        let output = try Job.run(processes, [kernel, "--out", out] + extra, in: folder)
        try #require(output.code == 0, "\(output.err)")
        #expect(output.out.contains("λ_max") && output.out.hasSuffix("file      \(out)\n"), "\(output.out)")
        for part in ["reading", "reduction", "residuals", "memory"] { #expect(output.err.contains(part)) }
    }
    let check = try python(comparison, ["k.h5", "values.h5", "vectors.h5"], folder: folder.path)
    #expect(check.words == "5 True 8 True", "\(check.out) \(check.err)")
    let full = try python(comparison, ["full.h5", "full-vectors.h5"], folder: folder.path)
    #expect(full.words == "8 True", "\(full.out) \(full.err)")
    // And those that the kernel was made of.
    let closed = try python(
        "import h5py, sys; v = h5py.File('values.h5')['eigenvalues'][()]; "
            + "print(max(abs(v - [float(x) for x in sys.argv[1:]])) < 1e-11)", known.values.map { "\($0)" },
        folder: folder.path)
    #expect(closed.out == "True\n", "\(closed.err)")
    let seen = try run(ntklab, ["inspect", "vectors.h5"], folder: folder.path)
    #expect(seen.code == 0 && seen.out.contains("eigenvectors  float64 [340, 340]"), "\(seen)")
}

/// Processes without a row, blocks that end early, values that are all equal: sizes at which ScaLAPACK itself can hang.
@Test(arguments: [1, 2, 65, 129]) func everySizeComesToItsEnd(order: Int) throws {
    let folder = TestFolder()
    try KnownKernel(order: order).write(to: folder.file("k.h5"))
    try KnownKernel(Array(repeating: 2.5, count: order)).write(to: folder.file("equal.h5"))
    for name in ["k", "equal"] {
        for (extra, count) in [([], 5), (["--vectors"], 8)] {
            let output = try Job.run(4, ["\(name).h5", "--out", "\(name)-\(count).h5"] + extra, in: folder)
            try #require(output.code == 0, "\(output.err)")
            let check = try python(comparison, ["\(name).h5", "\(name)-\(count).h5"], folder: folder.path)
            #expect(check.words == "\(count) True", "\(check.out) \(check.err)")
        }
    }
}

/// Alone it needs no mpirun, and names the file after the kernel.
@Test func oneProcessNeedsNoMPIRun() throws {
    let folder = TestFolder()
    try KnownKernel(order: 50).write(to: folder.file("k.h5"))
    let output = try run(Job.program, ["k.h5"], folder: folder.path, environment: Job.environment)
    #expect(output.code == 0 && output.out.contains("positive definite"), "\(output)")
    #expect(output.out.hasSuffix("file      k-spectrum.h5\n"))
    #expect(FileManager.default.fileExists(atPath: folder.file("k-spectrum.h5")))
}

/// What the kernel's arithmetic may be off by decides what is said, and where it is not known nothing is.
@Test(arguments: [
    (1e-9, "positive definite", "λ_min     0.001 ± 1e-09"),
    (0.01, "within the error of its arithmetic", "can't tell in float64"),
    (nil as Double?, "can't tell", "the solver's alone"),
])
func errorsAreThoseOfKernelAndSolver(error: Double?, definiteness: String, remark: String) throws {
    let folder = TestFolder()
    try KnownKernel(order: 80).write(to: folder.file("k.h5"), arithmeticError: error)
    let output = try Job.run(2, ["k.h5"], in: folder)
    #expect(output.code == 0 && output.out.contains(definiteness) && output.out.contains(remark), "\(output.out)")
    #expect(output.out.contains("positive definite") == (error == 1e-9))
    let check = try python(
        """
        import h5py, sys
        a = h5py.File('k-spectrum.h5').attrs
        known = float(sys.argv[1])
        solver = a['lambda_min_error'] - known
        print(0 < solver < 1e-10, a['lambda_min_residual'] < 1e-11, 'arithmetic_error' in a, 'errors' in a)
        """, ["\(error ?? 0)"], folder: folder.path)
    #expect(check.out == (error == nil ? "True True False True\n" : "True True True False\n"), "\(check.out)")
}

/// The more processes, the less each holds: of 50 MB of matrix one of four has a quarter.
@Test func memoryShrinksWithTheNumberOfProcesses() throws {
    let folder = TestFolder()
    try KnownKernel(order: 2500).write(to: folder.file("k.h5"))
    func peak(_ processes: Int) throws -> Int {
        let output = try Job.run(processes, ["k.h5", "--out", "\(processes).h5"], in: folder)
        let match = try #require(output.err.firstMatch(of: /memory +(\d+) MiB in the largest/), "\(output.err)")
        return try #require(Int(match.1))
    }
    let (one, four) = (try peak(1), try peak(4))
    let matrix = 2500 * 2500 * 8 / 1_048_576
    #expect(one - four > matrix / 2, "\(one) and \(four) MiB")
}
