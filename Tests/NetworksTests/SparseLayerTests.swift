import Layers
import LinearAlgebra
import NetworkCases
import Networks
import Sampling
import Testing

private func mlp(_ sparsity: Double, width: Int = 20, inputs: Int = 7) throws -> Model {
    try MLP(width: width, depth: 2, sparsity: sparsity).model(inputShape: [inputs], outputs: 3)
}

private func zeros(_ model: Model, _ layer: Int) -> [Int] { model.layout.entries[layer].tensor.zeros }

@Test(arguments: [0.1, 0.5, 0.77, 0.98]) func asManyWeightsAreHeldAsWasAsked(share: Double) throws {
    let model = try mlp(share)
    for entry in model.layout.entries {
        let zeros = entry.tensor.zeros
        #expect(zeros.count == Int((share * Double(entry.tensor.count)).rounded()))
        #expect(
            Set(zeros).count == zeros.count && zeros == zeros.sorted() && zeros.allSatisfy { $0 < entry.tensor.count })
        #expect(entry.tensor.freeCount == entry.tensor.count - zeros.count)
    }
    #expect(model.layout.trainedCount == model.layout.entries.reduce(0) { $0 + $1.tensor.freeCount })
    #expect(try mlp(0).layout.trainedCount == 7 * 20 + 20 * 20 + 20 * 3)
}

/// Every place is held as often as any other: by layers of many names.
@Test func placesAreDrawnEvenly() {
    let (layers, count, share) = (20_000, 10, 0.3)
    var held = [Int](repeating: 0, count: count)
    for layer in 0..<layers { for i in Tensor.zeros(share: share, of: count, layer: "W\(layer)") { held[i] += 1 } }
    // Five deviations of a binomial number.
    let width = 5 * (Double(layers) * share * (1 - share)).squareRoot()
    #expect(held.allSatisfy { abs(Double($0) - Double(layers) * share) < width }, "\(held)")
}

@Test func theSeedDoesNotMoveTheZeros() throws {
    let model = try mlp(0.5)
    #expect(zeros(model, 0) == zeros(try mlp(0.5), 0))
    #expect(
        zeros(try mlp(0.5, width: 20, inputs: 20), 0) != zeros(model, 1), "layers of one shape have zeros of their own")
    let dense = try mlp(0)
    for seed: UInt64 in [1, 2] {
        let (w, all) = (
            ParameterVector<Float>(model.layout, initializedFrom: seed),
            ParameterVector<Float>(dense.layout, initializedFrom: seed)
        )
        for entry in model.layout.entries {
            let held = Set(entry.tensor.zeros)
            // The others are those of the dense network.
            #expect(entry.range.allSatisfy { w.base[$0] == (held.contains($0 - entry.offset) ? 0 : all.base[$0]) })
            #expect(entry.range.allSatisfy { all.base[$0] != 0 })
        }
    }
}

@Test func coordinatesLeaveOutWhatIsHeld() throws {
    let model = try Case.sparse[2].builder.model(Case.sparse[2].layers, inputShape: [5], outputs: 3)
    let coordinates = TrainedCoordinates(model.layout)
    let places = model.layout.trained.flatMap { entry in
        (0..<entry.tensor.count).filter { !entry.tensor.zeros.contains($0) }.map { entry.offset + $0 }
    }
    #expect(coordinates.count == places.count && coordinates.count < model.layout.count && !coordinates.isWhole)
    let whole = ParameterVector<Double>(model.layout)
    for i in 0..<whole.count { whole.base[i] = Double(i + 1) }
    var own = [Double](repeating: 0, count: coordinates.count)
    coordinates.gather(whole.base, into: &own)
    #expect(own == places.map { Double($0 + 1) })
    coordinates.scatter(own.map { -$0 }, into: whole.base)
    let held = Set(0..<whole.count).subtracting(places)
    #expect((0..<whole.count).allSatisfy { whole.base[$0] == (held.contains($0) ? 1 : -1) * Double($0 + 1) })
    #expect(coordinates.ranges.map(\.count) == model.layout.trained.map(\.tensor.freeCount))
    #expect(coordinates.ranges.last?.upperBound == coordinates.count)
}

/// A gradient written into the weights themselves, and added to a velocity, leaves exact zeros.
@Test(arguments: Case.sparse) func whatIsHeldHasNoGradient(c: Case) throws {
    let i = try Instance<Double>(c)
    let (g, p) = (i.gradient(i.w), i.hessianProduct(i.direction("v")))
    let w = ParameterVector<Double>(i.model.layout)
    w.assign(i.w)
    _ = TrainedFunction(i.workspace).gradient(
        of: i.objective, w.base, i.x.base, i.y.base, rows: i.x.rows, scale: 1,
        into: GradientSink(target: w.base, alpha: -0.1, beta: 1))
    for entry in i.model.layout.entries {
        for place in entry.tensor.zeros.map({ entry.offset + $0 }) {
            #expect(w.base[place] == 0 && g.base[place] == 0 && p.base[place] == 0)
        }
        let held = Set(entry.tensor.zeros.map { entry.offset + $0 })
        let moves = entry.range.contains { !held.contains($0) && w.base[$0] != i.w.base[$0] }
        #expect(moves == entry.tensor.isTrained)
    }
}

@Test func sparseLayersCanBeRefused() throws {
    func refusal(_ sparsity: Double, width: Int) -> String {
        do {
            _ = try MLP(width: width, depth: 2, sparsity: sparsity).model(inputShape: [3], outputs: 1)
            return ""
        } catch { return "\(error)" }
    }
    #expect(refusal(0.9, width: 4).contains("layer output: a sparsity of 0.9 leaves none of its 4 weights"))
    #expect(refusal(0.5, width: 1 << 20).contains("layer W2: a sparse layer has at most 16777216 weights"))
    #expect(refusal(0.5, width: 4) == "")
}

/// Units of a sparse layer can be cut off: what is known of rescalings of others is not said of them.
@Test func rescalingsOfSparseLayersAreNotCounted() throws {
    #expect(try mlp(0).rescaledUnits == 40)
    #expect(try mlp(0.5).rescaledUnits == 0)
}
