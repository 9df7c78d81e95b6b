"""Rebuilds a run of ntklab from its folder alone, trains it again, and says how far the two are apart.

    ntklab data batches RUN --steps 0..99 --to batches.h5
    python3 rebuild.py torch RUN batches.h5          (or numpy, which needs no torch)

Of the folder it reads data.h5, initial.h5, metrics.h5, checkpoints/last.h5 and, of a run that has ended, outputs.h5; batches.h5
has to hold every step of the run. Each quantity is printed with its largest error over its largest value. Exit code 1: one
is above 1e-10 (2e-4 in float32). Needs h5py and numpy. The files are described in Sources/ntklab/ntklab.docc/RebuildingARun.md.
"""
import importlib
import json
import os
import sys

import h5py
import numpy as np


def tensors(group):
    """The arrays below a group by their paths: {"W1/weight": ...}."""
    found = {}
    group.visititems(lambda name, item: found.update({name: item}) if isinstance(item, h5py.Dataset) else None)
    return found


class Run:
    """What the files say: network, start, objective and descent."""

    def __init__(self, folder, batches):
        initial = h5py.File(f"{folder}/initial.h5")
        # Plain numbers, which leave arrays of float32 what they are.
        self.say = {key: value.item() if isinstance(value, np.generic) else value for key, value in initial.attrs.items()}
        self.stages = [json.loads(text) for text in initial["network"].asstr()[()]]
        stored = tensors(initial["parameters"])
        self.start = {name: item[()] for name, item in stored.items()}
        self.trained = [name for name, item in stored.items() if item.attrs["trained"] == "yes"]
        self.added = {name: item[()] for name, item in tensors(initial["elimination"]).items()} if "elimination" in initial else {}
        self.data = {name: (item["inputs"][()], item["targets"][()])
                     for name, item in h5py.File(f"{folder}/data.h5").items() if name in ("train", "test")}
        self.metrics = {name: item[()] for name, item in h5py.File(f"{folder}/metrics.h5")["metrics"].items()}
        last = h5py.File(f"{folder}/checkpoints/last.h5")
        self.end = int(last.attrs["step"])
        self.weights = {name: item[()] for name, item in tensors(last["parameters"]).items()}
        self.ends = {name: last[f"elimination/{name}"][()] for name in self.added}
        self.outputs = {}
        if os.path.exists(f"{folder}/outputs.h5"):
            outputs = h5py.File(f"{folder}/outputs.h5")
            # Those of an earlier end, where the run went on from it and was stopped.
            if outputs.attrs["step"] == self.end:
                self.outputs = {name: outputs[name]["outputs"][()] for name in self.data}
        self.batches = {name: item[()] for name, item in tensors(h5py.File(batches)).items()}
        assert (self.batches["step"] == np.arange(len(self.batches["step"]))).all(), "batches of step 0 and on"


def loss(kind, f, y):
    """The loss of each sample and its derivative in f."""
    if kind == "squared":
        return ((f - y) ** 2).sum(1) / 2, f - y
    if kind == "cross-entropy":
        z = f - f.max(1, keepdims=True)
        total = np.exp(z).sum(1, keepdims=True)
        return np.log(total[:, 0]) - (y * z).sum(1), np.exp(z) / total - y
    e = np.exp(-np.abs(y * f))
    wrong = np.where(y * f >= 0, e, 1) / (1 + e)
    if kind == "logistic":
        return (np.maximum(-y * f, 0) + np.log1p(e)).sum(1), -y * wrong
    assert kind == "sigmoid", kind
    return wrong.sum(1), -y * wrong * (1 - wrong)


class Function:
    """f of weights and samples: the network g, α (g − g₀), or either of its linearization at the start."""

    def __init__(self, run, backend):
        self.run, self.backend = run, backend
        self.scale = run.say.get("lazy_scale", 1.0)
        self.is_lazy, self.is_linear = "lazy_scale" in run.say, run.say["linearized"] == "yes"

    def pullback(self, w, x):
        """f(w, x), and the function that makes the gradient of u · f of u."""
        run, g = self.run, self.backend
        f, vjp = g.pullback(run.stages, run.start if self.is_linear else w, x, run.trained)
        if self.is_linear:
            moved = {name: w[name] - run.start[name] for name in w}
            change = g.pushforward(run.stages, run.start, moved, x)
            f = self.scale * change + (0 if self.is_lazy else f)
        elif self.is_lazy:
            f = self.scale * (f - g.pullback(run.stages, run.start, x, run.trained)[0])
        return f, lambda u: vjp(self.scale * u)


def sgd(say, names):
    """Gradient descent: a function of step, rate and gradient that changes w."""
    v = {}

    def move(w, step, rate, gradient):
        mu = say["momentum"]
        for name in names:
            v[name] = mu * v.get(name, 0.0) + gradient[name]
            w[name] -= rate * (gradient[name] + mu * v[name] if say["nesterov"] == "yes" else v[name])
    return move


