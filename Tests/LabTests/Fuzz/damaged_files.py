"""Files that are damaged, or made to harm, from a seed.

    damaged_files.py make KIND SEED COUNT FOLDER BASE...   mutants of the base files, FOLDER/NUMBER.KIND
    damaged_files.py run FOLDER SECONDS MEGABYTES CODES COMMAND...
        runs a command on each entry of a folder, whose path replaces FILE in it, and prints a line for each that did not end
        with one of the codes (such as 0,2), in processor time and memory, and for each report of a sanitizer
        that is of our code; in the end how often each code was
"""

import os
import random
import struct
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

PREFIX = b"ntklab-xxh3-128:"
# The exit code that sanitizers are told to use.
SANITIZER = 99


def flip(data, chance, others):
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def overwrite(data, chance, others):
    for _ in range(chance.choice([1, 2, 8])):
        data[chance.randrange(len(data))] = chance.choice([0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)])


def swap(data, chance, others):
    size = min(chance.choice([8, 64, 512, 4096]), len(data) // 2)
    a, b = sorted(chance.sample(range(len(data) // size), 2))
    a, b = a * size, b * size
    data[a : a + size], data[b : b + size] = data[b : b + size], data[a : a + size]


def truncate(data, chance, others):
    del data[chance.randrange(1, len(data)) :]


def splice(data, chance, others):
    other = chance.choice(others)
    size = min(chance.choice([8, 64, 512, 4096]), len(data), len(other))
    start, place = chance.randrange(len(other) - size + 1), chance.randrange(len(data) - size + 1)
    data[place : place + size] = other[start : start + size]


def forge(data, chance, others):
    """Sizes, ranks, counts and addresses: small integers of 2, 4 or 8 bytes become lies."""
    for _ in range(chance.choice([1, 1, 3])):
        size, code = chance.choice([(2, "<H"), (4, "<I"), (8, "<Q")])
        places = [chance.randrange(max(len(data) - size, 1)) for _ in range(200)]
        fields = [p for p in places if 0 < struct.unpack_from(code, data.ljust(size + 1, b"\0"), p)[0] < 1 << 16]
        if not fields or len(data) < size:
            continue
        place = chance.choice(fields)
        value = struct.unpack_from(code, data, place)[0]
        lie = chance.choice([0, 1, value + 1, value * 1000, 1 << 24, 1 << 31, 1 << 40, (1 << 64) - 1, len(data), 96])
        struct.pack_into(code, data, place, lie & ((1 << 8 * size) - 1))


MUTATIONS = [flip, flip, overwrite, swap, truncate, splice, forge, forge, forge]


def make(kind, seed, count, folder, bases):
    chance = random.Random(seed)
    contents = [open(base, "rb").read() for base in bases]
    for number in range(count):
        data = bytearray(contents[number % len(contents)])
        for _ in range(chance.choice([1, 1, 2, 3])):
            if len(data) > 16:
                chance.choice(MUTATIONS)(data, chance, contents)
        # A file of ours reaches libhdf5 without its digest, or, as `sound` says to others, with a new one.
        ending = kind
        place = data.find(PREFIX)
        if place >= 0 and number % 3 == 0:
            data[place : place + len(PREFIX)] = bytes(len(PREFIX))
        elif place >= 0 and number % 3 == 1:
            ending = "sound." + kind
        with open(f"{folder}/{number:05}.{ending}", "wb") as file:
            file.write(data)


def run_one(command, path, seconds):
    """The exit code, or a negative signal; processor time in s; the largest resident memory in MB; the messages."""
    start = time.monotonic()
    log = path + ".log"
    with open(log, "wb") as err:
        process = subprocess.Popen(
            [word.replace("FILE", path) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=err
        )
        done, status, usage = 0, 0, None
        while not done:
            done, status, usage = os.wait4(process.pid, os.WNOHANG)
            if not done:
                time.sleep(0.005)
                if time.monotonic() - start > 10 * seconds:
                    process.kill()
        process.returncode = 0
    with open(log, "rb") as err:
        text = err.read().decode(errors="replace")
    os.unlink(log)
    code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    return code, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text


def is_ours(report):
    """Whether a sanitizer's report is of our code: by the innermost call of any of its stacks that is not the
    sanitizer's own. Memory of ours that a library writes past counts, since its size is our word."""
    innermost = True
    for line in report.splitlines():
        words = line.split()
        if not words or not words[0].startswith("#"):
            innermost = True
        elif innermost and "compiler-rt" not in line:
            innermost = False
            if any(place in line for place in ("/CHDF5/", "/CFiles/", "/Fuzz/", "/readers+")):
                return True
    return "#" not in report


def run(folder, seconds, megabytes, codes, command):
    files = sorted(f"{folder}/{name}" for name in os.listdir(folder))
    counts = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, (code, took, memory, text) in zip(files, pool.map(lambda f: run_one(command, f, seconds), files)):
            theirs = code == SANITIZER and not is_ours(text)
            kind = f"{code}" + (" of the library" if theirs or ": libhdf5 " in text else "")
            counts[kind] = counts.get(kind, 0) + 1
            if code not in codes and not theirs or took > seconds or memory > megabytes:
                print(f"BAD {path}: code {code}, {took:.1f} s, {memory:.0f} MB: {text.strip()[:2000]}")
    print(", ".join(f"{count} with {kind}" for kind, count in sorted(counts.items())))


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5], sys.argv[6:])
    else:
        run(sys.argv[2], float(sys.argv[3]), float(sys.argv[4]), [int(c) for c in sys.argv[5].split(",")], sys.argv[6:])
