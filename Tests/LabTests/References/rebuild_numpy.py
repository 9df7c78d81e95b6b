"""The network of a run in NumPy, from the stages of its initial.h5, with derivatives written out: see rebuild.py."""
import math

import numpy as np

erf = np.vectorize(math.erf, otypes=[float])
# φ and φ'; complex arguments, whose imaginary parts carry derivatives, branch by their real parts.
ACTIVATIONS = {
    "linear": (lambda x: x, np.ones_like),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), lambda x: 1 / (1 + np.exp(-x)) / (1 + np.exp(x))),
    "softplus": (lambda x: np.log(1 + np.exp(x)), lambda x: 1 / (1 + np.exp(-x))),
    "erf": (erf, lambda x: 2 / math.sqrt(math.pi) * np.exp(-x * x)),
}


def activation(stage):
    if stage["function"] in ACTIVATIONS:
        return ACTIVATIONS[stage["function"]]
    slope = stage.get("negative_slope", 0.0)
    return (lambda x: np.where(x.real > 0, x, slope * x)), (lambda x: np.where(x.real > 0, 1.0, slope))


def windows(stage, shape):
    """For each place (ky, kx) of a window: the pixels of the padded image that it meets, and the padding."""
    (top, bottom), (left, right) = stage.get("padding", [[0, 0], [0, 0]])
    height, width = shape[1] + top + bottom, shape[2] + left + right
    (ky, kx), (sy, sx) = stage["kernel"], stage["stride"]
    rows, columns = (height - ky) // sy + 1, (width - kx) // sx + 1
    places = {(i, j): (slice(None), slice(i, i + sy * (rows - 1) + 1, sy), slice(j, j + sx * (columns - 1) + 1, sx))
              for i in range(ky) for j in range(kx)}
    return places, [(0, 0), (top, bottom), (left, right), (0, 0)]


def cut(padded, padding):
    return padded[:, padding[1][0]:padded.shape[1] - padding[1][1], padding[2][0]:padded.shape[2] - padding[2][1]]


def weighted(stage, w, x):
    """y, and x̄ and the gradients of ȳ; a dense layer is a window of one pixel."""
    weight, s = w[stage["weight"]], stage["weight_scale"]
    if stage["type"] == "dense":
        places, padding, image, weight = {(0, 0): ...}, [(0, 0)] * x.ndim, x, weight[:, None, None, :]
    else:
        places, padding = windows(stage, x.shape)
        image = np.pad(x, padding)
    y = s * sum(image[at] @ weight[:, i, j].T for (i, j), at in places.items())
    if "bias" in stage:
        y = y + stage["bias_scale"] * w[stage["bias"]]

    def back(u):
        outputs = u.reshape(-1, u.shape[-1])
        x_bar, w_bar = np.zeros_like(image), np.zeros_like(weight)
        for (i, j), at in places.items():
            x_bar[at] += s * (u @ weight[:, i, j])
            w_bar[:, i, j] = s * outputs.T @ image[at].reshape(len(outputs), -1)
        found = {stage["weight"]: w_bar.reshape(w[stage["weight"]].shape)}
        if "bias" in stage:
            found[stage["bias"]] = stage["bias_scale"] * outputs.sum(0)
        return x_bar if stage["type"] == "dense" else cut(x_bar, padding), found

    return y, back


def pooled(stage, x):
    """y and the map from ȳ to x̄; at ties the first place of a window in row order counts."""
    if stage["type"] == "global_avg_pool":
        return x.mean((1, 2)), lambda u: np.broadcast_to(u[:, None, None] / (x.shape[1] * x.shape[2]), x.shape)
    places, _ = windows(stage, x.shape)
    parts = np.stack([x[at] for at in places.values()])
    if stage["type"] == "avg_pool":
        y, share = parts.mean(0), [1 / len(places)] * len(places)
    else:
        first = parts.real.argmax(0)
        y, share = np.take_along_axis(parts, first[None], 0)[0], [first == k for k in range(len(places))]

    def back(u):
        x_bar = np.zeros_like(x)
        for part, at in zip(share, places.values()):
            x_bar[at] += part * u
        return x_bar

    return y, back


def forward(stages, w, x):
    """The values, and for each stage the map from ȳ to ([(value, its cotangent)], gradients)."""
    values, backs = [x], []
    for stage in stages:
        x, source, kind = values[stage["source"]], stage["source"], stage["type"]
        if kind in ("dense", "conv"):
            y, pull = weighted(stage, w, x)
            back = lambda u, pull=pull, source=source: ([(source, pull(u)[0])], pull(u)[1])
        elif kind == "sum":
            y = values[stage["skip"]] + stage["scale"] * x
            back = lambda u, stage=stage: ([(stage["skip"], u), (stage["source"], stage["scale"] * u)], {})
        elif kind == "activation":
            phi, slope = activation(stage)
            y = phi(x)
            back = lambda u, x=x, slope=slope, source=source: ([(source, slope(x) * u)], {})
        elif kind == "flatten":
            y = x.reshape(len(x), -1)
            back = lambda u, x=x, source=source: ([(source, u.reshape(x.shape))], {})
        else:
            y, pull = pooled(stage, x)
            back = lambda u, pull=pull, source=source: ([(source, pull(u))], {})
        values.append(y)
        backs.append(back)
    return values, backs


def pullback(stages, w, x, trained):
    """g(w, x), and the function that makes the gradient of u · g of u."""
    values, backs = forward(stages, w, x)

    def vjp(u):
        cotangents, gradient = {len(stages): u}, {}
        for s in reversed(range(len(stages))):
            sources, found = backs[s](cotangents[s + 1])
            gradient.update(found)
            for value, cotangent in sources:
                cotangents[value] = cotangents.get(value, 0) + cotangent
        return gradient

    return values[-1], vjp


def pushforward(stages, w, change, x):
    """J(w, x) ẇ as the imaginary part of g(w + i h ẇ)/h, exact for h this small (Squire, Trapp 1998)."""
    h = 1e-30
    moved = {name: w[name] + 1j * h * change[name] for name in w}
    return forward(stages, moved, x)[0][-1].imag / h
