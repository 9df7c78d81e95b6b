import Foundation
import Testing

/// The libraries that Package.swift exports.
let products: [String] = {
    let manifest = (try? String(contentsOf: root.appendingPathComponent("Package.swift"), encoding: .utf8)) ?? ""
    return manifest.matches(of: /\.library\(name: "(\w+)"/).map { String($0.1) }
}()

/// Members that the standard library's protocols ask for and explain.
private let standardRequirements: Set<Substring> = [
    "==", "<", "hash", "encode", "init(from", "description", "rawValue", "init(rawValue", "allCases",
]

/// Whatever a user who imports a library sees has a docstring. Left out are members that a documented requirement of a
/// protocol explains; cases of an enum count with it.
@Test func everyPublicSymbolSaysWhatItIs() throws {
    #expect(products.count >= 12)
    let targets = try products.map { (name: $0, read: try TargetSymbols($0)) }
    var inherited: [Substring: Set<Substring>] = [:]
    var requirements: [Substring: Set<Substring>] = [:]
    for target in targets {
        for declaration in target.read.declarations {
            inherited[declaration.name, default: []].formUnion(declaration.inherited)
        }
        requirements.merge(target.read.documented) { $0.union($1) }
    }
    func isWitness(_ symbol: PublicSymbol) -> Bool {
        guard let owner = symbol.owner, !symbol.isRequirement else { return false }
        var (seen, next): (Set<Substring>, Set<Substring>) = ([], [owner.name])
        while !next.isSubset(of: seen) {
            seen.formUnion(next)
            next = next.reduce(into: []) { $0.formUnion(inherited[$1] ?? []) }
        }
        return standardRequirements.contains(symbol.name)
            || seen.contains { requirements[$0]?.contains(symbol.name) ?? false }
    }
    for target in targets {
        let own = target.read.symbols.filter { !isWitness($0) }
        let missing = own.filter { !$0.isDocumented }
        #expect(missing.isEmpty, "\(target.name): \(missing.map { "\($0.place) \($0.name)" })")
        #expect(!own.isEmpty, "\(target.name): nothing was read")
    }
}
