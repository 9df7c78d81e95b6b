"""Runs the network that `ntklab export` describes, with the weights that it wrote, and compares its outputs with the run's.

    python3 weights.py torch RUN FILE          (or numpy, which needs no torch)

FILE is what `ntklab export RUN --fold-scales` wrote, safetensors or NPZ. The network is its own description in Python, run by
PyTorch, or by the few modules below. Exit code 1: outputs differ by more than 1e-12 (1e-5 in float32) of the largest.
"""
import json
import sys
import zipfile

import h5py
import numpy as np


def load(path):
    """The arrays of a file, and what it says of itself."""
    if path.endswith(".npz"):
        return dict(np.load(path)), json.loads(zipfile.ZipFile(path).comment)
    data = open(path, "rb").read()
    length = int.from_bytes(data[:8], "little")
    header, start = json.loads(data[8:8 + length]), 8 + length
    metadata = header.pop("__metadata__", {})
    arrays, end = {}, 0
    for name, item in sorted(header.items(), key=lambda pair: pair[1]["data_offsets"]):
        a, b = item["data_offsets"]
        assert a == end and start % 8 == 0, "no holes, aligned"
        end = b
        arrays[name] = np.frombuffer(data[start + a:start + b], {"F32": "<f4", "F64": "<f8"}[item["dtype"]]).reshape(item["shape"])
    assert start + end == len(data)
    return arrays, metadata


class Module:
    """The part of torch.nn that these networks take, images as [n, channels, height, width]."""
    def __call__(self, x):
        return self.forward(x)

    def state(self, prefix=""):
        """Every place of an array, by its name in a state_dict."""
        for name, child in vars(self).items():
            if isinstance(child, Module):
                yield from child.state(f"{prefix}{name}.")
            elif name in ("weight", "bias") and child is not None:
                yield prefix + name, (self, name)


def pair(side):
    return side if isinstance(side, tuple) else (side, side)


def windows(x, kernel, stride):
    """[n, channels, rows, columns, ky, kx]."""
    (ky, kx), (sy, sx) = pair(kernel), pair(stride)
    return np.lib.stride_tricks.sliding_window_view(x, (ky, kx), axis=(2, 3))[:, :, ::sy, ::sx]


def elementwise(function):
    class Elementwise(Module):
        def __init__(self, *arguments, **others):
            self.arguments = arguments

        def forward(self, x):
            return function(x, *self.arguments)
    return Elementwise


class Sequential(Module):
    def __init__(self, *modules):
        self.modules = [str(i) for i in range(len(modules))]
        vars(self).update(zip(self.modules, modules))

    def forward(self, x):
        for name in self.modules:
            x = vars(self)[name](x)
        return x


class Linear(Module):
    def __init__(self, inputs, outputs, bias=True):
        self.weight, self.bias = np.zeros((outputs, inputs)), np.zeros(outputs) if bias else None

    def forward(self, x):
        return x @ self.weight.T + (0 if self.bias is None else self.bias)


class Conv2d(Module):
    def __init__(self, inputs, outputs, kernel, stride=1, padding=0, bias=True):
        self.kernel, self.stride, self.padding = kernel, stride, pair(padding)
        self.weight, self.bias = np.zeros((outputs, inputs) + pair(kernel)), np.zeros(outputs) if bias else None

    def forward(self, x):
        py, px = self.padding
        x = windows(np.pad(x, ((0, 0), (0, 0), (py, py), (px, px))), self.kernel, self.stride)
        y = np.einsum("ncijab,ocab->noij", x, self.weight)
        return y if self.bias is None else y + self.bias[:, None, None]


class ZeroPad2d(Module):
    def __init__(self, sides):
        self.sides = sides

    def forward(self, x):
        left, right, top, bottom = self.sides
        return np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))


class Pool2d(Module):
    def __init__(self, kernel, stride):
        self.kernel, self.stride = kernel, stride

    def forward(self, x):
        return self.reduce(windows(x, self.kernel, self.stride), axis=(4, 5))


class NN:
    Module, Sequential, Linear, Conv2d, ZeroPad2d = Module, Sequential, Linear, Conv2d, ZeroPad2d
    AvgPool2d = type("AvgPool2d", (Pool2d,), {"reduce": staticmethod(np.mean)})
    MaxPool2d = type("MaxPool2d", (Pool2d,), {"reduce": staticmethod(np.max)})
    AdaptiveAvgPool2d = elementwise(lambda x, side: x.mean(axis=(2, 3), keepdims=True))
    Flatten, Identity = elementwise(lambda x: x.reshape(len(x), -1)), elementwise(lambda x: x)
    ReLU, Tanh = elementwise(lambda x: np.maximum(x, 0)), elementwise(np.tanh)
    LeakyReLU = elementwise(lambda x, slope: np.where(x > 0, x, slope * x))
    Softplus = elementwise(lambda x: np.logaddexp(0, x))
    Sigmoid = elementwise(lambda x: 1 / (1 + np.exp(-x)))


class Torch:
    """The one function that is none of a module's."""
    @staticmethod
    def erf(x):
        return np.vectorize(__import__("math").erf, otypes=[x.dtype])(x)


def outputs(kind, code, arrays, x):
    if kind == "torch":
        import torch
        space = {"torch": torch, "nn": torch.nn}
        exec(code, space)
        model = space["model"].to(torch.from_numpy(x).dtype)
        # Strict: no name is missing, none is left over.
        model.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in arrays.items()})
        return model(torch.from_numpy(x)).detach().numpy()
    space = {"torch": Torch, "nn": NN}
    exec(code, space)
    places = dict(space["model"].state())
    assert set(places) == set(arrays), set(places) ^ set(arrays)
    for name, (module, key) in places.items():
        assert getattr(module, key).shape == arrays[name].shape, name
        setattr(module, key, arrays[name])
    return space["model"](x)


def main(kind, run, path):
    arrays, metadata = load(path)
    expected = h5py.File(run + "/outputs.h5")
    worst = 0.0
    for part in expected.keys() & {"train", "test"}:
        x = h5py.File(run + "/data.h5")[part]["inputs"][()]
        x = np.ascontiguousarray(x.transpose(0, 3, 1, 2)) if x.ndim == 4 else x
        y = expected[part]["outputs"][()]
        worst = max(worst, float(np.abs(outputs(kind, metadata["torch"], arrays, x) - y).max() / np.abs(y).max()))
    print(f"{kind}: {len(arrays)} tensors, outputs differ by {worst:.1e}")
    return 0 if worst <= (1e-12 if metadata["precision"] == "float64" else 1e-5) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
