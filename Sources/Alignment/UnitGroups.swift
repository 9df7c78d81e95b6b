import Networks

/// The units of a model that may be renumbered, and the tensors that carry them.
package struct UnitGroups: Sendable {
    /// In the order in which they are made. The inputs and the outputs of the network are in none.
    package let groups: [UnitGroup]
    /// In the order of the layout.
    package let tensors: [UnitTensor]

    /// Follows the units of each value from stage to stage.
    ///
    /// - Throws: `AlignmentError` for a layer of which it isn't known what it does to units, for a sparse one, and for a sum of vectors with
    ///   flattened images, whose units would be of two kinds.
    package init(_ model: Model) throws {
        var units = UnitSets(inputs: model.shapes[0].last ?? 1)
        // The set of units of each value; for each tensor those of its rows and its columns.
        var values = [0]
        var sets: [(rows: Int, columns: Int?)] = []
        for (s, stage) in model.stages.enumerated() {
            let source = values[stage.source]
            switch stage.operation {
            case .sum(let skip, _): values.append(try units.join(values[skip], source, stage: s))
            case .layer(let layer):
                if let weighted = layer as? any WeightedLayer {
                    if weighted.isSparse { throw AlignmentError.sparse(weighted.name) }
                    values.append(units.add(weighted.name, weighted.weight.shape[0]))
                    for tensor in layer.tensors { sets.append((values[s + 1], tensor.role == "weight" ? source : nil)) }
                } else if let symmetry = layer.channelSymmetry, layer.tensors.isEmpty {
                    units.restrict(source, to: symmetry)
                    values.append(source)
                } else {
                    throw AlignmentError(
                        description:
                            "layer \(layer.tensors.first?.layer ?? "\(s + 1)"): it isn't known what it does to "
                            + "single units, whose order could then change its function")
                }
            }
        }
        units.fix(values[model.stages.count])
        let (groups, index) = units.free
        self.groups = groups
        tensors = zip(model.layout.entries, sets).map { entry, set in
            UnitTensor(entry: entry, rows: index(set.rows), columns: set.columns.flatMap(index))
        }
    }
}

/// Sets of units that grow together where a network adds them; 0 is that of the inputs.
private struct UnitSets {
    private var names: [String] = [""]
    private var counts: [Int]
    private var symmetries: [ChannelSymmetry] = [[.scale, .sign]]
    private var isFixed = [true]
    /// The set that each one belongs to, itself where it stands for all; always an earlier one.
    private var parents = [0]

    init(inputs: Int) { counts = [inputs] }

    mutating func add(_ name: String, _ count: Int) -> Int {
        names.append(name)
        counts.append(count)
        symmetries.append([.scale, .sign])
        isFixed.append(false)
        parents.append(parents.count)
        return parents.count - 1
    }

    private func root(_ set: Int) -> Int { parents[set] == set ? set : root(parents[set]) }

    mutating func restrict(_ set: Int, to symmetry: ChannelSymmetry) {
        symmetries[root(set)].formIntersection(symmetry)
    }

    mutating func fix(_ set: Int) { isFixed[root(set)] = true }

    /// Makes one set of two; returns it.
    mutating func join(_ a: Int, _ b: Int, stage: Int) throws -> Int {
        let (first, second) = (min(root(a), root(b)), max(root(a), root(b)))
        guard counts[first] == counts[second] else {
            throw AlignmentError(
                description: "a residual block adds \(counts[second]) units of \(names[second]) to "
                    + "\(counts[first]) channels of \(names[first].isEmpty ? "the input" : names[first]), flattened: "
                    + "expected units of one kind")
        }
        parents[second] = first
        symmetries[first].formIntersection(symmetries[second])
        isFixed[first] = isFixed[first] || isFixed[second]
        return first
    }

    /// The groups that may be renumbered, and which of them a set is.
    var free: (groups: [UnitGroup], index: (Int) -> Int?) {
        let roots = parents.indices.filter { parents[$0] == $0 && !isFixed[$0] }
        let groups = roots.map { UnitGroup(name: names[$0], count: counts[$0], symmetry: symmetries[$0]) }
        let copy = self
        return (groups, { roots.firstIndex(of: copy.root($0)) })
    }
}
