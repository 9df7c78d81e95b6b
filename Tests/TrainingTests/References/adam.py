"""Writes what PyTorch's Adam and AdamW make of two networks in 20 steps, for AdamTests.

    python3 adam.py > adam.json

Numbers are flat, in ntklab's order: images (height, width, channels), convolutions (out, height, width, in), dense weights (out, in),
each layer's weight before its bias. Needs torch.
"""
import json

import torch
from torch import nn

STEPS, RATE = 20, 0.02
OPTIMIZERS = {
    "adam": lambda w: torch.optim.Adam(w, RATE),
    "ridge": lambda w: torch.optim.Adam(w, RATE, weight_decay=0.3),
    "adamw": lambda w: torch.optim.AdamW(w, RATE, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1),
}


def flat(tensors):
    """All numbers of images and convolutions with channels last, and of others as they are."""
    return [v for t in tensors for v in (t.permute(0, 2, 3, 1) if t.ndim == 4 else t).detach().flatten().tolist()]


def case(make, x, y):
    net = make()
    start = {name: value.clone() for name, value in net.state_dict().items()}
    ends = {}
    for name, optimizer in OPTIMIZERS.items():
        net.load_state_dict(start)
        steps = optimizer(net.parameters())
        for _ in range(STEPS):
            steps.zero_grad()
            (0.5 * ((net(x) - y) ** 2).sum()).backward()
            steps.step()
        ends[name] = flat(net.parameters())
    return {"x": flat([x]), "y": flat([y]), "start": flat(start.values()), "ends": ends}


def main():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(1)
    print(json.dumps({
        "mlp": case(lambda: nn.Sequential(nn.Linear(5, 9), nn.Tanh(), nn.Linear(9, 9), nn.Tanh(), nn.Linear(9, 2)),
                    torch.randn(8, 5), torch.randn(8, 2)),
        "cnn": case(lambda: nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 4, 3, padding=1), nn.ReLU(),
                                          nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2)),
                    torch.randn(6, 2, 5, 4), torch.randn(6, 2)),
    }))


if __name__ == "__main__":
    main()
