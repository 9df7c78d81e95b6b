import Lab
for f in CommandLine.arguments.dropFirst() {
    for c in try Verification.compare(file: f, precision: .float64) where c.status != .notCompared { print(c.case, c.quantity, c.shape, c.error ?? .nan, c.status) }
    for c in try Verification.compare(file: f, precision: .float32) where c.status == .differs { print("f32", c.case, c.quantity, c.shape, c.error ?? .nan, c.status) }
}
