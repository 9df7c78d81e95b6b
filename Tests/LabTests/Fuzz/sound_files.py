"""Sound files of the kinds that are read, into a folder: HDF5 of old and new formats, gzip, zip archives, zlib streams."""

import gzip
import os
import sys
import zlib

import h5py
import numpy as np

os.chdir(sys.argv[1])
chance = np.random.RandomState(0)
inputs, labels = chance.rand(24, 6), np.arange(24) % 3

for format in ("earliest", "latest"):
    with h5py.File(f"{format}.h5", "w", libver=format) as f:
        f["x"], f["y"] = inputs, labels
        f["x"].attrs["units"], f["x"].attrs["layout"] = "m", "sample,feature"
        f.create_dataset("packed", data=inputs, chunks=(8, 3), compression="gzip", shuffle=True, fletcher32=True)
        f.create_dataset("growing", data=inputs, chunks=(8, 3), maxshape=(None, 6))
        f["bool"], f["complex"], f["type"] = labels == 2, np.zeros(3, "c8"), np.dtype("f8")
        f.create_dataset("texts", data=["one", "two", "three"], dtype=h5py.string_dtype())
        group = f.create_group("group/inner")
        group["up"], f["soft"], f["external"] = f["group"], h5py.SoftLink("/group"), h5py.ExternalLink("q.h5", "/x")
        for i in range(20):
            group[f"number{i}"] = np.float32(i)
        for i in range(12):
            f.attrs[f"attribute{i}"] = ["text", 7, 0.5, np.arange(3)][i % 4]
    with h5py.File(f"chunked-{format}.h5", "w", libver=format) as f:
        f.create_dataset("x", data=inputs, chunks=(8, 3), compression="gzip")
        f.create_dataset("y", data=labels, chunks=(5,), maxshape=(None,))

table = "\n".join(",".join(map(str, row)) for row in inputs.round(3).tolist()).encode()
for name, content in {
    "one.gz": gzip.compress(table),
    "two.gz": gzip.compress(table) + gzip.compress(table),
    "plain.gz": table,
    "table.z": zlib.compress(table),
    "zeros.z": zlib.compress(bytes(100_000)),
}.items():
    with open(name, "wb") as file:
        file.write(content)
for name, save in {"stored": np.savez, "packed": np.savez_compressed}.items():
    save(name, x=inputs, y=labels)
    os.rename(f"{name}.npz", f"{name}.zip")
