import Foundation
import TestSupport
import Testing

/// The lines that `inspect` prints of a file that h5py wrote, with `f` open in the script; without the file's own.
private func inspect(_ script: String) throws -> [String] {
    let lab = Lab()
    let made = try python(
        "import h5py, numpy as np, sys\nwith h5py.File('a.h5', 'w') as f:\n"
            + script.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"), folder: lab.folder.path)
    try #require(made.code == 0, "\(made.err)")
    let output = try lab.call(["inspect", "a.h5"])
    #expect(output.code == 0, "\(output.err)")
    return output.out.split(separator: "\n").dropFirst().map(String.init)
}

@Test func everyKindOfObjectIsListed() throws {
    let lines = try inspect(
        """
        f['bool'] = np.array([True, False]); f['complex'] = np.zeros(2, 'c16')
        f['dangling'] = h5py.SoftLink('/nowhere')
        f['external link'] = h5py.ExternalLink('other.h5', '/x')
        f.create_dataset('external storage', (2,), 'f8', external=[('raw', 0, 16)])
        f['half'] = np.zeros((2, 3), 'f2')
        f['half'].attrs['units'] = 'm'
        f['link'] = h5py.SoftLink('half')
        f.create_dataset('never', (2,))
        f.create_dataset('part', (4,), chunks=(2,))[:2] = 1
        f['type'] = np.dtype('f8')
        layout = h5py.VirtualLayout((4,), 'f8'); layout[:] = h5py.VirtualSource('other.h5', 'x', (4,))
        f.create_virtual_dataset('virtual', layout)
        """)
    #expect(
        lines == [
            "├── bool  bool [2]", "├── complex  complex128 [2]",
            "├── dangling  soft link to /nowhere, which leads nowhere",
            "├── external link  external link to other.h5:/x, not followed",
            "├── external storage  float64 [2], external storage", "├── half  float16 [2, 3]  units m",
            "├── link  soft link to half", "├── never  float32 [2], never written",
            "├── part  float32 [4], written in part",
            "├── type  named type", "└── virtual  float64 [4], virtual",
        ])
}

/// Such a link has a number of its program's where external ones have theirs.
@Test func linksOfOtherProgramsAreListed() throws {
    let lab = Lab()
    let made = try python(
        """
        import h5py
        with h5py.File('a.h5', 'w') as f: f['theirs'] = h5py.ExternalLink('other.h5', '/x'); f['x'] = 1.0
        data = bytearray(open('a.h5', 'rb').read())
        kind = data.index(b'\\x40', data.index(b'theirs') - 12)
        data[kind] = 200
        open('a.h5', 'wb').write(data)
        """, folder: lab.folder.path)
    #expect(made.code == 0, "\(made.err)")
    let output = try lab.call(["inspect", "a.h5"])
    #expect(output.out.hasSuffix("├── theirs  a link of another program's kind, not followed\n└── x  float64 []\n"))
    #expect(output.code == 0, "\(output)")
}

/// Soft and hard links to what is above, and a hard link to what is beside.
@Test func everyObjectIsListedOnce() throws {
    let lines = try inspect(
        """
        for i in range(2):
            part = f.create_group(f'mesh/part{i}')
            part['x'] = 1.0
            part['parent'] = h5py.SoftLink('/mesh')
            part['root'] = f['/']
            part['up'] = f['mesh']
        f['mesh/part1/x0'] = f['mesh/part0/x']
        """)
    #expect(
        lines == [
            "└── mesh/", "    ├── part0/", "    │   ├── parent  soft link to /mesh", "    │   ├── root  the same as /",
            "    │   ├── up  the same as /mesh", "    │   └── x  float64 []", "    └── part1/",
            "        ├── parent  soft link to /mesh", "        ├── root  the same as /",
            "        ├── up  the same as /mesh", "        ├── x  float64 []",
            "        └── x0  the same as /mesh/part0/x",
        ])
}

@Test func listingsEnd() throws {
    let long = try inspect("for i in range(20000): f.create_group(f'{i:05}')")
    #expect(long.count == 10_001 && long[9_999] == "├── 09999/" && long[10_000].contains("cut off after 10000 lines"))
    let deep = try inspect("f.create_group('/'.join('g' for _ in range(300)))")
    #expect(deep.count == 65 && deep[64].contains("too deep to show"), "\(deep.count)")
}

/// What a terminal would obey comes from the file.
@Test func namesAreShownHarmlessly() throws {
    let lines = try inspect("f['a\\x1b]0;title\\x07'] = 1.0\nf.attrs['note'] = 'x\\x1b[31m'\nf['n' * 5000] = 1.0")
    #expect(lines[0] == "├── @note = x<U+1B>[31m" && lines[1] == "├── a<U+1B>]0;title<U+7>  float64 []")
    #expect(lines[2].count < 300)
}
