"""The network of a run in PyTorch, from the stages of its initial.h5: see rebuild.py."""
import numpy as np
import torch
from torch.func import jvp
from torch.nn import functional as F

ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "erf": torch.erf,
               "softplus": lambda x: torch.logaddexp(x, torch.zeros_like(x)), "linear": lambda x: x}


def activation(stage, x):
    if stage["function"] == "leaky-relu":
        return F.leaky_relu(x, stage["negative_slope"])
    return ACTIVATIONS[stage["function"]](x)


def weighted(stage, w, x):
    """s x Wᵀ + s_b b; images are (n, height, width, channels) here, channels come first in torch."""
    weight = stage["weight_scale"] * w[stage["weight"]]
    bias = stage["bias_scale"] * w[stage["bias"]] if "bias" in stage else None
    if stage["type"] == "dense":
        return F.linear(x, weight, bias)
    (top, bottom), (left, right) = stage["padding"]
    x = F.pad(x.permute(0, 3, 1, 2), (left, right, top, bottom))
    return F.conv2d(x, weight.permute(0, 3, 1, 2), bias, tuple(stage["stride"])).permute(0, 2, 3, 1)


def pooled(stage, x):
    if stage["type"] == "global_avg_pool":
        return x.mean((1, 2))
    pool = F.avg_pool2d if stage["type"] == "avg_pool" else F.max_pool2d
    return pool(x.permute(0, 3, 1, 2), tuple(stage["kernel"]), tuple(stage["stride"])).permute(0, 2, 3, 1)


def forward(stages, w, x):
    values = [x]
    for stage in stages:
        x, kind = values[stage["source"]], stage["type"]
        if kind in ("dense", "conv"):
            y = weighted(stage, w, x)
        elif kind == "activation":
            y = activation(stage, x)
        elif kind == "sum":
            y = values[stage["skip"]] + stage["scale"] * x
        else:
            y = x.flatten(1) if kind == "flatten" else pooled(stage, x)
        values.append(y)
    return values[-1]


def pullback(stages, w, x, trained):
    """g(w, x), and the function that makes the gradient of u · g of u."""
    w = {name: torch.from_numpy(value).requires_grad_(name in trained) for name, value in w.items()}
    f = forward(stages, w, torch.from_numpy(x))

    def vjp(u):
        found = torch.autograd.grad(f, [w[name] for name in trained], torch.from_numpy(np.asarray(u)))
        return {name: gradient.numpy() for name, gradient in zip(trained, found)}

    return f.detach().numpy(), vjp


def pushforward(stages, w, change, x):
    """J(w, x) ẇ."""
    w, change = ({name: torch.from_numpy(value) for name, value in part.items()} for part in (w, change))
    return jvp(lambda p: forward(stages, p, torch.from_numpy(x)), (w,), (change,))[1].numpy()
