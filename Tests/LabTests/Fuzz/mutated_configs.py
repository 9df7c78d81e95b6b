"""Configurations with something changed, from a seed.

    mutated_configs.py SEED COUNT FOLDER BASE...   mutants of the base files, FOLDER/NUMBER.yaml
"""

import random
import re
import sys

NUMBERS = ["0", "-1", "1", "2", "3.5", "-0", "1e3", "1e308", "1e-320", "1e400", "99999999999", "9223372036854775807",
           "9223372036854775808", "-9223372036854775809", "nan", ".nan", ".inf", "-.inf", "0100", "0x10", "1:30", "1_0",
           "0o7", "0b1", "3", "5", "8", "12", "64", "100", "0.5", "1e-3", "2.0", "1e-9", "1e", "+1", "'3'", "~", "null", "true", "no", "1e19", "4294967296", "2147483648"]
WORDS = ["", "~", "[]", "{}", "[1, 2]", "{a: 1}", "[[]]", "yes", "'", '"', "|", ">", "!!int 3", "!!binary aGk=",
         "!!python/object:os.system x", "&a b", "*a", "*nothing", "<<", "- 1", "? a", "a: b: c", "\u0000", "\u0007",
         "\ud7ff", "\u202e", "%d", "]]>", "${HOME}", "`id`", "../../x", "/", "x" * 5000, "\t", "# a", "\\", "@", "`",
         "digits", "csv", "sphere", "auto", "log", "full", "trace", "all"]


def replace_number(text, chance):
    found = list(re.finditer(r"(?<![\w.])-?\d+(\.\d+)?(e-?\d+)?(?![\w.])", text))
    return substitute(text, chance.choice(found), chance.choice(NUMBERS)) if found else text


def replace_word(text, chance):
    found = list(re.finditer(r"(?<=: )[^,}\]\n{\[]+", text))
    return substitute(text, chance.choice(found), chance.choice(WORDS + NUMBERS)) if found else text


def change_key(text, chance):
    found = list(re.finditer(r"[a-z_]+(?=:)", text))
    if not found:
        return text
    match = chance.choice(found)
    word = match.group()
    place = chance.randrange(len(word))
    others = [word[:place] + word[place + 1 :], word[:place] + "x" + word[place:], chance.choice(found).group(), ""]
    return substitute(text, match, chance.choice(others))


def substitute(text, match, new):
    return text[: match.start()] + new + text[match.end() :]


def change_lines(text, chance):
    lines = text.split("\n")
    i, j = chance.randrange(len(lines)), chance.randrange(len(lines))
    kind = chance.randrange(5)
    if kind == 0:
        del lines[i]
    elif kind == 1:
        lines.insert(i, lines[j])
    elif kind == 2:
        lines[i], lines[j] = lines[j], lines[i]
    elif kind == 3:
        lines[i] = " " * chance.choice([1, 2, 3, 9]) + lines[i]
    else:
        lines[i] = lines[i].lstrip()
    return "\n".join(lines)


def change_characters(text, chance):
    for _ in range(chance.choice([1, 2, 5])):
        place = chance.randrange(len(text) + 1)
        text = text[:place] + chance.choice(list("{}[],:&*!|>'\"%@`#-?\n \t~0aé\x1b")) + text[place + chance.randrange(2) :]
    return text


def blow_up(text, chance):
    return text + "\n" + chance.choice(
        [
            "z: " + "[" * 5000,
            "z: " + "- " * 5000,
            "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}' if i else '1'] * 9)}]\n" for i in range(9)),
            "".join(f"k{i}: {i}\n" for i in range(3000)),
            "z: [" + "1, " * 200000 + "1]",
            "model: {layers: [" + "{type: dense}, " * 3000 + "]}",
            "model: " + "{layers: [{type: residual, " * 300,
        ]
    )


MUTATIONS = [replace_number] * 12 + [replace_word] * 4 + [change_key] * 2 + [change_lines] * 2 + [change_characters] * 3 + [blow_up]


def main(seed, count, folder, bases):
    chance = random.Random(seed)
    texts = [open(base).read() for base in bases]
    for number in range(count):
        text = texts[number % len(texts)]
        for _ in range(chance.choice([1, 1, 1, 1, 2, 3])):
            text = chance.choice(MUTATIONS)(text, chance)
        data = text.encode("utf-8", errors="replace")
        if chance.random() < 0.05 and data:
            place = chance.randrange(len(data))
            data = data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]
        with open(f"{folder}/{number:05}.yaml", "wb") as file:
            file.write(data)


main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
