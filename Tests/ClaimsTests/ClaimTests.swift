import Claims
import Foundation
import Synchronization
import TestSupport
import Testing

/// Lets a claim be silent for some seconds.
private func age(_ folder: ClaimFolder, _ file: String, by seconds: Double) {
    let past = Date().timeIntervalSince1970 - seconds
    let time = timespec(tv_sec: Int(past), tv_nsec: 0)
    let set = utimensat(AT_FDCWD, "\(folder.path)/\(file)", [time, time], 0)
    #expect(set == 0)
}

/// Puts a claim of some holder into the folder.
private func place(_ folder: ClaimFolder, _ name: String, _ change: (inout [String: Any]) -> Void) throws {
    let own = try #require(try folder.take("pattern", label: ""))
    let path = "\(folder.path)/pattern.claim-1"
    var record = try #require(
        try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path))) as? [String: Any])
    try own.release()
    var holder = try #require(record["holder"] as? [String: Any])
    change(&holder)
    record["holder"] = holder
    try JSONSerialization.data(withJSONObject: record).write(to: URL(fileURLWithPath: "\(folder.path)/\(name).claim-1"))
}

private func names(_ folder: TestFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
}

@Test func aClaimIsHeldByOneUntilItIsReleased() throws {
    let folder = TestFolder()
    let claims = ClaimFolder(folder.path)
    let first = try #require(try claims.take("a", label: "cell a"))
    #expect(try first.isHeld)
    #expect(try claims.take("a", label: "") == nil)
    let other = try #require(try claims.take("b", label: ""))
    let all = try claims.claimed()
    #expect(all.map(\.name) == ["a", "b"] && all[0].record.label == "cell a" && !all[0].isAbandoned)
    #expect(all[0].record.holder == .own && all[0].silence < 2)
    try first.release()
    #expect(try !first.isHeld)
    #expect(try claims.claimed("a") == nil)
    let second = try #require(try claims.take("a", label: ""))
    #expect(try second.token != first.token && second.isHeld && !first.isHeld)
    try second.release()
    try other.release()
    try first.release()
    #expect(try names(folder) == [])
}

@Test func aClaimWithoutASignOfLifeIsTakenOver() throws {
    let folder = TestFolder()
    let claims = ClaimFolder(folder.path, limit: 2)
    try place(claims, "a") { $0["boot"] = "another" }
    #expect(try claims.take("a", label: "") == nil)
    age(claims, "a.claim-1", by: 4)
    #expect(try claims.claimed("a")?.isAbandoned == true)
    let taker = try #require(try ClaimFolder(folder.path, limit: 60).take("a", label: ""))
    #expect(try taker.isHeld && taker.takeovers == 1)
    // The limit that counts is the one that the claim itself states.
    age(claims, "a.claim-2", by: 29)
    #expect(try claims.take("a", label: "") == nil)
    // The other wakes up and gives signs of life again: the highest generation holds.
    age(claims, "a.claim-1", by: 0)
    #expect(try claims.claimed("a")?.record.token == taker.token && taker.isHeld)
    try taker.release()
    #expect(try names(folder) == [])
}

@Test func whoLostAClaimNoticesAndHarmsNothing() throws {
    let folder = TestFolder()
    let claims = ClaimFolder(folder.path, limit: 1)
    let loser = try #require(try claims.take("a", label: ""))
    let isTold = Mutex(false)
    loser.whenLost { isTold.withLock { $0 = true } }
    try place(claims, "a") { $0["boot"] = "another" }
    // Its own name is another's.
    #expect(try !loser.isHeld)
    for _ in 0..<30 where !isTold.withLock({ $0 }) { usleep(100_000) }
    #expect(isTold.withLock { $0 })
    try loser.release()
    #expect(try names(folder) == ["a.claim-1"])
    // Or one above it is.
    let other = try #require(try claims.take("b", label: ""))
    try FileManager.default.moveItem(atPath: folder.file("a.claim-1"), toPath: folder.file("b.claim-2"))
    #expect(try !other.isHeld)
    try other.release()
    #expect(try names(folder) == ["b.claim-1", "b.claim-2"])
}

