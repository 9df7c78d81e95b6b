import Foundation
import TestSupport
import Testing

private let images =
    "data: {source: sphere, samples: 12, dimension: 32, class_count: 3, image_shape: [4, 4, 2]}"

/// A family of networks, and its trained weights at a width and depth where a formula has them.
private struct Family: Sendable {
    let name, data, model: String
    var depths = [1, 2, 3, 4, 6, 8, 12]
    var weights: (@Sendable (_ width: Int, _ depth: Int) -> Int)?
}

private let families = [
    Family(
        name: "mlp", data: "data: {source: sphere, samples: 12, dimension: 10, class_count: 3}",
        model: "network: mlp, parametrization: standard",
        weights: { m, depth in 10 * m + (depth - 1) * m * m + 3 * m }),
    Family(
        name: "mlp with biases", data: "data: {source: sphere, samples: 12, dimension: 10, class_count: 3}",
        model: "network: mlp, parametrization: standard, bias: true",
        weights: { m, depth in 11 * m + (depth - 1) * (m * m + m) + 3 * m + 3 }),
    Family(
        name: "cnn", data: images, model: "network: cnn, parametrization: standard",
        weights: { m, depth in 18 * m + (depth - 1) * 9 * m * m + 3 * m }),
    Family(name: "resnet", data: images, model: "network: resnet, block: du, parametrization: ntk", depths: [1, 2, 3]),
]

/// The weights that are said are those of the network; no other width comes nearer; and 1 % is kept where a width keeps it.
@Test(arguments: families.indices) func widthsAreChosenForABudget(index: Int) throws {
    let family = families[index]
    let (budget, text) = (
        2000, { (sweep: String) in "\(family.data)\nmodel: {\(family.model), depth: 1, width: 8}\n\(sweep)" }
    )
    let lab = Lab(text("sweep: {parameters: \(budget), axes: {model.depth: \(family.depths), seed: 0..1}}"))
    _ = lab.folder.write("plain.yaml", text(""))
    let plan = try lab.call(["sweep", "config.yaml", "--dry-run"])
    #expect(plan.code == 0, "\(plan.err)")
    let said = plan.words.matches(
        of: /(warning )?sweep\.parameters: depth=(\d+): width (\d+) has (\d+) trained weights, ([+-][0-9.]+) % of 2000/
    )
    #expect(said.map { Int($0.2) } == family.depths, "\(plan.out)")
    func weights(_ width: Int, _ depth: Int) throws -> Int {
        let sets = ["--set", "model.width=\(width)", "--set", "model.depth=\(depth)"]
        let dry = try lab.call(["train", "plain.yaml", "--dry-run"] + sets)
        return try Int(#require(dry.out.firstMatch(of: /, (\d+) trained/)).1) ?? 0
    }
    for line in said {
        let (depth, width, count) = (try #require(Int(line.2)), try #require(Int(line.3)), try #require(Int(line.4)))
        #expect(try count == weights(width, depth))
        if let formula = family.weights { #expect(count == formula(width, depth), "\(line.0)") }
        let off = abs(count - budget)
        #expect(try off <= abs(weights(width + 1, depth) - budget), "\(line.0)")
        if width > 1 { #expect(try off <= abs(weights(width - 1, depth) - budget), "\(line.0)") }
        #expect((line.1 == nil) == (Double(off) <= 0.01 * Double(budget)), "\(line.0)")
    }
}

/// A cell that can't be configured is named with its problem, and is not done.
@Test func aCellWithoutAConfigurationIsNotDone() throws {
    let lab = Lab(smallConfig + "\nsweep: {parameters: 5000, axes: {model.depth: [2, x]}}")
    let output = try lab.call(["sweep", "config.yaml", "--dry-run"])
    #expect(output.code == 1 && output.words.contains("model.depth: expected an integer"), "\(output)")
    #expect(output.words.contains("cells 2, 1 to run, ") && !output.words.contains("done"), "\(output.out)")
}

/// Cells have the widths that are said, tables hold them, and a resumed sweep has the same cells.
@Test func cellsHaveTheirBudgetedWidths() throws {
    let lab = Lab(
        """
        data: {source: sphere, samples: 8, dimension: 6, answers: gaussian}
        model: {network: mlp, parametrization: standard, depth: 1}
        training: {learning_rate: 0.01, stop: {steps: 5}}
        sweep: {parameters: 500, axes: {model.depth: [1, 3], seed: 0..1}, stop_at: {steps: 5}}
        """)
    let run = try lab.call(["sweep", "config.yaml", "--set", "name=budget", "--quiet"])
    #expect(run.code == 0, "\(run.err)")
    let again = try lab.call(["sweep", "config.yaml", "--set", "name=budget", "--quiet"])
    #expect(again.code == 0, "\(again.err)")
    let check = try python(
        """
        import csv, glob, json, sys, h5py, yaml
        rows = list(csv.DictReader(open(sys.argv[1] + '/sweep.csv')))
        f = h5py.File(sys.argv[1] + '/sweep.h5')
        def weights(row):
            record = json.load(open(f"{sys.argv[1]}/cells/{row['cell']}/run.json"))
            return record['trainedParameterCount'] if 'trainedParameterCount' in record else record['trained_parameter_count']
        # 6 m + m of one layer; 6 m + 2 m^2 + m of three.
        print(len(rows), [float(r['chosen_width']) for r in rows], [float(r['trained_weights']) for r in rows],
              all(weights(r) == float(r['trained_weights']) for r in rows), f['chosen_width'][:, 0].tolist())
        """, [lab.folder.file("runs/budget")])
    #expect(
        check.out == "4 [71.0, 71.0, 14.0, 14.0] [497.0, 497.0, 490.0, 490.0] True [71.0, 14.0]\n",
        "\(check.out) \(check.err)")
}

@Test(arguments: [
    ("axes: {model.width: [8, 16]}", "sweep.parameters: chooses the width of each cell: model.width cannot be an axis"),
    ("axes: {seed: 0..1}, critical_width: {reach: 0.1}", "sweep.parameters: chooses the width of each cell"),
    ("axes: {seed: 0..1}, parameters: 0", "sweep.parameters"),
    ("axes: {seed: 0..1}, parameters: 1", "found 1: width 1 has 2 trained weights"),
]) func budgetsThatAreNone(sweep: String, message: String) throws {
    let given = sweep.contains("parameters") ? sweep : "parameters: 100, " + sweep
    let lab = Lab(smallConfig + "\nsweep: {\(given)}")
    let output = try lab.call(["sweep", "config.yaml", "--dry-run"])
    #expect(output.code == 2 && output.err.contains(message), "\(output.err)")
}
