"""Splink on febrl4, in the columns that `upcs locate` is given: its best candidate for each record of B.

Usage: peer.py OUT.tsv [--with-number]     writes id, prison number as in febrl.py, match probability
Model and training as in Splink's own example of linking febrl4: name comparisons with term frequencies, dates of birth
by typing slip and years apart, u from random pairs, m by expectation-maximisation under several blocking rules.
"""

import sys

import splink.comparison_library as compare
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from febrl import frames, number


def comparisons(with_number):
    chosen = [
        compare.NameComparison("given_name").configure(term_frequency_adjustments=True),
        compare.NameComparison("surname").configure(term_frequency_adjustments=True),
        compare.DateOfBirthComparison(
            "date_of_birth",
            input_is_string=True,
            datetime_metrics=["month", "year", "year"],
            datetime_thresholds=[1, 1, 10],
        ),
        compare.ExactMatch("state").configure(term_frequency_adjustments=True),
    ]
    return chosen + ([compare.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2])] if with_number else [])


def predicted(one, other, with_number):
    rules = [
        block_on("given_name", "surname"),
        block_on("surname", "date_of_birth"),
        block_on("given_name", "date_of_birth"),
        block_on("date_of_birth"),
        block_on("surname", "state"),
        block_on("given_name", "state"),
        block_on("surname"),
        block_on("given_name"),
    ] + ([block_on("soc_sec_id")] if with_number else [])
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="rec_id",
        comparisons=comparisons(with_number),
        blocking_rules_to_generate_predictions=rules,
    )
    linker = Linker([one.reset_index(), other.reset_index()], settings, DuckDBAPI(), set_up_basic_logging=False)
    train = linker.training
    deterministic = [
        block_on("given_name", "surname", "date_of_birth"),
        "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
    ] + ([block_on("soc_sec_id")] if with_number else [])
    train.estimate_probability_two_random_records_match(deterministic, recall=0.9 if with_number else 0.5)
    train.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    train.estimate_parameters_using_expectation_maximisation(block_on("date_of_birth"))
    train.estimate_parameters_using_expectation_maximisation(block_on("given_name", "surname"))
    if with_number:
        train.estimate_parameters_using_expectation_maximisation(block_on("soc_sec_id"))
    return linker.inference.predict(threshold_match_probability=0.001).as_pandas_dataframe()


def main():
    with_number = "--with-number" in sys.argv
    one, other, _ = frames(with_number)
    found = predicted(one, other, with_number)
    best = {}
    for left, right, probability in zip(found["rec_id_l"], found["rec_id_r"], found["match_weight"]):
        asked, answer = (right, left) if left.endswith("-org") else (left, right)
        if asked not in best or probability > best[asked][1]:
            best[asked] = (answer, probability)
    numbers = {index: number(place) for place, index in enumerate(one.index)}
    with open(sys.argv[1], "w") as out:
        for asked, (answer, weight) in best.items():
            print(asked, numbers[answer], weight, sep="\t", file=out)


main()
