"""Says how well a set was answered. usage: score.py FOLDER OUT [--by-score]

OUT has id, verdict, barred_id, score. A letter to a barred address counts as found only if that address is named, or
one barred under another id in the same words. False is a letter to nobody barred.
"""
import collections
import csv
import sys

LIMITS = (0.001, 0.01, 0.02, 0.05)


def rows(path):
    with open(path, newline="") as file:
        return list(csv.reader(file))[1:]


def share(letters, test):
    return sum(map(test, letters)) / max(1, len(letters))


class Answers:
    def __init__(self, folder, out):
        self.barred = {row[0]: (row[1], row[2]) for row in rows(f"{folder}/barred.csv")}
        self.letters = [(row[0], row[-2], row[-1]) for row in rows(f"{folder}/letters.csv")]
        self.out = {row[0]: row for row in rows(out)}
        missing = [letter[0] for letter in self.letters if letter[0] not in self.out]
        if missing:
            sys.exit(f"{len(missing)} letters have no answer, the first is {missing[0]}")
        self.positive = [letter for letter in self.letters if letter[1]]
        self.negative = [letter for letter in self.letters if not letter[1]]

    def verdict(self, letter):
        return self.out[letter[0]][1]

    def score(self, letter):
        return float(self.out[letter[0]][3] or "-inf")

    def right(self, letter):
        named = self.out[letter[0]][2]
        return not letter[1] or named == letter[1] or (named and self.barred[named] == self.barred[letter[1]])

    def stopped(self, letter):
        return self.verdict(letter) == "stop" and bool(self.right(letter))

    def kept(self, letter):
        return self.verdict(letter) != "pass" and bool(self.right(letter))

    def by_score(self, limit):
        """Recall at the lowest threshold that lets no more than this share of the others through."""
        scores = sorted(map(self.score, self.negative), reverse=True)
        least = scores[int(len(scores) * limit)] if scores else float("-inf")
        return share(self.positive, lambda letter: self.score(letter) > least and bool(self.right(letter)))


def tell(answers, by_score):
    print(f"  letters {len(answers.letters)}, to barred addresses {len(answers.positive)}")
    recalls = "  ".join(f"<={limit:.1%} {answers.by_score(limit):.3f}" for limit in LIMITS)
    print(f"  recall by score alone, at so many false: {recalls}")
    if by_score:
        return
    for name, test in (("stop", answers.stopped), ("stop or hold", answers.kept)):
        print(f"  {name}: recall {share(answers.positive, test):.3f}, false {share(answers.negative, test):.5f}")
    classes = collections.defaultdict(list)
    for letter in answers.letters:
        classes[letter[2]].append(letter)
    for name, letters in sorted(classes.items()):
        stop, kept = share(letters, answers.stopped), share(letters, answers.kept)
        print(f"    {name:28}{len(letters):6}  stop {stop:.3f}  stop or hold {kept:.3f}")


if __name__ == "__main__":
    tell(Answers(*sys.argv[1:3]), "--by-score" in sys.argv[3:])
