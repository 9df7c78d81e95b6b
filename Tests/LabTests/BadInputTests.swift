import Console
import Files
import Foundation
import TestSupport
import Testing

private let sphere = "data: {source: sphere}\n"
private let gaussian = "data: {source: gaussian"
private let image = "data: {source: sphere, dimension: 16, image_shape: [4, 4, 1]}\n"

/// A configuration with one thing wrong, and the words its message needs.
private let badConfigs: [(text: String, words: [String])] = [
    ("", ["data", "model", "missing"]),
    ("just text", ["config.yaml:1", "keys and values"]),
    ("- a\n- list", ["keys and values"]),
    ("data: {source: sphere\nmodel:", ["YAML"]),
    ("a: b: c", ["YAML"]),
    ("data: {source: sphere}", ["model", "missing"]),
    ("data: {source: sphere}\nmodel: 7", ["config.yaml:2", "model", "expected keys and values", "7"]),
    ("data: {source: sphere}\nmodel: {width: 0}", ["config.yaml:2", "model.width", "1", "\"0\""]),
    ("data: {source: sphere}\nmodel: {width: -5}", ["model.width"]),
    ("data: {source: sphere}\nmodel: {width: wide}", ["model.width", "integer", "wide"]),
    ("data: {source: sphere}\nmodel: {width: 1.5}", ["model.width", "integer"]),
    ("data: {source: sphere}\nmodel: {width: 99999999999999999999}", ["model.width"]),
    ("data: {source: sphere}\nmodel: {widht: 10}", ["model.widht", "unknown key", "did you mean width"]),
    ("data: {source: sphere}\nmodel: {activation: rely}", ["model.activation", "did you mean relu"]),
    ("data: {source: sphere}\nmodel: {activation: [relu]}", ["model.activation", "a list"]),
    ("data: {source: sphere}\nmodel: {frozen: W1}", ["model.frozen", "list"]),
    ("data: {source: sphere}\nmodel: {frozen: [W9]}", ["W9", "W1, W2, W3"]),
    (sphere + "model: {network: resnet, output_activation: true}", ["model.output_activation", "unknown key"]),
    (sphere + "model: {network: cnn, sparsity: 0.5}", ["model.sparsity", "unknown key"]),
    (sphere + "model: {layers: [{type: conv, channels: 2, kernel: 3, sparsity: 0.5}]}", ["sparsity", "unknown key"]),
    (sphere + "model: {sparsity: 1}", ["config.yaml:2", "model.sparsity", "from 0 to 0.9999999", "1"]),
    (sphere + "model: {sparsity: -0.1}", ["model.sparsity", "-0.1"]),
    (sphere + "model: {width: 1, depth: 1, sparsity: 0.7}", ["W1", "leaves none of its 1 weights"]),
    (sphere + "model: {output_activation: tanh}", ["model.output_activation", "true or false"]),
    ("data: {source: sphere}\nmodel: {activation: leaky-relu, negative_slope: -0.5}", ["model.negative_slope"]),
    ("data: {source: sphere, samples: 1000000, answers: teacher, teacher_width: 1000000}\nmodel: {}", ["memory"]),
    ("data: {source: sphere}\nmodel: {width: 4, depth: 2000}", ["tracking", "metrics"]),
    ("data: {source: sphere, classes: [1, 1]}\nmodel: {}", ["data.classes", "different"]),
    ("data: {source: sphere}\nmodel: {bias: maybe}", ["model.bias", "true or false"]),
    ("data: {source: sphere}\nmodel: {parametrization: xavier}", ["paper, standard, ntk"]),
    ("data: {source: sphere}\nmodel: {}\nmodle: {}", ["config.yaml:3", "did you mean model"]),
    ("data: {source: sphere}\nmodel: {}\nprecision: float16", ["precision", "float32, float64"]),
    ("data: {source: sphere}\nmodel: {}\nseed: -1", ["seed"]),
    ("data: {source: sphere}\nmodel: {}\nname: a/b", ["name", "a/b"]),
    ("data: {source: sphere}\nmodel: {}\nloss: {kind: hinge}", ["loss.kind", "squared"]),
    (
        "data: {source: sphere, answers: gaussian}\nmodel: {}\nloss: {kind: cross-entropy}",
        ["cross-entropy", "real targets"]
    ),
    ("data: {source: sphere, encoding: one-hot}\nmodel: {}\nloss: {kind: logistic}", ["logistic", "sign"]),
    ("data: {source: sphere}\nmodel: {}\ntraining: {learning_rate: 0}", ["training.learning_rate", "auto"]),
    ("data: {source: sphere}\nmodel: {}\ntraining: {learning_rate: -1}", ["training.learning_rate"]),
    ("data: {source: sphere}\nmodel: {}\ntraining: {learning_rate: nan}", ["training.learning_rate"]),
    ("data: {source: sphere}\nmodel: {}\ntraining: {momentum: 1}", ["training.momentum"]),
    ("data: {source: sphere}\nmodel: {}\ntraining: {optimizer: adamw}", ["training.optimizer.kind", "sgd, adam"]),
    (
        "data: {source: sphere}\nmodel: {}\ntraining: {optimizer: adam, momentum: 0.9}",
        ["training.momentum", "expected 0", "adam"]
    ),
    (
        "data: {source: sphere}\nmodel: {}\ntraining: {optimizer: adam, learning_rate: auto}",
        ["training.learning_rate", "expected a number", "adam"]
    ),
    (
        "data: {source: sphere}\nmodel: {}\ntraining: {optimizer: {beta1: 0.9}}",
        ["training.optimizer.beta1", "unknown key"]
    ),
    (
        "data: {source: sphere}\nmodel: {}\ntraining: {optimizer: {kind: adam, beta2: 1}}",
        ["training.optimizer.beta2"]
    ),
    (
        "data: {source: sphere}\nmodel: {}\ntraining: {optimizer: {kind: adam, epsilon: 0}}",
        ["training.optimizer.epsilon"]
    ),
    (
        "data: {source: sphere, samples: 20}\nmodel: {width: 8}\ntraining: {optimizer: adam}\ntracking: {prediction: true}",
        ["tracking.prediction", "training.optimizer.kind: sgd", "adam"]
    ),
    (
        "data: {source: sphere}\nmodel: {}\ntraining: {elimination: neurons, learning_rate: 1}",
        ["training.elimination.kind", "none, neuron, scale"]
    ),
    (
        "data: {source: sphere}\nmodel: {}\ntraining: {elimination: {kind: scale, weight: 0}, learning_rate: 1}",
        ["training.elimination.weight"]
    ),
    (
        "data: {source: sphere}\nmodel: {}\ntraining: {elimination: {weight: 1}}",
        ["training.elimination.weight", "unknown key"]
    ),
    (
        "data: {source: sphere}\nmodel: {}\ntraining: {elimination: neuron}",
        ["training.elimination", "needs a number as training.learning_rate, found auto"]
    ),
    (
        "data: {source: sphere}\nmodel: {}\ntraining: {elimination: scale, lazy_scale: 2, learning_rate: 1}",
        ["training.elimination", "needs the network itself"]
    ),
    (
        "data: {source: sphere}\nmodel: {}\ntraining: {elimination: neuron, optimizer: {kind: adam, weight_decay: 1}}",
        ["training.elimination", "training.optimizer.weight_decay"]
    ),
    (
        "data: {source: sphere, samples: 20}\nmodel: {width: 8}\ntraining: {elimination: neuron, learning_rate: 1}\n"
            + "tracking: {prediction: true}",
        ["tracking.prediction", "training.elimination: none", "neuron"]
    ),
    ("data: {source: sphere}\nmodel: {}\ntraining: {batch: half}", ["training.batch", "full"]),
    ("data: {source: sphere}\nmodel: {}\ntraining: {batch: 2.5}", ["training.batch"]),
    ("data: {source: sphere}\nmodel: {}\ntraining: {schedule: {kind: linear}}", ["training.schedule.kind"]),
    (
        "data: {source: sphere}\nmodel: {}\ntraining: {schedule: {every: 5}}",
        ["training.schedule.every", "unknown key"]
    ),
    ("data: {source: sphere}\nmodel: {}\ntraining: {stop: {step: 5}}", ["did you mean steps"]),
    ("data: {source: sphere}\nmodel: {}\ntracking: {every: 0}", ["tracking.every", "log"]),
    ("data: {source: sphere}\nmodel: {}\ncheckpoints: {keep: -1}", ["checkpoints.keep"]),
    ("data: {source: sphere}\nmodel: {width: 1000000, depth: 50}", ["model", "MB", "smaller width"]),
    ("data: {source: sphere, samples: 2000000000, dimension: 10000000}\nmodel: {}", ["memory"]),
    (sphere + "model: {layers: []}", ["model.layers", "missing or empty"]),
    (sphere + "model: {layers: 3}", ["model.layers", "a list of layers"]),
    (sphere + "model: {network: layers}", ["model.layers", "missing"]),
    (sphere + "model: {network: mlp, layers: [{type: dense}]}", ["model.layers", "unknown key"]),
    (sphere + "model: {layers: [{type: dens}]}", ["model.layers[0].type", "did you mean dense"]),
    (sphere + "model: {layers: [dense]}", ["model.layers[0].type", "none"]),
    (sphere + "model: {layers: [{type: dense, unit: 3}]}", ["model.layers[0].unit", "did you mean units"]),
    (sphere + "model: {layers: [{type: conv, kernel: 0}]}", ["model.layers[0].kernel", "1 to 64", "\"0\""]),
    (sphere + "model: {layers: [{type: conv, kernel: [3, 3, 3]}]}", ["model.layers[0].kernel", "two in a list"]),
    (sphere + "model: {layers: [{type: conv}, {type: dense}]}", ["model", "convolution", "data.image_shape"]),
    (image + "model: {layers: [{type: conv}, {type: dense}]}", ["model", "dense", "flatten"]),
    (image + "model: {layers: [{type: flatten}, {type: dense, units: 3}]}", ["shape [3]", "2 outputs"]),
    (image + "model: {layers: [{type: conv, kernel: 5, padding: valid}]}", ["5x5 kernel", "[4, 4, 1]"]),
    (image + "model: {layers: [{type: max-pool, kernel: 9}]}", ["max pooling", "9x9"]),
    (image + "model: {layers: [{type: residual}]}", ["residual block needs layers"]),
    (
        image + "model: {layers: [{type: residual, layers: [{type: conv, channels: 2}]}]}",
        ["shape [4, 4, 2]", "shape [4, 4, 1]", "shortcut"]
    ),
    (image + "model: {layers: [{type: conv, name: a}, {type: conv, name: a}]}", ["same name", "a/weight"]),
    (image + "model: {network: resnet, stages: [1, 0]}", ["model.stages", "1 to 512", "[1, 0]"]),
    (image + "model: {network: resnet, stages: [-1]}", ["model.stages", "[-1]"]),
    (image + "model: {network: resnet, stages: [9223372036854775807, 1]}", ["model.stages"]),
    (image + "model: {network: resnet, stages: [3000000000]}", ["model.stages"]),
    (image + "model: {layers: [{type: conv, name: a/b}, {type: flatten}, {type: dense}]}", ["a/b", "no name"]),
    (
        image + "model: {layers: [{type: conv, name: x, bias: true}, {type: flatten}, {type: dense, name: x.bias}]}",
        ["same name"]
    ),
    (
        "data: {source: sphere, answers: gaussian}\nmodel: {}\ntraining: {stop: {accuracy: 1}}",
        ["training.stop.accuracy", "real targets"]
    ),
    (image + "model: {network: resnet, stages: [1, 1]}", ["model.stages", "pre-activation"]),
    (image + "model: {network: resnet, tau: small}", ["model.tau", "auto"]),
    (image + "model: {network: cnn, head: mean}", ["model.head", "global-average, flatten"]),
    (image + "model: {network: cnn, width: 60000, depth: 500}", ["MB", "smaller width"]),
    ("data: {source: sphere, dimension: 16, image_shape: [3, 3, 2]}\nmodel: {}", ["data.image_shape", "16"]),
    ("data: {source: sphere, dimension: 16, image_shape: [16]}\nmodel: {}", ["data.image_shape", "height"]),
    ("data: {source: sphere, grayscale: true}\nmodel: {}", ["data.grayscale", "3 channels"]),
    ("data: {source: sphere, average_pool: 2}\nmodel: {}", ["data.average_pool", "shape [16]"]),
    ("data: {source: mnist, folder: nowhere}\nmodel: {}", ["nowhere/mnist/train-images-idx3-ubyte", "yann.lecun.com"]),
    (
        "data: {source: cifar-10, folder: nowhere}\nmodel: {}",
        ["nowhere/cifar-10/data_batch_1.bin", "cifar-10-binary.tar.gz", "kriz"]
    ),
    (
        "data: {source: svhn, folder: nowhere}\nmodel: {}",
        ["nowhere/svhn/train_32x32.mat", "put train_32x32.mat from", "housenumbers"]
    ),
    (gaussian + ", deviation: 0}\nmodel: {}", ["data.deviation", "1e-12", "\"0\""]),
    (gaussian + ", noise: -1}\nmodel: {}", ["data.noise", "from 0", "\"-1\""]),
    (gaussian + ", class_count: 3}\nmodel: {}", ["data.class_count", "unknown key"]),
    (gaussian + ", separation: 0.1}\nmodel: {}", ["data.separation", "unknown key"]),
    (gaussian + ", answers: classes}\nmodel: {}", ["data.answers", "teacher, gaussian"]),
    (gaussian + ", answers: gaussian, noise: 0.5}\nmodel: {}", ["data.noise", "unknown key"]),
    (gaussian + ", answers: gaussian, teacher: {seed: 1}}\nmodel: {}", ["data.teacher.seed", "outputs"]),
    (gaussian + ", teacher: linear}\nmodel: {}", ["data.teacher", "keys and values", "\"linear\""]),
    (gaussian + ", teacher: {kind: relu}}\nmodel: {}", ["data.teacher.kind", "linear, sigmoid"]),
    (gaussian + ", teacher: {width: 3}}\nmodel: {}", ["data.teacher.width", "unknown key"]),
    (gaussian + ", teacher: {kind: sigmoid, scale: small}}\nmodel: {}", ["data.teacher.scale", "auto"]),
    (gaussian + "}\nmodel: {}\nloss: {kind: cross-entropy}", ["cross-entropy", "real targets"]),
    (gaussian + ", samples: 2000000000, dimension: 10000000}\nmodel: {}", ["memory"]),
    ("data: {source: sphere, deviation: 2}\nmodel: {}", ["data.deviation", "unknown key"]),
    ("data: {source: mnist, split: validation}\nmodel: {}", ["data.split", "official, train, test"]),
    ("data: {source: sphere}\nmodel: {}\ntraining: {stop: {accuracy: 2}}", ["training.stop.accuracy", "0 to 1"]),
    ("data: {source: parquet}\nmodel: {}", ["data.source", "csv"]),
    ("data: {source: csv}\nmodel: {}", ["data.path", "missing"]),
    ("data: {source: csv, path: none.csv}\nmodel: {}", ["none.csv", "No such file"]),
    ("data: {source: csv, path: .}\nmodel: {}", ["expected a file, found a folder"]),
    ("data: {source: sphere, separation: 1.9, samples: 50}\nmodel: {}", ["points", "separation"]),
    ("data: {source: sphere, classes: [7]}\nmodel: {}", ["data.classes", "7"]),
    ("data: {source: sphere, dimension: 16, dimension: 17}\nmodel: {}", ["config.yaml:1", "dimension", "twice"]),
    // What YAML 1.1 and 1.2 read differently.
    (sphere + "model: {width: 0100}", ["model.width", "\"0100\"", "leading zeros"]),
    (sphere + "model: {width: 1:30}", ["model.width", "\"1:30\"", "colons"]),
    (sphere + "model: {width: 1_000}", ["model.width", "underscores"]),
    (sphere + "model: {width: 0x10}", ["model.width", "\"0x10\""]),
    (sphere + "model: {width: 0o17}", ["model.width", "\"0o17\""]),
    (sphere + "model: {width: '16'}", ["model.width", "without quotes"]),
    (sphere + "model: {bias: yes}", ["model.bias", "write true or false"]),
    (sphere + "model: {bias: 'true'}", ["model.bias", "true or false"]),
    (sphere + "model: {}\ntraining: {auto_factor: 01.5}", ["training.auto_factor", "leading zeros"]),
    (sphere + "model: {}\ntraining: {auto_factor: .inf}", ["training.auto_factor", ".inf"]),
    (sphere + "model: {}\ntraining: {auto_factor: 1:30.5}", ["training.auto_factor"]),
    (sphere + "model: {width: 1e-1}", ["model.width", "integer"]),
    // What would not survive being stored, or a terminal.
    (sphere + "model: {}\nname: \"a\\nb\"", ["name", "control characters"]),
    (sphere + "model: {}\nname: \"a\\e[31mb\"", ["name", "<U+1B>[31m"]),
    (sphere + "model: {}\nname: \"a\\u202Eb\"", ["name", "<U+202E>"]),
    ("data: {source: csv, path: \"a\\tb\"}\nmodel: {}", ["data.path", "control characters"]),
    (sphere + "model: {frozen: [\"W1\\r\"]}", ["model.frozen", "names"]),
    (sphere + "model: {}\nname: " + String(repeating: "x", count: 300), ["name", "folder's name", "xxx…"]),
    // Little text that stands for much.
    (bomb + "model: {frozen: *a9}", ["stands for more than 100000 values"]),
    (bomb + "model: {layers: *a9}", ["stands for more than 100000 values"]),
    (bomb + "? *a9\n: 1", ["plain words as keys"]),
    (bomb + "z: {[*a9]: 1}", ["plain words as keys"]),
    ("a: " + String(repeating: "[", count: 100_000), ["config.yaml:1", "nesting"]),
    (String(repeating: "- ", count: 100_000), ["nesting"]),
    ("name: " + String(repeating: "x", count: 2_000_000), ["at most 1000000 bytes"]),
    (sphere + "model: {}\n" + (0..<40_000).map { "k\($0): 1\n" }.joined(), ["k0: unknown key", "and 39980 more"]),
    (sphere + "model: {}\nname: \u{0}", ["YAML", "control characters"]),
]

