"""docs/criteria-sets.md: the example is a valid set; the page names every key and every choice."""

import re
from pathlib import Path

import pytest

from criteria import definition
from criteria.definition import (
    CountedUnit,
    CriteriaSet,
    EvidenceRule,
    Figure,
    Indicator,
    KindName,
    Parameters,
    Respondent,
    RollUp,
    Text,
)
from criteria.sets.set_file import PLACEHOLDERS, parse_criteria

PAGE = (Path(__file__).parents[2] / "docs" / "criteria-sets.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[0]
REFERENCE = PAGE.split("## Everything")[1]


def test_the_example_on_the_page_is_a_valid_set():
    found = parse_criteria(EXAMPLE, "docs/criteria-sets.md")
    assert [one.code for one in found.asked_of(office=False)] == ["RA1", "RA2", "RA4"]
    assert [one.code for one in found.asked_of(office=True)] == ["RA3"]


@pytest.mark.parametrize("part", [CriteriaSet, Parameters, Indicator, Text, definition.Age])
def test_every_key_is_named(part):
    keys = {field.alias or name for name, field in part.model_fields.items()}
    keys = {"text.vi" if key == "text" else key for key in keys}
    keys = {"office_text.vi" if key == "office_text" else key for key in keys}
    assert {key for key in keys - {"indicators"} if f"`{key}`" not in REFERENCE} == set()


@pytest.mark.parametrize(
    "choices", [KindName, Respondent, RollUp, Figure, CountedUnit, EvidenceRule]
)
def test_every_choice_is_named(choices):
    assert {one.value for one in choices if f"`{one.value}`" not in REFERENCE} == set()


def test_every_placeholder_is_named():
    assert {one for one in PLACEHOLDERS if f"`{{{one}}}`" not in REFERENCE} == set()
