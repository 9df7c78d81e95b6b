"""Folders of runs or sweeps in which a file is damaged or lies, from a seed.

    damaged_runs.py SEED COUNT FOLDER BASE READERS   copies of the folder BASE, FOLDER/NUMBER, each with something wrong

READERS is the program that gives a file of ours a sound digest again. Bytes are damaged as by damaged_files.py; texts
lose keys or get other values; arrays get other values, types and shapes, and files go, or become folders and pipes.
"""

import json
import os
import random
import shutil
import subprocess
import sys

import h5py
import numpy as np

import damaged_files

VALUES = [None, -1, 0, 1, 0.5, 1e308, -1e308, 1e-320, 9223372036854775807, -9223372036854775808, 1e19, "", "text", "nan",
          "x" * 3000, "\u001b[31m", [], {}, [1, 2], True, "COMPLETED", "RUNNING", "../..", "1970-01-01T00:00:00Z"]
NUMBERS = [np.nan, np.inf, -np.inf, -1.0, 0.0, 1e308, -1e308, 1e-320, 1.0, 3.5, 1e15]


def lie_in_json(text, chance):
    try:
        value = json.loads(text)
    except ValueError:
        return text
    place = value
    while isinstance(place, dict) and place:
        key = chance.choice(sorted(place))
        if isinstance(place[key], dict) and chance.random() < 0.7:
            place = place[key]
            continue
        kind = chance.randrange(3)
        if kind == 0:
            del place[key]
        else:
            place[key] = chance.choice(VALUES)
        break
    return json.dumps(value)


def lie_in_lines(text, chance):
    lines = text.split("\n")
    place = chance.randrange(len(lines))
    kind = chance.randrange(5)
    if kind == 0:
        lines[place] = lie_in_json(lines[place], chance)
    elif kind == 1:
        del lines[place]
    elif kind == 2:
        lines.insert(place, lines[chance.randrange(len(lines))])
    elif kind == 3:
        lines[place] = lines[place][: len(lines[place]) // 2]
    else:
        lines = lines[place:] + lines[:place]
    return "\n".join(lines)


def lie_in_arrays(path, chance):
    with h5py.File(path, "r+") as file:
        found = []
        file.visititems(lambda name, _: found.append(name))
        found = [name for name in found if not name.startswith("integrity")]
        for _ in range(chance.choice([1, 1, 3])):
            lie_in_one(file, chance.choice(found) if found else None, chance)


def lie_in_one(file, name, chance):
    item = file if name is None or name not in file or chance.random() < 0.3 else file[name]
    if len(item.attrs) and chance.random() < 0.4:
        key = chance.choice(sorted(item.attrs))
        if chance.random() < 0.3:
            del item.attrs[key]
        else:
            item.attrs[key] = chance.choice([-1, 0, 1 << 62, np.nan, "text", "", 7, np.zeros(3), "a: [b"])
        return
    if not isinstance(item, h5py.Dataset) or item.dtype.kind not in "fiu":
        if name is not None and name in file and chance.random() < 0.3:
            del file[name]
        return
    kind = chance.randrange(6)
    old = item[()]
    if kind == 0:
        values = np.array(old, dtype=float)
        values[...] = chance.choice(NUMBERS)
    elif kind == 1 and old.size:
        values = np.array(old, dtype=float)
        values.flat[chance.randrange(old.size)] = chance.choice(NUMBERS)
    elif kind == 2:
        values = np.array(old).reshape(-1)[: chance.choice([0, 1, max(old.size - 1, 0)])]
    elif kind == 3:
        values = np.array(old)[np.newaxis]
    elif kind == 4:
        values = np.array(["a", "b"], dtype="S3")
    else:
        values = -np.array(old, dtype=float)
    attributes = dict(item.attrs)
    del file[name]
    file[name] = values
    file[name].attrs.update({k: v for k, v in attributes.items() if isinstance(v, (str, bytes))})


def harm(path, chance, readers):
    """One file."""
    kind = chance.randrange(12)
    if kind == 0:
        os.unlink(path)
        chance.choice([lambda: None, lambda: os.mkdir(path), lambda: os.mkfifo(path), lambda: os.symlink("/dev/zero", path)])()
        return
    is_array = path.endswith(".h5")
    if is_array and kind < 9:
        try:
            lie_in_arrays(path, chance)
        except (OSError, RuntimeError, KeyError, ValueError, TypeError):
            pass
    elif not is_array and kind < 9:
        with open(path, errors="replace") as file:
            text = file.read()
        lie = lie_in_json if path.endswith(".json") else lie_in_lines
        with open(path, "w", errors="replace") as file:
            file.write(lie(text, chance))
    else:
        with open(path, "rb") as file:
            data = bytearray(file.read())
        if len(data) > 16:
            chance.choice(damaged_files.MUTATIONS)(data, chance, [bytes(data)])
        with open(path, "wb") as file:
            file.write(data)
    if is_array and chance.random() < 0.8:
        subprocess.run([readers, "sound", path], check=False, capture_output=True)


def main(seed, count, folder, base, readers):
    chance = random.Random(seed)
    for number in range(count):
        copy = f"{folder}/{number:05}"
        shutil.copytree(base, copy, symlinks=True)
        files = sorted(
            os.path.join(place, name) for place, _, names in os.walk(copy) for name in names
            if not name.startswith(".") and not os.path.islink(os.path.join(place, name)))
        for _ in range(chance.choice([1, 1, 1, 2, 4])):
            path = chance.choice(files)
            if os.path.isfile(path) and not os.path.islink(path):
                harm(path, chance, readers)


main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5])
