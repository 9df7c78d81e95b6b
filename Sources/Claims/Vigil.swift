/// Waits until those who hold claims have shown that they live, so that what they work on can be left to them.
///
/// One that has died gives no sign of life, and its claim is taken over after a while by whoever still waits. Signs are
/// compared with one another only, by the clock of the file server.
package struct Vigil {
    /// The last sign of life of each claim, by name and token, when it was first seen.
    private var first: [String: Double] = [:]

    package init() {}

    /// Whether the holders of all of these have given a sign of life since they were first looked at.
    package mutating func allLive(_ claims: [Claimed]) -> Bool {
        var areLive = true
        for claim in claims {
            let key = "\(claim.name) \(claim.record.token)"
            let sign = first[key, default: claim.lastSign]
            first[key] = sign
            if claim.isAbandoned || claim.lastSign == sign { areLive = false }
        }
        return areLive
    }
}