/// Nine lists of nine, each of the one before: 3e8 values.
private let bomb =
    (0..<10).map { i in
        "a\(i): &a\(i) [\(Array(repeating: i == 0 ? "x" : "*a\(i - 1)", count: 9).joined(separator: ","))]\n"
    }.joined() + sphere

/// A data file with something wrong: its name, its bytes, its section, the words.
private let badData: [(name: String, bytes: [UInt8], section: String, words: [String])] = {
    let good: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 5, 6]
    let idx = "source: idx, labels_path: bad.bin, path: bad.bin"
    let npy = "source: npy, labels_path: bad.bin, path: bad.bin"
    func header(_ text: String) -> [UInt8] {
        [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
    }
    return [
        ("bad.csv", Array("1,2,0\n1,2\n".utf8), "source: csv, path: bad.csv", ["line 2", "expected 3", "found 2"]),
        ("bad.csv", Array("1,2,0\n1,x,1\n".utf8), "source: csv, path: bad.csv", ["line 2, column 2", "\"x\""]),
        ("bad.csv", Array("1,2,0\n1,inf,1\n".utf8), "source: csv, path: bad.csv", ["finite number"]),
        ("bad.csv", Array("1,2,0.5\n1,2,1\n".utf8), "source: csv, path: bad.csv", ["integer label", "0.5"]),
        ("bad.csv", Array("1,,0\n1,2,1\n".utf8), "source: csv, path: bad.csv", ["line 1, column 2"]),
        ("bad.csv", [], "source: csv, path: bad.csv", ["no samples"]),
        ("bad.csv", Array("7\n8\n".utf8), "source: csv, path: bad.csv", ["columns"]),
        ("bad.csv", Array("0,0,0\n1,2,1\n".utf8), "source: csv, path: bad.csv", ["zero"]),
        ("bad.csv", [0x1F, 0x8B, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8], "source: csv, path: bad.csv", ["gzip"]),
        ("bad.bin", Array("GIF89a".utf8), idx, ["not an IDX file"]),
        ("bad.bin", Array(good.dropLast()), idx, ["cut off", "expected 2 bytes"]),
        ("bad.bin", good + [7], idx, ["more bytes"]),
        (
            "bad.bin", [0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255], idx,
            ["this machine does not hold"]
        ),
        ("bad.bin", [0, 0, 8, 1, 127, 255, 255, 255, 1], idx, ["cut off"]),
        ("bad.bin", [0, 0, 8], idx, ["cut off"]),
        ("bad.bin", Array("hello, world".utf8), npy, ["not an NPY file"]),
        ("bad.bin", header("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }"), npy, ["expected 48 bytes"]),
        ("bad.bin", header("{'descr': '<c16', 'fortran_order': False, 'shape': (3, 2), }"), npy, ["<c16"]),
        ("bad.bin", header("nonsense"), npy, ["header"]),
        ("bad.npz", Array("PK nonsense".utf8), "source: npz, path: bad.npz", ["NPZ"]),
        ("bad.h5", Array("nonsense".utf8), "source: hdf5, path: bad.h5", ["HDF5"]),
    ]
}()

