import Alignment
import Layers
import LinearAlgebra
import NetworkCases
import Networks
import Sampling
import Testing

/// Outputs of the network of a case at weights.
private func outputs(_ instance: Instance<Double>, _ w: ParameterVector<Double>) -> [Double] { instance.outputs(w) }

private func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } / max(a.reduce(0) { max($0, abs($1)) }, 1)
}

/// Every kind of network computes the same function with its units reordered, turned over and rescaled, and after alignment.
@Test(arguments: Case.dense) func theFunctionStays(_ c: Case) throws {
    let instance = try Instance<Double>(c)
    let planted = try Planted(instance.w, instance.model, seed: 3)
    let expected = outputs(instance, instance.w)
    #expect(largestDifference(expected, outputs(instance, planted.b)) < 1e-10)
    let other = instance.model.weights(9)
    let pair = try AlignedPair(planted.groups, instance.w, other)
    #expect(largestDifference(expected, outputs(instance, pair.first)) < 1e-10)
    #expect(largestDifference(outputs(instance, other), outputs(instance, pair.second)) < 1e-10)
}

/// The groups of a network are those that a reader finds.
@Test func groupsAreThoseOfTheNetwork() throws {
    func groups(_ c: Case) throws -> [String] {
        try UnitGroups(Instance<Double>(c).model).groups.map { "\($0.name) \($0.count)" }
    }
    func named(_ name: String) throws -> Case { try #require(Case.all.first { $0.description == name }) }
    #expect(try groups(named("relu")) == ["W1 7", "W2 7"])
    #expect(try groups(named("paper")) == ["A 7", "W1 7", "W2 7", "W3 7"])
    #expect(try groups(named("linear regression")) == [])
    // What is added to the input has its order.
    #expect(try groups(named("residual of the input")) == [])
    // One stream of all blocks; in each branch a group of its own.
    #expect(try groups(named("resnet of the paper")) == ["A 6"])
    #expect(try groups(named("pre-activation")) == ["W1 4", "W2 4", "W4 4", "W6 8", "W7 8"])
}

/// A change of the units of a group that is beyond its symmetry changes the function: symmetries are not too small a claim.
@Test(arguments: Activation.Function.allCases) func symmetriesAreThoseOfTheActivation(function: Activation.Function)
    throws
{
    let instance = try Instance<Double>(Case("one", depth: 1, function, bias: true))
    let groups = try UnitGroups(instance.model)
    let expected = instance.outputs(instance.w)
    for (symmetry, factor) in [(ChannelSymmetry.sign, -1.0), (.scale, 2)] {
        let map = UnitMap(sources: Array(0..<7), factors: Array(repeating: factor, count: 7))
        let difference = largestDifference(expected, instance.outputs(groups.applying([map], to: instance.w)))
        #expect((difference < 1e-12) == groups.groups[0].symmetry.contains(symmetry), "\(function) \(difference)")
    }
}

/// Sums whose units are of two kinds are refused by name.
@Test func unitsOfTwoKindsAreRefused() throws {
    let conv = ConvolutionDescription(channels: 3, kernel: .init(1, 1))
    let builder = ModelBuilder(parametrization: .standard)
    let model = try builder.model(
        [
            conv, FlattenDescription(), ResidualDescription(scale: 1, branch: [DenseDescription(units: 12)]),
            DenseDescription(),
        ],
        inputShape: [2, 2, 1], outputs: 2)
    let error = #expect(throws: AlignmentError.self) { try UnitGroups(model) }
    #expect(error?.description.contains("12 units of W2 to 3 channels of W1") == true, "\(String(describing: error))")
}

@Test func incomingLengthsAreBalanced() throws {
    let instance = try Instance<Double>(Case("deep", depth: 3, .relu, bias: true))
    let groups = try UnitGroups(instance.model)
    let (a, b) = groups.balanced(instance.w, instance.model.weights(4))
    for g in groups.groups.indices {
        let lengths = groups.incomingLengths(of: g, a) + groups.incomingLengths(of: g, b)
        #expect(lengths.allSatisfy { abs($0 / lengths[0] - 1) < 1e-13 })
    }
    // Units that read nothing stay.
    let dead = ParameterVector<Double>(instance.model.layout)
    let (zero, _) = groups.balanced(dead, b)
    #expect(zero.entries.allSatisfy { $0 == 0 })
}

@Test(arguments: Case.sparse) func unitsOfSparseLayersKeepTheirPlaces(c: Case) throws {
    let model = try Instance<Double>(c).model
    let error = #expect(throws: AlignmentError.self) { try UnitGroups(model) }
    #expect(error?.description.hasPrefix("layer W1 is sparse") == true)
}
