"""Makes a set: barred addresses, letters to them with slips, letters to others. usage: sets.py FOLDER [options]

FOLDER gets barred.csv (id,address,postcode) and letters.csv (id,address,postcode,truth,cls).
"""
import argparse
import csv
import os
import random

import addresses
import slips

PER_SLIP = 250


def door(address):
    """What tells an address from all others: a numbered house is the same under any name."""
    return address.part, address.number, "" if address.number else address.name, address.street, address.postcode


def letters(barred, others, chance, negatives):
    """(address, postcode, truth, class) for every letter."""
    ids = list(barred)
    for cls, slip in slips.POSITIVE.items():
        made = 0
        for id in chance.choices(ids, k=PER_SLIP * 12):
            letter = slip(barred[id], chance)
            if letter and made < PER_SLIP:
                made += 1
                yield *letter, id, cls
    same = {door(address) for address in barred.values()}
    for cls, make in slips.NEGATIVE.items():
        wanted = negatives * slips.SHARES[cls] // 100
        for id in chance.choices(ids, k=wanted * 8):
            other = make(barred[id], others, chance)
            if wanted and other and door(other) not in same:
                wanted -= 1
                yield other.text(), other.postcode, "", cls


def write(folder, barred, rows):
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/barred.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "address", "postcode"])
        out.writerows([id, address.text(), address.postcode] for id, address in barred.items())
    with open(f"{folder}/letters.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "address", "postcode", "truth", "cls"])
        out.writerows([i, *row] for i, row in enumerate(rows))


def make(folder, world, barred, negatives, seed):
    """Bars `barred` addresses of the world; the others are those that nobody barred."""
    chance = random.Random(seed)
    pool = list(world)
    chance.shuffle(pool)
    held = {f"b{i}": address for i, address in enumerate(pool[:barred])}
    rows = list(letters(held, pool[barred:], chance, negatives))
    chance.shuffle(rows)
    write(folder, held, rows)


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("folder")
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--barred", type=int, default=1_000)
    args.add_argument("--world", type=int, default=40_000, help="how many addresses there are in all")
    args.add_argument("--negatives", type=int, default=20_000)
    args.add_argument("--from", dest="source", help="take the addresses of this folder's files")
    args = args.parse_args()
    world = addresses.from_files(args.source) if args.source else addresses.World(args.seed, args.world).addresses
    make(args.folder, world, args.barred, args.negatives, args.seed)


if __name__ == "__main__":
    main()
