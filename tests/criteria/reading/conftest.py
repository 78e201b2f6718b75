"""The labelled replies beside this file."""

import csv
from pathlib import Path

HERE = Path(__file__).parent


def pytest_generate_tests(metafunc):
    for fixture, name in (("given", "replies_examples.csv"), ("ours", "more_replies.csv")):
        if fixture in metafunc.fixturenames:
            with (HERE / name).open(encoding="utf-8", newline="") as file:
                rows = [tuple(row.values()) for row in csv.DictReader(file)]
            metafunc.parametrize(
                fixture, rows, ids=[f"{kind}: {text!r}" for text, kind, *_ in rows]
            )
