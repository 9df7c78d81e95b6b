import Claims

/// Waits until those who hold the last cells have shown that they live, so that a worker can leave those to them.
///
/// One that has died gives no sign of life, and its cell is taken over after a while by the worker that waits.
struct Vigil {
    /// The last sign of life of each claim, by name and token, when it was first seen.
    private var first: [String: Double] = [:]

    /// Whether all of these are claimed, by processes that have given a sign of life since.
    mutating func allLive(_ names: [String], in claims: ClaimFolder) throws -> Bool {
        let claimed = Dictionary(try claims.claimed().map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        var areLive = true
        for name in names {
            guard let claim = claimed[name], !claim.isAbandoned else { return false }
            let key = name + claim.record.token
            let sign = first[key, default: claim.lastSign]
            first[key] = sign
            if claim.lastSign == sign { areLive = false }
        }
        return areLive
    }
}
