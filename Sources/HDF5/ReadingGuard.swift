import CHDF5

/// What becomes of the process where libhdf5 finds no end in a file that it reads, takes memory without bounds, or crashes.
///
/// It can't go on then, since libhdf5 is left half done. It says which file that was, and ends.
package enum ReadingGuard {
    /// Has the process end by a function of the program's, in place of an abort.
    /// - Parameter end: may be called in a handler of signals, and does not return.
    package static func endProcess(by end: @escaping @convention(c) () -> Void) { ch5_end_by(end) }
}
