import Configurations
import Console
import Execution
import Foundation
import Layers
import LinearAlgebra
import Networks
import TestSupport
import Testing

@Test func theResolvedConfigurationIsAFixedPoint() throws {
    let first = try Configuration(
        text: smallConfig, source: "a", overrides: ["model.width=17", "training.schedule={kind: cosine, steps: 9}"])
    let again = try Configuration(text: first.resolvedText, source: "b")
    #expect(first.resolvedText == again.resolvedText)
    #expect(first.resolvedText.contains("  width: 17\n") && first.resolvedText.contains("    steps: 9\n"))
}

@Test func everyKeyOfAResolvedConfigurationIsInTheReference() throws {
    let reference = try ConfigReference().lines(columns: 100).joined(separator: "\n")
    for key in [
        "data.source", "data.separation", "model.width", "training.stop.loss_ratio", "training.schedule.floor",
        "checkpoints.keep",
    ] {
        #expect(reference.contains("\n\(key)") || reference.hasPrefix(key), "\(key)")
    }
}

@Test func dryRunCountsParametersAndFlops() throws {
    let output = try Lab().call(["train", "config.yaml", "--dry-run"])
    // A 10·64, W1 and W2 64², B 3·64; a step has n = 48: forward over all, W1 and W2 twice more, B once.
    let parameters = 640 + 2 * 4096 + 192
    #expect(output.out.contains("parameters  \(parameters), 8192 trained"), "\(output.out)")
    #expect(output.code == 0)
}

/// Every kind of layer, in a list that is written out and read back.
@Test func listsOfLayersSurviveTheResolvedConfiguration() throws {
    let text = """
        data: {source: sphere, dimension: 48, image_shape: [4, 4, 3]}
        model:
          parametrization: ntk
          layers:
            - {type: conv, channels: 4, kernel: [3, 2], stride: [1, 2], padding: valid, name: "null", bias: true}
            - {type: activation, function: leaky-relu, negative_slope: 0.1}
            - type: residual
              scale: 0.5
              layers: [{type: conv, channels: 6}, {type: residual, layers: [{type: activation}]}]
              shortcut: [{type: conv, channels: 6, kernel: 1, deviation: 0.25, weight_scale: 2.0, trained: false}]
            - {type: avg-pool, kernel: [1, 2], stride: 1}
            - {type: max-pool, kernel: 1}
            - {type: global-avg-pool}
            - {type: flatten}
            - {type: dense, units: 5, role: hidden}
            - {type: dense}
        """
    let first = try Configuration(text: text, source: "a")
    let again = try Configuration(text: first.resolvedText, source: "b")
    #expect(first.resolvedText == again.resolvedText)
    let lines = try DryRun(first).lines(columns: 100)
    for words in ["null/weight [4, 3, 2, 3] trained", "W3/weight [6, 1, 1, 4] frozen"] {
        #expect(lines.contains { $0.split(separator: " ").joined(separator: " ").hasSuffix(words) }, "\(lines)")
    }
    #expect(first.resolvedText.contains("- {type: max-pool, kernel: 1, stride: 1}"))
    // A shorthand shows its list, and is still itself when read back.
    let short = try Configuration(text: "data: {source: sphere}\nmodel: {network: cnn, depth: 1}", source: "c")
    #expect(short.resolvedText.contains("  #   - {type: conv, channels: 64, kernel: 3, stride: 1, padding: same}\n"))
    #expect(try Configuration(text: short.resolvedText, source: "d").resolvedText == short.resolvedText)
}

