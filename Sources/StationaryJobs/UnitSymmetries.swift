import Alignment
import LinearAlgebra
import Networks
import StationaryPoints

/// What may be done to the hidden units of a network without a change of what is searched.
///
/// Units of a layer may change places, and change their sign where what follows is odd, as long as all weights into
/// them and out of them are trained. A ridge with a coefficient for each weight leaves signs alone. Rescalings are left
/// where there is neither a ridge nor a constraint: they are no orthogonal maps, and `canonical` chooses a point of
/// each orbit. A linearization has none.
package struct UnitSymmetries {
    let groups: UnitGroups
    /// Groups all of whose weights are trained, by their places in `groups`.
    let free: [Int]
    /// Whether these are all groups: units with frozen weights may have symmetries too, where such weights are equal.
    let isWhole: Bool
    /// Whether units may change places.
    let permutes: Bool
    /// Whether units may be rescaled.
    let rescales: Bool
    private let coordinates: TrainedCoordinates
    private let frozen: ParameterVector<Double>

    /// - Parameters:
    ///   - weights: whose frozen tensors are taken.
    ///   - hasRidge: whether each weight has a coefficient of its own.
    ///   - isHeld: whether layers are on spheres or in balls.
    /// - Returns: nil where a layer is not known well enough.
    package init?(
        _ model: Model, _ form: FunctionForm, _ weights: ParameterVector<Double>, hasRidge: Bool, isHeld: Bool
    ) {
        do { groups = try UnitGroups(model) } catch { return nil }
        let tensors = groups.tensors
        free = groups.groups.indices.filter { g in
            let own = tensors.filter { $0.rows == g || $0.columns == g }
            return !form.isLinearized && own.allSatisfy(\.entry.tensor.isTrained)
        }
        isWhole = form.isLinearized || free.count == groups.groups.count
        permutes = !hasRidge
        rescales = !hasRidge && !isHeld
        coordinates = TrainedCoordinates(model.layout)
        frozen = weights
    }

    func group(_ g: Int) -> UnitGroup { groups.groups[g] }

    /// Whether the nearest image is known to be the nearest: for units of one group, which no tensor has on both sides.
    private var isExact: Bool { isWhole && free.count <= 1 && !free.contains(where: isTwofold) }

    /// Whether a tensor leads from units of a group to units of the same group, as across residual blocks.
    func isTwofold(_ g: Int) -> Bool { groups.tensors.contains { $0.rows == g && $0.columns == g } }

    /// All orthogonal ones.
    package var symmetries: Symmetries {
        Symmetries(isExact: isExact, images: { images($0, error: $1) }, nearest: { nearest($0, to: $1) })
    }

    func whole(_ w: [Double]) -> ParameterVector<Double> {
        let whole = ParameterVector<Double>(frozen.layout)
        whole.assign(frozen)
        coordinates.scatter(w, into: whole.base)
        return whole
    }

    func trained(_ whole: ParameterVector<Double>) -> [Double] {
        var w = [Double](repeating: 0, count: coordinates.count)
        coordinates.gather(whole.base, into: &w)
        return w
    }

    /// The image of w that is nearest to another point: group after group, each by the order and the signs that are
    /// best while all others stay, until none improves. Cost: for each group and sweep 2 P n flops and an assignment of
    /// n units.
    private func nearest(_ w: [Double], to other: [Double]) -> [Double] {
        let target = whole(other)
        var moved = whole(w)
        var gain = Double.dot(target.count, target.base, moved.base)
        // A smaller improvement is rounding.
        let least = 1e-12 * abs(Double.dot(target.count, target.base, target.base))
        for _ in 0..<WeightMatching.mostSweeps {
            var isImproving = false
            for g in free {
                let map = permutes ? groups.bestMap(of: g, target, moved) : signs(of: g, target, moved)
                let candidate = groups.applying(groups.maps(map, of: g), to: moved)
                let found = Double.dot(target.count, target.base, candidate.base)
                if found > gain + least { (moved, gain, isImproving) = (candidate, found, true) }
            }
            if !isImproving { break }
        }
        return trained(moved)
    }

    private func signs(of g: Int, _ target: ParameterVector<Double>, _ w: ParameterVector<Double>) -> UnitMap {
        let count = group(g).count
        guard group(g).symmetry.contains(.sign) else { return .identity(count) }
        let gains = groups.gains(of: g, target, w)
        return UnitMap(sources: Array(0..<count), factors: (0..<count).map { gains[$0, $0] < 0 ? -1 : 1 })
    }
}
