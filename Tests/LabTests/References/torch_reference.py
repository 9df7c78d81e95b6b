"""Writes a reference file for `ntklab verify` from any sequential PyTorch network.

In your own script:

    from torch_reference import write_case
    with h5py.File("mine.h5", "w") as file:
        write_case(file, "my_network", net, x, y, reduction="mean", lr=0.1)

net: torch.nn.Sequential of Linear, Conv2d, AvgPool2d, MaxPool2d, AdaptiveAvgPool2d(1), Flatten, ReLU,
     LeakyReLU, Tanh, Sigmoid, Softplus and of Residual, below, in float64.
x:   (n, d), or images (n, channels, height, width); y: (n, K) for the squared error, integers (n,) for
     cross-entropy.
Parameters with requires_grad=False are frozen.

Run as a program, it writes the reference file of ntklab's own tests:

    python3 torch_reference.py torch.h5

Needs torch, numpy and h5py. The format is described in Sources/ntklab/ntklab.docc/ReferenceFiles.md.
"""
import json
import sys

import h5py
import numpy as np
import torch
from torch import nn
from torch.func import functional_call, jvp, vjp

STEPS = 20
LARGEST_HESSIAN = 700  # weights
ACTIVATIONS = {nn.ReLU: "relu", nn.Tanh: "tanh", nn.Sigmoid: "sigmoid", nn.Softplus: "softplus"}


class Residual(nn.Module):
    """shortcut(x) + scale * branch(x)"""

    def __init__(self, branch, shortcut=None, scale=1.0):
        super().__init__()
        self.branch, self.shortcut, self.scale = branch, shortcut, scale

    def forward(self, x):
        return (x if self.shortcut is None else self.shortcut(x)) + self.scale * self.branch(x)


def pair(value):
    return list(value) if isinstance(value, tuple) else [value, value]


class Architecture:
    """Walks a network with a sample in hand: its list of layers, and how its parameters are stored."""

    def __init__(self, net, x):
        # Torch's parameter name: our name, and what turns its array into ours.
        self.parameters = {}
        # Channels, height and width of the images that were flattened last, for the order of what follows.
        self.flattened = None
        with torch.no_grad():
            self.layers, _ = self.walk(net, x[:1], "")

    def walk(self, net, x, prefix):
        layers = []
        for index, module in net.named_children():
            layer, x = self.layer(module, x, f"{prefix}{index}")
            layers += layer
        return layers, x

    def layer(self, module, x, path):
        y = module(x)
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            return [self.weights(module, path)], y
        if isinstance(module, Residual):
            layer = {"type": "residual", "scale": module.scale,
                     "layers": self.walk(module.branch, x, f"{path}.branch.")[0]}
            if module.shortcut is not None:
                layer["shortcut"] = self.walk(module.shortcut, x, f"{path}.shortcut.")[0]
            return [layer], y
        if isinstance(module, nn.Flatten):
            # After a global pooling the values are a vector already.
            is_pooled = x.shape[2:] == (1, 1)
            self.flattened = None if is_pooled else x.shape[1:]
            return ([] if is_pooled else [{"type": "flatten"}]), y
        if isinstance(module, nn.AdaptiveAvgPool2d):
            return [{"type": "global_avg_pool"}], y
        if isinstance(module, (nn.AvgPool2d, nn.MaxPool2d)):
            kind = "avg_pool" if isinstance(module, nn.AvgPool2d) else "max_pool"
            return [{"type": kind, "kernel": pair(module.kernel_size), "stride": pair(module.stride)}], y
        if isinstance(module, nn.LeakyReLU):
            return [{"type": "leaky_relu", "negative_slope": module.negative_slope}], y
        return [{"type": ACTIVATIONS[type(module)]}], y

    def weights(self, module, path):
        is_conv, name = isinstance(module, nn.Conv2d), path.replace(".branch.", "b").replace(".shortcut.", "s")
        name = ("conv" if is_conv else "fc") + name
        self.parameters[f"{path}.weight"] = (f"{name}.W", self.conversion(is_conv))
        if module.bias is not None:
            self.parameters[f"{path}.bias"] = (f"{name}.b", lambda a: a)
        layer = {"type": "conv" if is_conv else "dense", "name": name, "bias": module.bias is not None,
                 "weight_scale": 1.0, "bias_scale": 1.0, "trainable": True}
        if is_conv:
            zeros = [[p, p] for p in pair(module.padding)]
            return layer | {"in": module.in_channels, "out": module.out_channels, "kernel": pair(module.kernel_size),
                            "stride": pair(module.stride), "padding": zeros}
        return layer | {"in": module.in_features, "out": module.out_features}

    def conversion(self, is_conv):
        """Convolutions as (height, width, in, out), dense weights as (in, out), flattened images with channels last."""
        images, self.flattened = self.flattened, None
        if is_conv:
            return lambda a: a.transpose(2, 3, 1, 0)
        if images is None:
            return lambda a: a.T
        return lambda a: a.reshape(-1, *images).transpose(2, 3, 1, 0).reshape(-1, len(a))


