"""Sharpness of ten small networks by SciPy's L-BFGS-B over losses in NumPy: writes sharpness.json beside this file.

    python sharpness_reference.py        (NumPy, SciPy; any version whose L-BFGS-B is that of 3.0)

Networks are trained for some steps first. Weights are flat, layer by layer, [out, in] and then the bias.
"""

import json
import pathlib

import numpy as np
from scipy.optimize import fmin_l_bfgs_b

CASES = [
    # name, width, depth, outputs, function, loss, reduction, bias, epsilon, steps
    ("tanh", 5, 2, 3, "tanh", "squared", "mean", True, 1e-3, 400),
    ("tanh, wide box", 5, 2, 3, "tanh", "squared", "mean", True, 2e-2, 400),
    ("relu", 6, 2, 2, "relu", "squared", "sum", True, 1e-3, 200),
    ("relu without biases", 6, 3, 2, "relu", "squared", "mean", False, 5e-4, 300),
    ("cross-entropy of tanh", 5, 2, 3, "tanh", "cross-entropy", "mean", True, 1e-3, 400),
    ("cross-entropy of relu", 6, 2, 3, "relu", "cross-entropy", "mean", True, 5e-4, 400),
    ("summed cross-entropy", 6, 1, 3, "relu", "cross-entropy", "sum", False, 1e-3, 100),
    ("linear regression", 1, 0, 2, "tanh", "squared", "mean", True, 1e-3, 300),
    ("deep relu", 4, 4, 2, "relu", "squared", "mean", True, 5e-3, 300),
    ("one hidden layer", 8, 1, 1, "tanh", "squared", "sum", False, 5e-4, 100),
]
INPUTS, ROWS, DIRECTIONS, ITERATIONS = 4, 10, 3, 10


class Network:
    def __init__(self, width, depth, outputs, function, loss, reduction, bias):
        sizes = [INPUTS] + [width] * depth + [outputs]
        self.shapes = list(zip(sizes[1:], sizes))
        self.function, self.loss, self.reduction, self.bias = function, loss, reduction, bias
        self.count = sum(o * i + (o if bias else 0) for o, i in self.shapes)

    def layers(self, w):
        place = 0
        for o, i in self.shapes:
            weight = w[place : place + o * i].reshape(o, i)
            place += o * i
            yield weight, w[place : place + o] if self.bias else np.zeros(o)
            place += o if self.bias else 0

    def value(self, w, x, y):
        """F and its gradient."""
        layers = list(self.layers(w))
        values, slopes = [x], []
        for k, (weight, bias) in enumerate(layers):
            z = values[-1] @ weight.T + bias
            if k == len(layers) - 1:
                f = z
            elif self.function == "tanh":
                values.append(np.tanh(z))
                slopes.append(1 - values[-1] ** 2)
            else:
                values.append(np.maximum(z, 0))
                slopes.append((z > 0).astype(float))
        scale = 1 / len(x) if self.reduction == "mean" else 1.0
        if self.loss == "squared":
            total, d = 0.5 * ((f - y) ** 2).sum(), f - y
        else:
            top = f.max(axis=1, keepdims=True)
            e = np.exp(f - top)
            total = (np.log(e.sum(axis=1)) + top[:, 0] - (f * y).sum(axis=1)).sum()
            d = e / e.sum(axis=1, keepdims=True) - y
        d = d * scale
        parts = []
        for k in reversed(range(len(layers))):
            parts.append(np.concatenate([(d.T @ values[k]).ravel()] + ([d.sum(axis=0)] if self.bias else [])))
            if k > 0:
                d = (d @ layers[k][0]) * slopes[k - 1]
        return total * scale, np.concatenate(parts[::-1])


def largest(h, bounds):
    """The largest value that SciPy finds from the middle of a box."""
    seen = []

    def falling(z):
        value, gradient = h(z)
        seen.append(value)
        return -value, -gradient

    fmin_l_bfgs_b(
        falling, np.zeros(len(bounds)), bounds=[(-b, b) for b in bounds], m=10, factr=0, pgtol=0, maxiter=ITERATIONS)
    return max(seen)


def case(name, width, depth, outputs, function, loss, reduction, bias, epsilon, steps, seed):
    random = np.random.default_rng(seed)
    network = Network(width, depth, outputs, function, loss, reduction, bias)
    x = random.normal(size=(ROWS, INPUTS)).round(4)
    y = random.normal(size=(ROWS, outputs)).round(4)
    if loss == "cross-entropy":
        y = np.eye(outputs)[random.integers(outputs, size=ROWS)]
    w = random.normal(size=network.count) * 0.6
    for _ in range(steps):
        w = w - (0.005 if reduction == "sum" else 0.05) * network.value(w, x, y)[1]
    base = network.value(w, x, y)[0]
    a = random.normal(size=(network.count, DIRECTIONS)).round(4)
    inverse = np.linalg.lstsq(a, w, rcond=None)[0]

    def sharpness(top):
        return 100 * (top - base) / (1 + base)

    def through(z):
        value, gradient = network.value(w + a @ z, x, y)
        return value, a.T @ gradient

    def relative(z):
        value, gradient = network.value(w * (1 + z), x, y)
        return value, w * gradient

    return {
        "name": name, "width": width, "depth": depth, "outputs": outputs, "function": function, "loss": loss,
        "reduction": reduction, "bias": bias, "epsilon": epsilon, "x": x.ravel().tolist(), "y": y.ravel().tolist(),
        "w": w.tolist(), "directions": a.T.ravel().tolist(), "value": base,
        "full": sharpness(largest(lambda z: network.value(w + z, x, y), epsilon * (np.abs(w) + 1))),
        "subspace": sharpness(largest(through, epsilon * (np.abs(inverse) + 1))),
        "relative": sharpness(largest(relative, np.full(network.count, epsilon))),
    }


if __name__ == "__main__":
    cases = [case(*c, seed=20 + k) for k, c in enumerate(CASES)]
    for c in cases:
        print(f"{c['name']:24} n {len(c['w']):3}  F {c['value']:.4g}  "
              + "  ".join(f"{k} {c[k]:.4g}" for k in ("full", "subspace", "relative")))
    path = pathlib.Path(__file__).with_name("sharpness.json")
    path.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
