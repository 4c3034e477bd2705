"""What each piece of evidence says, beside the points that it has. usage: weights.py LETTERS FOLDER ...

LETTERS is the program of `cargo build --release -p postal --example letters`. For every reason: how often it is met
between a letter and the barred address that it goes to (m), and between a letter to nobody barred and the address
that comes nearest (u); the bits log2(m/u) that this is worth; and the points of crates/postal/data/weights.toml.
The nearest address agrees in much, or it would not be the nearest: so the bits of what disagrees can be read off here,
those of what agrees only in part.
"""
import collections
import csv
import math
import re
import subprocess
import sys

WEIGHTS = "crates/postal/data/weights.toml"


def reasons(program, folder):
    """(goes to a barred address, the right one is named, reasons) for every letter of a set."""
    command = [program, "--reasons", "--barred", f"{folder}/barred.csv", f"{folder}/letters.csv"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    with open(f"{folder}/letters.csv", newline="") as file:
        truth = {row[0]: row[-2] for row in list(csv.reader(file))[1:]}
    for id, _, named, _, found in list(csv.reader(said.splitlines()))[1:]:
        if named:
            yield truth[id], truth[id] == named, [snake(reason) for reason in found.split()]


def snake(name):
    return re.sub(r"(?<=.)([A-Z])", r"_\1", name).lower()


def main(program, folders):
    met = {True: collections.Counter(), False: collections.Counter()}
    pairs = collections.Counter()
    for folder in folders:
        for truth, right, found in reasons(program, folder):
            if right or not truth:
                pairs[right] += 1
                met[right].update(found)
    print(f"{pairs[True]} letters to barred addresses, {pairs[False]} to others that came near one")
    print(f"{'reason':26}{'m':>9}{'u':>9}{'bits':>7}{'points':>8}")
    for line in open(WEIGHTS):
        found = re.fullmatch(r"([a-z_]+) = (-?\d+)\n", line)
        if not found or found[1] in ("version", "stop_points", "hold_points"):
            continue
        m, u = ((met[right][found[1]] + 0.5) / (pairs[right] + 1) for right in (True, False))
        print(f"{found[1]:26}{m:9.4f}{u:9.4f}{math.log2(m / u):7.1f}{found[2]:>8}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