def write_group(parent, path, values, parameters):
    group = parent.create_group(path)
    for theirs, (ours, convert) in parameters.items():
        if theirs in values:
            group[ours] = np.ascontiguousarray(convert(values[theirs].detach().numpy()))


def kernel_parts(f, w):
    """The tangent kernel (n, n, K, K) of each tensor, from explicit Jacobians."""
    jacobian = torch.func.jacrev(f)(w)
    flat = {k: j.detach().flatten(2) for k, j in jacobian.items()}
    return {k: torch.einsum("iap,jbp->ijab", j, j) for k, j in flat.items()}


def write_kernels(case, f, w, parameters):
    parts = kernel_parts(f, w)
    ntk = sum(parts.values())
    n, outputs = ntk.shape[0], ntk.shape[2]
    case["ntk"] = ntk.numpy()
    case["ntk_trace"] = ntk.diagonal(dim1=2, dim2=3).sum(-1).numpy()
    for theirs, (ours, _) in parameters.items():
        if theirs in parts:
            case[f"ntk_trace_by_param/{ours}"] = parts[theirs].diagonal(dim1=2, dim2=3).sum(-1).numpy()
    case["ntk_eigenvalues"] = torch.linalg.eigvalsh(ntk.permute(0, 2, 1, 3).reshape(n * outputs, -1)).numpy()


def hessian_eigenvalues(loss, w):
    """Of the matrix of second derivatives of a loss in all trained weights."""
    blocks = torch.func.hessian(loss)(w)
    sizes = {k: v.numel() for k, v in w.items()}
    rows = [torch.cat([blocks[a][b].reshape(sizes[a], sizes[b]) for b in w], dim=1) for a in w]
    return torch.linalg.eigvalsh(torch.cat(rows).detach()).numpy()


