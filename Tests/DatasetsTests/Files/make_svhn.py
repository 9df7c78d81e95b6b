"""Writes the small MATLAB files of the tests: python3 make_svhn.py. Needs numpy and scipy.

X[y, x, c, n] = (3 y + 5 x + 7 c + 11 n) mod 256, y[n] = n mod 10 + 1 (so the digit 0 has label 10).
"""
import numpy as np
from scipy.io import savemat

n = 12
y, x, c, i = np.meshgrid(np.arange(32), np.arange(32), np.arange(3), np.arange(n), indexing="ij")
images = ((3 * y + 5 * x + 7 * c + 11 * i) % 256).astype(np.uint8)
labels = (np.arange(n) % 10 + 1).reshape(n, 1)

savemat("packed.mat", {"X": images, "y": labels.astype(np.uint8)}, do_compression=True)
savemat("plain.mat", {"extra": np.ones((2, 2)), "X": images[..., :1], "y": labels[:1].astype(float)})
savemat("labels.mat", {"X": images[..., :2], "y": np.array([[3], [77]])}, do_compression=True)
savemat("gray.mat", {"X": images[:, :, 0, :2], "y": labels[:2]}, do_compression=True)
savemat("nox.mat", {"y": labels}, do_compression=True)
