import Glibc

/// A path that means the same from every folder; where the current one is gone, as it stands: who opens it will say so.
package func absolutePath(_ path: String) -> String {
    guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return String(cString: folder) + "/" + path
}
