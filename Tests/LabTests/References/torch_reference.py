"""Writes a reference file for `ntklab verify` from any sequential PyTorch network.

In your own script:

    from torch_reference import write_case
    with h5py.File("mine.h5", "w") as file:
        write_case(file, "my_network", net, x, y, reduction="mean", lr=0.1)

net: torch.nn.Sequential of Linear, ReLU, LeakyReLU, Tanh, Sigmoid and Softplus, in float64.
x:   (n, d); y: (n, K) for the squared error, integers (n,) for cross-entropy.
Parameters with requires_grad=False are frozen.

Run as a program, it writes the reference file of ntklab's own tests:

    python3 torch_reference.py torch.h5

Needs torch, numpy and h5py. The format is described in Sources/Lab/Lab.docc/ReferenceFiles.md.
"""
import json
import sys

import h5py
import numpy as np
import torch
from torch import nn
from torch.func import functional_call, jvp, vjp

STEPS = 20
ACTIVATIONS = {nn.ReLU: "relu", nn.Tanh: "tanh", nn.Sigmoid: "sigmoid", nn.Softplus: "softplus"}


def architecture(net):
    """The list of layers, and (our name, torch's name) of every parameter."""
    layers, names = [], []
    for index, module in net.named_children():
        if isinstance(module, nn.Linear):
            name, bias = f"fc{index}", module.bias is not None
            layers.append({"type": "dense", "name": name, "in": module.in_features, "out": module.out_features,
                           "bias": bias, "weight_scale": 1.0, "bias_scale": 1.0, "trainable": True})
            names.append((f"{name}.W", f"{index}.weight"))
            if bias:
                names.append((f"{name}.b", f"{index}.bias"))
        elif isinstance(module, nn.LeakyReLU):
            layers.append({"type": "leaky_relu", "negative_slope": module.negative_slope})
        else:
            layers.append({"type": ACTIVATIONS[type(module)]})
    return layers, names


def as_array(tensor):
    """Reference files hold dense weights as (in, out)."""
    array = tensor.detach().numpy()
    return np.ascontiguousarray(array.T) if array.ndim == 2 else array


def write_group(parent, path, values, names):
    group = parent.create_group(path)
    for ours, theirs in names:
        if theirs in values:
            group[ours] = as_array(values[theirs])


def write_case(file, name, net, x, y, reduction="sum", lr=0.01, batch=3, description="", seed=0):
    """Writes /cases/<name>: weights, inputs and everything that PyTorch answers."""
    random = torch.Generator().manual_seed(seed)
    layers, names = architecture(net)
    classified = y.dtype == torch.int64
    everything = {k: v.detach().clone() for k, v in net.named_parameters()}
    trained = {k: everything[k] for k, v in net.named_parameters() if v.requires_grad}
    frozen = [ours for ours, theirs in names if theirs not in trained]

    def f(w, inputs=x):
        return functional_call(net, {**everything, **w}, (inputs,))

    def loss(w, rows=slice(None)):
        out, target = f(w, x[rows]), y[rows]
        if classified:
            total = nn.functional.cross_entropy(out, target, reduction="sum")
        else:
            total = 0.5 * ((out - target) ** 2).sum()
        return total / len(target) if reduction == "mean" else total

    grad = torch.func.grad(loss)

    def draw():
        return {k: torch.randn(v.shape, dtype=v.dtype, generator=random) for k, v in trained.items()}

    case = file.create_group(f"cases/{name}")
    case.attrs["description"] = np.bytes_(description)
    case.attrs["arch"] = np.bytes_(json.dumps(layers))
    case.attrs["loss"] = np.bytes_("ce" if classified else "mse")
    case.attrs["reduction"] = np.bytes_(reduction)
    case.attrs["frozen"] = np.bytes_(json.dumps(frozen))
    case["x"], case["y"] = x.numpy(), y.numpy()
    write_group(case, "params", everything, names)
    case["f"] = f(trained).detach().numpy()
    case["loss"] = np.array([loss(trained).item()])
    write_group(case, "grads", grad(trained), names)

    t, v, u = draw(), draw(), torch.randn(f(trained).shape, dtype=x.dtype, generator=random)
    write_group(case, "jvp/t", t, names)
    case["jvp/Jt"] = jvp(f, (trained,), (t,))[1].detach().numpy()
    case["vjp/u"] = u.numpy()
    write_group(case, "vjp/JTu", vjp(f, trained)[1](u)[0], names)
    write_group(case, "hvp/v", v, names)
    write_group(case, "hvp/Hv", jvp(grad, (trained,), (v,))[1], names)

    w, losses, drifts = dict(trained), [loss(trained).item()], [0.0]
    for _ in range(STEPS):
        g = grad(w)
        w = {k: w[k] - lr * g[k] for k in w}
        losses.append(loss(w).item())
        drifts.append(float(sum(((w[k] - trained[k]) ** 2).sum() for k in w)) ** 0.5)
    case["gd/losses"], case["gd/drift"], case["gd/f"] = losses, drifts, f(w).detach().numpy()
    case["gd"].attrs.update(lr=lr, steps=STEPS)
    write_group(case, "gd/params", w, names)

    order = torch.stack([torch.randperm(len(x), generator=random)[:batch] for _ in range(STEPS)])
    w, losses, batch_losses = dict(trained), [loss(trained).item()], []
    for rows in order:
        batch_losses.append(loss(w, rows).item())
        g = torch.func.grad(loss)(w, rows)
        w = {k: w[k] - lr * g[k] for k in w}
        losses.append(loss(w).item())
    case["sgd/order"], case["sgd/losses"], case["sgd/batch_losses"] = order.numpy(), losses, batch_losses
    case["sgd"].attrs.update(lr=lr, steps=STEPS, batch=batch)
    write_group(case, "sgd/params", w, names)


def main(path):
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(1)

    def stack(activation, sizes, bias):
        modules = []
        for a, b in zip(sizes, sizes[1:]):
            modules += [nn.Linear(a, b, bias=bias), activation()]
        return nn.Sequential(*modules[:-1])

    x, targets, labels = torch.randn(7, 5), torch.randn(7, 3), torch.randint(0, 3, (7,))
    with h5py.File(path, "w") as file:
        for activation in (nn.ReLU, nn.LeakyReLU, nn.Tanh, nn.Sigmoid, nn.Softplus):
            name = activation.__name__.lower()
            net = stack(activation, (5, 8, 6, 3), bias=True)
            write_case(file, f"{name}_squared_mean", net, x, targets, reduction="mean", lr=0.1, description=name)
        write_case(file, "relu_cross_entropy", stack(nn.ReLU, (5, 9, 9, 9, 3), bias=False), x, labels, lr=0.05)
        frozen = stack(nn.Tanh, (5, 8, 8, 3), bias=True)
        frozen[0].weight.requires_grad_(False)
        frozen[4].bias.requires_grad_(False)
        write_case(file, "tanh_partly_frozen", frozen, x, targets, lr=0.02)
        write_case(file, "linear_regression", stack(nn.ReLU, (5, 3), bias=True), x, targets, lr=0.02)


if __name__ == "__main__":
    main(sys.argv[1])
