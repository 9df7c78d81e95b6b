import ArgumentParser
import Certificates
import Configurations
import Console
import Studies

extension CompletionKind {
    /// Runs by their name, `latest`, and folders.
    static var run: CompletionKind { candidates { RunCompletion.candidates($0, .run) } }
    static var sweep: CompletionKind { candidates { RunCompletion.candidates($0, .sweep) } }
    static var runOrSweep: CompletionKind { candidates { RunCompletion.candidates($0, .either) } }
    /// The same, and files of HDF5.
    static var runOrFile: CompletionKind {
        candidates { RunCompletion.candidates($0, .either, endings: [".h5", ".hdf5"]) }
    }

    static var yaml: CompletionKind { .file(extensions: ["yaml", "yml"]) }
    static var hdf5: CompletionKind { .file(extensions: ["h5", "hdf5"]) }
    static var studies: CompletionKind { .list(Study.all.map(\.name)) }
    /// Keys of a configuration, for `--set KEY=VALUE`.
    static var keys: CompletionKind { candidates { _ in Configuration.keys.sorted() } }
    static var sections: CompletionKind {
        candidates { _ in ConfigReference.sections.union(Configuration.keys).sorted() }
    }

    /// The word before the cursor decides; the shell takes what begins with it.
    ///
    /// bash expands what it is offered (`compgen -W`), commands in it too: names with any character that means something to
    /// a shell are not offered.
    private static func candidates(_ of: @escaping @Sendable (String) -> [String]) -> CompletionKind {
        .custom { words, index, prefix in
            of(words.indices.contains(index) ? words[index] : prefix).filter { candidate in
                candidate.unicodeScalars.allSatisfy {
                    $0.properties.isAlphabetic || "0123456789_-+=.,:@%/".unicodeScalars.contains($0)
                }
            }
        }
    }
}
