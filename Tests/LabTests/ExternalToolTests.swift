import Foundation
import TestSupport
import Testing

/// What users open a run with, none of which knows about this program.
@Test func otherToolsReadARun() throws {
    let lab = Lab()
    let run = try lab.train()
    #expect(run.output.code == 0, "\(run.output.err)")
    let dump = try TestSupport.run("/usr/bin/h5dump", ["-d", "/metrics/train_loss", run.path + "/metrics.h5"])
    #expect(dump.code == 0 && dump.out.contains("H5T_IEEE_F64LE"), "\(dump.err)")
    let script = """
        import json, sys, h5py, numpy as np, xarray as xr
        run = sys.argv[1]
        journal = [json.loads(line) for line in open(run + '/metrics.jsonl')]
        with h5py.File(run + '/metrics.h5') as f:
            assert f.attrs['format'] == 'ntklab-metrics' and f.attrs['axis_order'] == 'C'
            assert isinstance(f.attrs['config'], str) and 'width: 64' in f.attrs['config']
            for name, column in f['metrics'].items():
                assert column.shape == (len(journal),) and column.attrs['units'] == '1', name
                assert np.array_equal(column[()], [row[name] for row in journal]), name
            assert f['metrics/train_loss'].dims[0][0].name == '/metrics/step'
            table = f['table/rows'][()]
            assert np.array_equal(table['train_loss'], f['metrics/train_loss'])
        for engine in ('h5netcdf',):
            ds = xr.open_dataset(run + '/metrics.h5', group='metrics', engine=engine)
            assert ds['train_loss'].dims == ('step',), ds
            assert float(ds['train_loss'].sel(step=0)) == journal[0]['train_loss']
        with h5py.File(run + '/checkpoints/last.h5') as f:
            assert f.attrs['step'] == 60 and f.attrs['precision'] == 'float32' and f.attrs['seed'] == 3
            w = f['parameters/W1/weight']
            assert w.shape == (64, 64) and w.dtype == np.float32 and w.attrs['layout'] == 'out,in'
            assert w.chunks is None and w.compression is None
            # The last loss is the smallest of this run, in the history and in the attribute.
            assert abs(f['metrics/train_loss'][-1] - f.attrs['best_train_loss']) < 1e-12
        print('fine')
        """
    let output = try python(script, [run.path])
    #expect(output.code == 0 && output.out == "fine\n", "\(output.err)")
}

@Test func importedDataIsTheData() throws {
    let lab = Lab()
    _ = lab.folder.write("a.csv", (0..<30).map { "\($0),\($0 * $0 % 7),\($0 % 2)" }.joined(separator: "\n"))
    let output = try lab.call(["data", "import", "--format", "csv", "a.csv", "--to", "a.h5"])
    #expect(output.code == 0 && output.out.contains("30 samples of shape [2]"), "\(output.err)")
    let read = try python(
        "import h5py; f = h5py.File('a.h5'); print(f['x'].shape, f['y'].dtype, f['x'][3, 1], f['y'][3])",
        folder: lab.folder.path)
    #expect(read.out == "(30, 2) int64 2.0 1\n", "\(read.err)")
    func digest(_ section: String, _ out: String) throws -> String {
        _ = lab.folder.write(
            "config.yaml",
            "name: small\ndata: {\(section), normalization: standardize}\nmodel: {width: 16, depth: 1}\ntraining: {stop: {steps: 1}}"
        )
        let run = try lab.train(out: out)
        #expect(run.output.code == 0, "\(run.output.err)")
        let record =
            try JSONSerialization.jsonObject(with: lab.bytes(run.path + "/run.json") ?? Data()) as? [String: Any]
        return record?["dataDigest"] as? String ?? "none"
    }
    #expect(try digest("source: csv, path: a.csv", "one") == digest("source: hdf5, path: a.h5", "two"))
}

/// What is there is kept, and only a plain file is ever replaced.
@Test func importsReplaceNothingUnasked() throws {
    let lab = Lab()
    _ = lab.folder.write("a.csv", "1,2,0\n3,4,1\n5,6,0\n")
    func call(_ target: String, _ more: [String] = []) throws -> Output {
        try lab.call(["data", "import", "--format", "csv", "a.csv", "--to", target] + more)
    }
    _ = lab.folder.write("b.h5", "theirs")
    let refused = try call("b.h5")
    #expect(refused.code == 2 && refused.err.contains("--to b.h5: exists already; --force replaces it"))
    #expect(lab.folder.bytes("b.h5") == Array("theirs".utf8))
    #expect(try call("b.h5", ["--force"]).code == 0 && lab.folder.bytes("b.h5").count > 1000)
    try FileManager.default.createDirectory(atPath: lab.folder.file("folder"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
        atPath: lab.folder.file("link"), withDestinationPath: lab.folder.file("b.h5"))
    #expect(mkfifo(lab.folder.file("pipe"), 0o644) == 0)
    for target in ["/dev/null", "folder", "link", "pipe"] {
        for more in [[], ["--force"]] {
            let output = try call(target, more)
            #expect(
                output.code == 2 && output.err.contains("expected a new or a plain file"), "\(target): \(output.err)")
        }
    }
}
