/// `1 sample`, `2 samples`: a number of things whose plural ends with s.
package func counted(_ number: Int, _ thing: String) -> String { "\(number) \(thing)\(number == 1 ? "" : "s")" }