def adam(say, names):
    """The same for Adam."""
    m, v = {}, {}

    def move(w, step, rate, gradient):
        for name in names:
            g = gradient[name] + say["weight_decay"] * w[name]
            m[name] = say["beta1"] * m.get(name, 0.0) + (1 - say["beta1"]) * g
            v[name] = say["beta2"] * v.get(name, 0.0) + (1 - say["beta2"]) * g * g
            first, second = m[name] / (1 - say["beta1"] ** (step + 1)), v[name] / (1 - say["beta2"] ** (step + 1))
            w[name] -= rate * say["decoupled_weight_decay"] * w[name]
            w[name] -= rate * first / (second ** 0.5 + say["epsilon"])
    return move


def augmented(run, added, f, x, y, scale):
    """What is descended with the parameters of training.elimination: the cotangent of f, and the gradient in those."""
    say, n = run.say, len(run.data["train"][0])
    kind, x = say["elimination"], x.reshape(len(x), -1)
    a, b = added[kind + "/a"], added[kind + "/b"]
    weight = say["objective_scale"] / (n if say["reduction"] == "mean" else 1)
    penalty = 2 * scale * len(x) * say["elimination_weight"] / (n * weight) * a
    if kind == "scale":
        total, u = loss(say["loss"], f, y)
        total, off = scale * total.sum(), a * np.exp(b) - 1
        return (1 + off ** 2) * scale * u, {
            "scale/a": 2 * off * np.exp(b) * total + penalty, "scale/b": 2 * off * a * np.exp(b) * total}
    h = a * np.exp(x @ added["neuron/W"].T + b)
    u = scale * loss(say["loss"], f + h, y)[1]
    return u, {"neuron/a": (u * h).sum(0) / a + penalty, "neuron/b": (u * h).sum(0), "neuron/W": (u * h).T @ x}


def retrain(run, backend, report):
    """Takes the run's steps; compares the losses on the way, then weights and outputs."""
    say, function = run.say, Function(run, backend)
    w = {name: value.copy() for name, value in run.start.items()}
    # Runs of earlier versions know one alone.
    optimizer = {"sgd": sgd, "adam": adam}[say.get("optimizer", "sgd")]
    move, added = optimizer(say, run.trained), {name: value.copy() for name, value in run.added.items()}
    move_added = optimizer(say, list(added))
    x, y = run.data["train"]
    tracked = {int(step): row for row, step in enumerate(run.metrics["step"])}
    found = {"train_loss": [], "test_loss": []}
    for step in range(run.end + 1):
        if step in tracked:
            for name, (inputs, targets) in run.data.items():
                losses = loss(say["loss"], function.pullback(w, inputs)[0], targets)[0]
                total = losses.sum() if say["reduction"] == "sum" else losses.mean()
                found[name + "_loss"].append(say["objective_scale"] * total)
        if step == run.end:
            break
        rows = run.batches["rows"][step]
        rows = rows[rows >= 0]
        f, vjp = function.pullback(w, x[rows])
        scale, rate = float(run.batches["gradient_scale"][step]), float(run.batches["learning_rate"][step])
        if added:
            cotangent, more = augmented(run, added, f, x[rows], y[rows], scale)
            move_added(added, step, rate, more)
        else:
            cotangent = scale * loss(say["loss"], f, y[rows])[1]
        move(w, step, rate, vjp(cotangent))
    for name in run.data:
        report(name + "_loss", np.array(found[name + "_loss"]), run.metrics[name + "_loss"], elementwise=True)
        if name in run.outputs:
            report(name + " outputs", function.pullback(w, run.data[name][0])[0], run.outputs[name])
    for name in run.trained:
        report(name + " drift", w[name] - run.start[name], run.weights[name] - run.start[name])
    for name in added:
        report(name + " drift", added[name] - run.added[name], run.ends[name] - run.added[name])


def main(kind, folder, batches):
    run = Run(folder, batches)
    tolerance = 1e-10 if run.say["precision"] == "float64" else 2e-4
    worst = 0.0

    def report(what, ours, theirs, elementwise=False):
        nonlocal worst
        ours, theirs = np.asarray(ours, float), np.asarray(theirs, float)
        scale = np.abs(theirs) if elementwise else np.abs(theirs).max()
        error = float((np.abs(ours - theirs) / np.maximum(scale, 1e-300)).max())
        print(f"{what:24} {ours.size:8}  {error:.1e}{'' if error <= tolerance else '  DIFFERS'}")
        worst = max(worst, error if error == error else np.inf)

    retrain(run, importlib.import_module("rebuild_" + kind), report)
    return 0 if worst <= tolerance else 1


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    sys.exit(main(*sys.argv[1:]))
