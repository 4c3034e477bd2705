"""Estimates how much each piece of evidence says from pairs whose truth is known, beside the points that it has.
usage: weights.py LETTERS FOLDER ...

LETTERS is the program of `cargo build --release -p postal --example letters`; a FOLDER is a set that
`bench/letters/sets.py` made. For every reason:
  m     how often it is met between a letter and the barred address that it goes to
  u     the same between a letter and a barred address of the same postal district that it does not go to (DRAWN for
        each letter, by chance), or, without a postcode, any that it does not go to
  bits  log2(m / u): so much surer a pair becomes by it; what is met fewer than LEAST times on both sides says nothing
  gives the bits in points, at as many points a bit as fit best the points above nought of
        crates/postal/data/weights.toml
  has   those points; a star where the two are more than FAR apart: the file says why
"""
import collections
import csv
import math
import random
import re
import subprocess
import sys
import tempfile

WEIGHTS = "crates/postal/data/weights.toml"
DRAWN, LEAST, FAR = 8, 20, 15


def rows(path):
    with open(path, newline="") as file:
        return list(csv.reader(file))[1:]


def pairs(folder, chance):
    """(whether the letter goes there, letter, its postcode, barred address, its postcode)."""
    barred = {row[0]: tuple(row[1:3]) for row in rows(f"{folder}/barred.csv")}
    districts = collections.defaultdict(list)
    for id, (_, postcode) in barred.items():
        districts[postcode.split()[0]].append(id)
    ids = list(barred)
    for _, address, postcode, truth, _ in rows(f"{folder}/letters.csv"):
        if truth:
            yield True, address, postcode, *barred[truth]
        near = districts.get(postcode.split()[0] if postcode else "", ids)
        for id in chance.sample(near, min(DRAWN, len(near))):
            if id != truth and barred[id] != barred.get(truth):
                yield False, address, postcode, *barred[id]


def snake(name):
    return re.sub(r"(?<=.)([A-Z])", r"_\1", name).lower()


def counted(program, folders):
    """How many pairs there are of each truth, and how often each reason is met on them."""
    chance = random.Random(1)
    met, count = {True: collections.Counter(), False: collections.Counter()}, collections.Counter()
    with tempfile.NamedTemporaryFile("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "address", "postcode", "barred", "barred_postcode"])
        for folder in folders:
            writer.writerows([int(same), *rest] for same, *rest in pairs(folder, chance))
        file.flush()
        said = subprocess.run([program, "--pairs", file.name], capture_output=True, text=True, check=True).stdout
    for id, found in list(csv.reader(said.splitlines()))[1:]:
        same = id == "1"
        count[same] += 1
        met[same].update(snake(reason) for reason in found.split())
    return met, count


def shipped():
    for line in open(WEIGHTS):
        found = re.match(r"([a-z_]+) = (-?\d+)", line)
        if found and found[1] not in ("version", "stop_points", "hold_points"):
            yield found[1], int(found[2])


def main(program, folders):
    met, count = counted(program, folders)
    share = {name: [(met[same][name] + 0.5) / (count[same] + 1) for same in (True, False)] for name, _ in shipped()}
    seen = {name: met[True][name] + met[False][name] >= LEAST for name in share}
    bits = {name: math.log2(m / u) for name, (m, u) in share.items()}
    fitted = [(bits[name], points) for name, points in shipped()
              if seen[name] and points > 0 and bits[name] > 0]
    scale = sum(bit * points for bit, points in fitted) / sum(bit * bit for bit, _ in fitted)
    print(f"{count[True]} pairs of a letter and its address, {count[False]} of a letter and another; "
          f"{scale:.1f} points a bit")
    print(f"{'reason':24}{'m':>9}{'u':>9}{'bits':>7}{'gives':>7}{'has':>6}")
    for name, points in shipped():
        m, u = share[name]
        gives = round(bits[name] * scale)
        star = " *" if seen[name] and abs(gives - points) > FAR else ""
        said = f"{bits[name]:7.1f}{gives:7}" if seen[name] else f"{'-':>7}{'-':>7}"
        print(f"{name:24}{m:9.4f}{u:9.4f}{said}{points:6}{star}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