private func excerpt(_ text: String) -> String { String(text.prefix(200)) }

/// One clear message, exit code 2, no trap, nothing written.
private func expectRefusal(_ output: Output, _ words: [String], _ lab: Lab, _ what: String) {
    #expect(output.code == 2 && output.signal == nil, "\(what): \(output.code) \(output.err)")
    #expect(!output.err.contains("Fatal error") && !output.err.contains("crashed"), "\(what)")
    for word in words { #expect(output.err.contains(word), "\(what): no \"\(word)\" in \(output.err)") }
    #expect(!FileManager.default.fileExists(atPath: lab.folder.file("runs")), "\(what): a run was begun")
}

@Test func everyBadConfigurationGetsOneMessage() throws {
    #expect(badConfigs.count + badData.count >= 40)
    for bad in badConfigs {
        let lab = Lab(bad.text)
        let output = try lab.call(["train", "config.yaml"])
        expectRefusal(output, bad.words, lab, excerpt(bad.text))
        #expect(output.err.utf8.count < 10_000, "\(excerpt(bad.text)): the message is as long as the file")
    }
}

@Test func everyBadDataFileGetsOneMessage() throws {
    for bad in badData {
        let lab = Lab("data: {\(bad.section)}\nmodel: {width: 8, depth: 1}")
        _ = lab.folder.write(bad.name, bad.bytes)
        expectRefusal(try lab.call(["train", "config.yaml"]), bad.words, lab, "\(bad.section) \(bad.words)")
    }
}

/// In place of a data file of any format; nothing waits for a writer of the pipe.
@Test(
    .timeLimit(.minutes(15)),
    arguments: [
        "csv, path: pipe", "npz, path: pipe", "hdf5, path: pipe", "idx, path: pipe, labels_path: pipe",
        "npy, path: pipe, labels_path: pipe",
    ])
func aPipeIsNoData(section: String) throws {
    let lab = Lab("data: {source: \(section)}\nmodel: {width: 8, depth: 1}")
    #expect(mkfifo(lab.folder.file("pipe"), 0o644) == 0)
    expectRefusal(try lab.call(["train", "config.yaml"]), ["pipe: expected a file, found a pipe"], lab, section)
}

@Test func allProblemsOfAFileAreReportedAtOnce() throws {
    let lab = Lab("data: {source: sphere}\nmodel:\n  width: 0\n  depht: 2\ntraining:\n  batch: no\n")
    let output = try lab.call(["train", "config.yaml", "--set", "seed=x"])
    for words in [
        "config.yaml:3: model.width", "config.yaml:4: model.depht", "config.yaml:6: training.batch", "--set seed",
    ] {
        #expect(output.err.contains(words), "\(output.err)")
    }
    #expect(output.code == 2)
}

@Test func badFlagsGetOneMessage() throws {
    let lab = Lab()
    for arguments in [
        ["train"], ["train", "none.yaml"], ["train", "config.yaml", "--widht", "3"],
        ["train", "config.yaml", "--threads", "0"],
        ["train", "config.yaml", "--set", "model.width"], ["train", "config.yaml", "--blas-core", "Nonsense"],
        ["train", "config.yaml", "--blas-core", ""],
        ["resume", "nowhere"], ["resume", "."], ["inspect", "nowhere"], ["inspect", "config.yaml"], ["verify"],
        ["verify", "none.h5"], ["verify", "config.yaml"], ["bench", "gemm", "--size", "0"],
        ["bench", "gemm", "--size", "3000000"], ["bench", "train", "--width", "900000"],
        ["bench", "train", "--network", "cnn9"],
        ["data", "import", "--format", "idx", "a", "--to", "b.h5"], ["frobnicate"],
    ] {
        expectRefusal(try lab.call(arguments), [], lab, arguments.joined(separator: " "))
    }
}
