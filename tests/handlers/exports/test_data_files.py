"""JSON and CSV: complete, stable, described in docs/exports.md, and harmless in a spreadsheet."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.exports.data_files import COLUMNS, SCHEMA, write_csv, write_json
from handlers.texts import texts_of

VI = texts_of("vi")
PAGE = (Path(__file__).parents[3] / "docs" / "exports.md").read_text(encoding="utf-8")


@pytest.fixture
def fields(material, tmp_path):
    write_json(material, VI, tmp_path / "a.json")
    return json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))


def lines(material, file):
    write_csv(material, VI, file)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def test_the_page_lists_every_field_and_no_other(fields):
    section = PAGE.split("## JSON")[1].split("## CSV")[0]
    described = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
    assert described == list(fields)
    rows = dict(zip(described, [r for r in section.splitlines() if r[:3] == "| `"], strict=True))
    for name, value in fields.items():
        one = value[0] if isinstance(value, list) else value
        for field in one if isinstance(one, dict) else ():
            assert f"`{field}`" in rows[name], (name, field)
    assert f"| `schema` | {SCHEMA} |" in section


def test_every_column_is_on_the_page(material, tmp_path):
    section = PAGE.split("## CSV")[1].split("## ZIP")[0]
    assert [name for name in section.split("`")[1::2] if name in COLUMNS] == list(COLUMNS)
    assert list(lines(material, tmp_path / "a.csv")[0]) == list(COLUMNS)


def test_there_is_a_line_for_every_question(material, tmp_path, fields):
    found = lines(material, tmp_path / "a.csv")
    assert len(found) == len(fields["answers"]) == 12 * 8 + 6
    missing = [one for one in found if one["unit"] == "k12"]
    assert {one["counts"] for one in missing} == {"no"}
    assert {one["numerator"] for one in missing} == {""}
    counted = [one for one in fields["answers"] if one["indicator"] == "HT1" and one["counts"]]
    ht1 = next(one for one in fields["result"]["indicators"] if one["code"] == "HT1")
    assert sum(one["numerator"] for one in counted) == ht1["numerator"]
    assert next(o for o in found if o["unit"] == "office" and o["indicator"] == "CQ2")["yes"] == (
        "yes"
    )


def test_units_have_codes_that_never_change(fields):
    assert [one["unit"] for one in fields["reports"]] == [*(f"k{n}" for n in range(1, 13)),
                                                          "office"]  # fmt: skip
    assert [one["name"] for one in fields["rounds"]] == ["Tháng 10/2026", "Tháng 11/2026"]
    assert fields["difficulties"][0]["unit"] == "k1"


def test_a_name_is_never_a_formula(material, tmp_path):
    units = {
        unit: replace(one, label="=HYPERLINK(1)\n2", shared_label=False)
        for unit, one in material.status.units.items()
    }
    hostile = replace(material, status=replace(material.status, units=units))
    assert lines(hostile, tmp_path / "a.csv")[0]["unit_name"] == "'=HYPERLINK(1) 2"


def test_the_counting_methods_add_up_to_the_counted_answers(fields):
    ratios = {
        one["code"]: one["denominator"]
        for one in fields["result"]["indicators"]
        if one["kind"] == "ratio"
    }
    assert {one["indicator"]: one["denominator"] for one in fields["how_counted"]} == ratios
    assert all(one["not_said"] == one["denominator"] for one in fields["how_counted"])
