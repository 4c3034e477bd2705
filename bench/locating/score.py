"""Precision, recall and F1 of one best candidate for each record of B. Standard library only.

Usage: score.py FOLDER --from "peer NAME=BITS" --from "ours NAME=BITS"     reads truth.tsv, peer.tsv and ours.tsv
       score.py --answers                                              answers of `upcs locate` to id, number, bits
An answer counts from BITS on, which is even odds, and again from the threshold with the best F1. Exits with 1 where our
F1 is below the peer's, either way.
"""

import json
import sys
from pathlib import Path


def figures(truth, answers, threshold):
    counted = [(asked, found) for asked, found, bits in answers if bits >= threshold]
    right = sum(truth.get(asked) == found for asked, found in counted)
    precision, recall = right / max(1, len(counted)), right / len(truth)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def answers_of(path):
    rows = (line.split() for line in open(path))
    return [(asked, found, float(bits)) for asked, found, bits in rows]


def judged(folder, whose, name, even):
    """The F1 from even odds on, and the best."""
    truth = dict(line.split() for line in open(folder / "truth.tsv"))
    answers = answers_of(folder / f"{whose}.tsv")
    best = max({bits for _, _, bits in answers}, key=lambda bits: figures(truth, answers, bits)[2])
    reached = []
    for words, threshold in (("even odds", even), ("the best", best)):
        precision, recall, score = figures(truth, answers, threshold)
        print(f"  {name:16} {words:10} precision {precision:.4f}  recall {recall:.4f}  F1 {score:.4f}")
        reached.append(score)
    return reached


def compare(folder, sides):
    reached = {}
    for side in sides:
        names, _, even = side.rpartition("=")
        whose, _, name = names.partition(" ")
        reached[whose] = judged(folder, whose, name, float(even))
    met = all(ours >= peer for ours, peer in zip(reached["ours"], reached["peer"]))
    print(f"  ours is {'not below' if met else 'BELOW'}")
    return met


def main():
    if sys.argv[1:] == ["--answers"]:
        for answer in map(json.loads, sys.stdin):
            for candidate in answer["candidates"][:1]:
                print(answer["id"], candidate["prisonerNumber"], candidate["bits"], sep="\t")
        return 0
    sides = [side for flag, side in zip(sys.argv[2::2], sys.argv[3::2]) if flag == "--from"]
    return 0 if compare(Path(sys.argv[1]), sides) else 1


sys.exit(main())