/// The list that a shorthand shows has the activation of the outputs, and makes the same network.
@Test(arguments: [0, 2], Parametrization.allCases)
func outputsCanHaveAnActivation(depth: Int, parametrization: Parametrization) throws {
    func configured(_ model: String) throws -> Configuration {
        let rules = "activation: sigmoid, parametrization: \(parametrization.rawValue), output_signs: true"
        return try Configuration(text: "data: {source: sphere}\nmodel: {\(rules), \(model)}", source: "c")
    }
    let short = try configured("width: 5, depth: \(depth), output_activation: true")
    let listed = short.resolvedText.split(separator: "\n").compactMap { line in
        line.range(of: "#   - ").map { String(line[$0.upperBound...]) }
    }
    #expect(listed.last == "{type: activation, function: sigmoid}")
    #expect(listed.count == 3 + 2 * (depth + (parametrization == .paper ? 1 : 0)))
    let long = try configured("layers: [\(listed.joined(separator: ", "))]")
    let plain = try configured("width: 5, depth: \(depth)")
    let outputs = try [short, long, plain].map { configuration in
        let model = try configuration.model.model(inputShape: [3], outputs: 2)
        let (w, workspace) = (
            ParameterVector<Double>(model.layout, initializedFrom: 1), Workspace<Double>(model, rows: 2)
        )
        let x = MatrixBuffer<Double>(2, 3, [1, -2, 0.5, 0.3, 1, 2])
        workspace.forward(w.base, x.base, rows: 2)
        return (0..<4).map { workspace.outputs[$0] }
    }
    #expect(outputs[0] == outputs[1])
    #expect(zip(outputs[0], outputs[2]).allSatisfy { abs($0 - 1 / (1 + exp(-$1))) < 1e-15 })
}

/// What `--dry-run` says against what the kernel counted, as Python asks it.
@Test(arguments: [
    "model.width=1500",
    "model={network: cnn, width: 64, depth: 3}",
    "model={layers: [{type: conv, channels: 60, kernel: 15}, {type: activation}, {type: conv, channels: 60, kernel: 15}, "
        + "{type: flatten}, {type: dense}]}",
    "model={network: resnet, block: pre-activation, width: 32, stages: [2, 2]}",
])
func memoryIsPredicted(model: String) throws {
    for rate in ["auto", "1.0e-9"] {
        let lab = Lab()
        let sets = [
            "data={source: sphere, samples: 200, dimension: 588, image_shape: [14, 14, 3]}", model,
            "training.learning_rate=\(rate)", "training.stop.steps=2", "training.momentum=0.5",
        ]
        let arguments = ["train", "config.yaml", "--quiet"] + sets.flatMap { ["--set", $0] }
        let plan = try lab.call(arguments + ["--dry-run"])
        let line = plan.out.split(separator: "\n").first { $0.hasPrefix("memory") }
        let predicted = Double(line?.split(separator: " ")[1] ?? "") ?? 0
        let script = """
            import resource, subprocess, sys
            subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
            print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6)
            """
        let measured = try python(script, [ntklab] + arguments, folder: lab.folder.path)
        let peak = Double(measured.out.split(separator: "\n").last ?? "") ?? 0
        #expect(
            abs(predicted - peak) <= 0.2 * peak,
            "\(model), \(rate): \(predicted) MB, \(peak) MB; \(plan.err)\(measured.err)")
    }
}

/// From the official files to a trained network, with test samples of the official test set.
@Test func publishedDataIsTrainedOn() throws {
    let lab = Lab(
        "data: {source: cifar-10, samples: 30, test_samples: 10}\nname: small\nmodel: {network: cnn, width: 4}\n")
    let script = """
        import os, random
        os.makedirs('datasets/cifar-10')
        random.seed(0)
        for name in [f'data_batch_{i}' for i in range(1, 6)] + ['test_batch']:
            with open(f'datasets/cifar-10/{name}.bin', 'wb') as f:
                for n in range(10): f.write(bytes([n]) + random.randbytes(3072))
        """
    #expect(try python(script, folder: lab.folder.path).code == 0)
    let list = try lab.call(["data", "list"])
    #expect(list.code == 0 && list.out.contains("cifar-10: 60,000 photographs"), "\(list.err)")
    #expect(list.out.contains("train  present\n    test   present\n    from   https://www.cs.toronto.edu"))
    #expect(list.out.contains("missing train_32x32.mat"))
    let run = try lab.train([
        "data.grayscale=true", "data.average_pool=4", "training.stop.steps=3", "data.classes=[1, 5, 7]",
        "data.samples=12", "data.test_samples=3",
    ])
    #expect(run.output.code == 0, "\(run.output.err)")
    let plan = try lab.call(["train", "config.yaml", "--dry-run"])
    #expect(plan.out.contains("samples     30 train, 10 test"), "\(plan.out)\(plan.err)")
}
