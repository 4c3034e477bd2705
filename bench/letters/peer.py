"""Runs MoJ's uk_address_matcher on a set and writes what `upcs letters` would. usage: peer.py FOLDER OUT

Every letter's best candidate with its match weight, verdict `pass`: it has no thresholds of its own, so it is judged
by the score alone. Prints how many seconds the matching took, one core and all in memory; loading Python is not
counted.
"""
import csv
import os
import sys
import time

import duckdb
from uk_address_matcher import AddressMatcher

folder, out = sys.argv[1:]


def table(con, name):
    rows = list(csv.reader(open(f"{folder}/{name}.csv", newline="")))[1:]
    con.execute(f"create table {name} (unique_id varchar, address_concat varchar, postcode varchar)")
    con.executemany(f"insert into {name} values (?, ?, ?)", [row[:3] for row in rows])
    return con.table(name)


con = duckdb.connect()
con.execute("set threads to 1")
barred, letters = table(con, "barred"), table(con, "letters")
began = time.monotonic()
matcher = AddressMatcher(canonical_addresses=barred, addresses_to_match=letters, con=con, show_progress="off")
found = matcher.match().matches()
columns = [column.lower() for column in found.columns]
rows = found.fetchall()
seconds = time.monotonic() - began
at = {name: columns.index(name) for name in ("unique_id", "resolved_canonical_id", "match_weight", "match_reason")}
best = {}
for row in rows:
    exact = "exact" in str(row[at["match_reason"]]).lower()
    weight = row[at["match_weight"]]
    # An exact match has no weight; nothing is surer.
    score = 1e6 if weight is None and exact else weight
    if row[at["resolved_canonical_id"]] is not None and score is not None:
        best[str(row[at["unique_id"]])] = (row[at["resolved_canonical_id"]], score)
with open(out, "w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["id", "verdict", "barred_id", "score"])
    for (id,) in con.execute("select unique_id from letters").fetchall():
        writer.writerow([id, "pass", *best.get(id, ("", ""))])
print(f"{seconds:.2f}")
# The database's threads outlive Python's own end now and then.
sys.stdout.flush()
os._exit(0)