/// A server that was away, or whose clock was set forward, makes all claims look silent.
@Test func claimsThatOnlyLookSilentAreNotTaken() throws {
    let folder = TestFolder()
    let claims = ClaimFolder(folder.path, limit: 2)
    let held = try #require(try claims.take("a", label: ""))
    for _ in 0..<3 {
        age(claims, "a.claim-1", by: 100)
        #expect(try claims.take("a", label: "") == nil)
    }
    #expect(try held.isHeld)
}

/// As on file systems of other systems, that know one name for a file.
@Test func claimsNeedNoLinks() throws {
    let folder = TestFolder()
    let claims = ClaimFolder(folder.path)
    #expect(try claims.makeAlone(folder.file("a.claim-1"), [1, 2, 3]))
    #expect(try !claims.makeAlone(folder.file("a.claim-1"), [4]))
    #expect(folder.bytes("a.claim-1") == [1, 2, 3])
}

@Test func signsOfLifeKeepAClaim() throws {
    let folder = TestFolder()
    let claims = ClaimFolder(folder.path, limit: 1)
    let held = try #require(try claims.take("a", label: ""))
    for _ in 0..<25 {
        usleep(100_000)
        let taken = try claims.take("a", label: "")
        #expect(taken == nil)
    }
    #expect(try held.isHeld)
}

@Test func aProcessThatHasEndedLeavesItsClaimsAtOnce() throws {
    let folder = TestFolder()
    let claims = ClaimFolder(folder.path)
    let gone = try run("/bin/sh", ["-c", "echo $$"])
    let number = try #require(Int(gone.out.trimmingCharacters(in: .whitespacesAndNewlines)))
    try place(claims, "ended") { $0["process"] = number }
    #expect(try claims.take("ended", label: "") != nil)
    // Its number came again.
    try place(claims, "older") { $0["began"] = "1" }
    #expect(try claims.take("older", label: "") != nil)
    // Of other kernels and namespaces nothing is known.
    for (key, value) in [("boot", "another"), ("namespaces", "pid:[1] time:[1]"), ("boot", "")] {
        try place(claims, "elsewhere") {
            $0["process"] = number
            $0[key] = value
        }
        let taken = try claims.take("elsewhere", label: "")
        #expect(taken == nil, "\(key) \(value)")
    }
}

@Test func aClaimThatAPowerCutEmptiedGoesByItsTime() throws {
    let folder = TestFolder()
    let claims = ClaimFolder(folder.path)
    _ = folder.write("a.claim-1", [])
    #expect(try claims.take("a", label: "") == nil)
    age(claims, "a.claim-1", by: ClaimFolder.usualLimit + 2)
    let taken = try #require(try claims.take("a", label: ""))
    try taken.release()
    #expect(try names(folder) == [])
}

/// Threads that claim as fast as they can, and take over what was silent: at no time do two hold the same.
@Test func ofManyOneHolds() throws {
    let folder = TestFolder()
    let claims = ClaimFolder(folder.path, limit: 60)
    let working = Mutex<[String: Int]>([:])
    let counts = Mutex((taken: 0, collisions: 0))
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
        for round in 0..<150 {
            let name = "cell-\((round + thread) % 5)"
            guard let claim = try? claims.take(name, label: "") else { continue }
            let others = working.withLock {
                $0[name, default: 0] += 1
                return $0[name] ?? 0
            }
            counts.withLock { $0 = ($0.taken + 1, $0.collisions + (others > 1 || (try? claim.isHeld) != true ? 1 : 0)) }
            working.withLock { $0[name, default: 0] -= 1 }
            // Some die with it, as far as others can see.
            if round % 7 == 3 {
                let path = "\(folder.path)/\(name).claim-\(claim.takeovers + 1)"
                let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
                let dead = text.replacing(/"began":"[0-9]+"/, with: "\"began\":\"1\"")
                if dead == text { counts.withLock { $0.collisions += 1 } }
                _ = try? dead.write(toFile: path, atomically: true, encoding: .utf8)
            } else {
                do { try claim.release() } catch { counts.withLock { $0.collisions += 1 } }
            }
        }
    }
    let (taken, collisions) = counts.withLock { $0 }
    #expect(taken > 300 && collisions == 0, "\(taken) taken, \(collisions) collisions")
}