def write_case(file, name, net, x, y, reduction="sum", lr=0.01, batch=3, description="", seed=0):
    """Writes /cases/<name>: weights, inputs and everything that PyTorch answers."""
    random = torch.Generator().manual_seed(seed)
    architecture = Architecture(net, x)
    layers, names = architecture.layers, architecture.parameters
    classified = y.dtype == torch.int64
    everything = {k: v.detach().clone() for k, v in net.named_parameters()}
    trained = {k: everything[k] for k, v in net.named_parameters() if v.requires_grad}
    frozen = [ours for theirs, (ours, _) in names.items() if theirs not in trained]

    def f(w, inputs=x):
        return functional_call(net, {**everything, **w}, (inputs,))

    def loss(w, rows=slice(None)):
        return of_outputs(f(w, x[rows]), rows)

    def of_outputs(out, rows=slice(None)):
        target = y[rows]
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
    case["x"] = x.numpy() if x.ndim == 2 else np.ascontiguousarray(x.numpy().transpose(0, 2, 3, 1))
    case["y"] = y.numpy()
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

    if sum(v.numel() for v in trained.values()) <= LARGEST_HESSIAN:
        case["hessian_eigenvalues"] = hessian_eigenvalues(loss, trained)
    write_kernels(case, f, trained, names)
    w, losses, drifts = dict(trained), [loss(trained).item()], [0.0]
    for _ in range(STEPS):
        g = grad(w)
        w = {k: w[k] - lr * g[k] for k in w}
        losses.append(loss(w).item())
        drifts.append(float(sum(((w[k] - trained[k]) ** 2).sum() for k in w)) ** 0.5)
    case["gd/losses"], case["gd/drift"], case["gd/f"] = losses, drifts, f(w).detach().numpy()
    case["gd"].attrs.update(lr=lr, steps=STEPS)
    case["gd/ntk_trace"] = sum(kernel_parts(f, w).values()).diagonal(dim1=2, dim2=3).sum(-1).numpy()
    write_group(case, "gd/params", w, names)

    def linearized(w):
        return f(trained) + jvp(f, (trained,), ({k: w[k] - trained[k] for k in w},))[1]

    w = dict(trained)
    losses = [of_outputs(linearized(w)).item()]
    for _ in range(STEPS):
        g = torch.func.grad(lambda w: of_outputs(linearized(w)))(w)
        w = {k: w[k] - lr * g[k] for k in w}
        losses.append(of_outputs(linearized(w)).item())
    case["gd/linearized_losses"], case["gd/linearized_f"] = losses, linearized(w).detach().numpy()

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
        for name, net in image_networks().items():
            # A generator of its own, so that a new case leaves the others as they are.
            images = torch.randn(5, 3, 9, 8, generator=torch.Generator().manual_seed(7))
            write_case(file, name, net, images, targets[:5], reduction="mean", lr=0.01, description=name)


def image_networks():
    """Every kind of layer on images of 9x8x3, and channels that fill vectors."""
    def end(channels, *head):
        return [*(head or (nn.AdaptiveAvgPool2d(1),)), nn.Flatten(), nn.Linear(channels, 3)]

    block = nn.Sequential(nn.ReLU(), nn.Conv2d(4, 6, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(6, 6, 3, padding=1))
    return {
        "cnn_same": nn.Sequential(nn.Conv2d(3, 5, 3, padding=1), nn.ReLU(), nn.Conv2d(5, 4, 5, padding=2), nn.ReLU(),
                                  *end(4)),
        "cnn_strides": nn.Sequential(nn.Conv2d(3, 5, (2, 4), stride=(3, 2), padding=(1, 0)), nn.Tanh(),
                                     nn.Conv2d(5, 4, (3, 1), stride=2, bias=False), nn.Tanh(), *end(4)),
        "cnn_flatten": nn.Sequential(nn.Conv2d(3, 4, (3, 2)), nn.Softplus(), *end(4 * 7 * 7, nn.Identity())[1:]),
        "cnn_pools": nn.Sequential(nn.Conv2d(3, 5, 1), nn.ReLU(), nn.AvgPool2d(2, stride=1), nn.Conv2d(5, 4, 3, padding=1),
                                   nn.Sigmoid(), nn.MaxPool2d((3, 2), stride=(2, 2)), *end(4 * 3 * 3, nn.Identity())[1:]),
        "cnn_full_vectors": nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 16, 3, padding=1),
                                          nn.ReLU(), *end(16)),
        "resnet_dense": nn.Sequential(nn.Flatten(), nn.Linear(216, 6), nn.ReLU(), Residual(nn.Sequential(nn.Linear(6, 6)), scale=0.2),
                                      nn.ReLU(), Residual(nn.Sequential(nn.Linear(6, 6), nn.Tanh()), scale=0.7), nn.Linear(6, 3)),
        "resnet_projected": nn.Sequential(
            nn.Conv2d(3, 4, 3, padding=1), Residual(nn.Sequential(nn.ReLU(), nn.Conv2d(4, 4, 3, padding=1), nn.ReLU(),
                                                                  nn.Conv2d(4, 4, 3, padding=1))),
            Residual(block, nn.Sequential(nn.Conv2d(4, 6, 1, stride=2)), scale=0.5), nn.ReLU(), *end(6)),
    }


if __name__ == "__main__":
    main(sys.argv[1])
