import Files

/// The JSON that headers of weights are made of: objects, lists, texts and whole numbers that are not negative.
///
/// Stricter than JSON, since files come from anywhere: a key that is there twice, another kind of value, more levels or
/// values than headers need are refused. Keys keep their order.
package indirect enum HeaderJSON {
    case object([(key: String, value: HeaderJSON)])
    case list([HeaderJSON])
    case text(String)
    case number(Int)

    package var text: String? { if case .text(let text) = self { text } else { nil } }
    package var number: Int? { if case .number(let number) = self { number } else { nil } }
    package var list: [HeaderJSON]? { if case .list(let list) = self { list } else { nil } }
    package var object: [(key: String, value: HeaderJSON)]? { if case .object(let pairs) = self { pairs } else { nil } }

    /// A list of whole numbers.
    package var numbers: [Int]? {
        guard let numbers = list?.map(\.number), !numbers.contains(nil) else { return nil }
        return numbers.compactMap { $0 }
    }

    /// An object of texts.
    package var texts: [String: String]? {
        guard let pairs = object?.map({ ($0.key, $0.value.text) }), !pairs.contains(where: { $0.1 == nil }) else {
            return nil
        }
        return Dictionary(uniqueKeysWithValues: pairs.map { ($0.0, $0.1 ?? "") })
    }

    /// What is wrong, and at which byte.
    package struct Problem: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Throws: `Problem`.
    package init(_ bytes: some Collection<UInt8>) throws {
        var parser = HeaderParser(Array(bytes))
        self = try parser.whole()
    }
}
