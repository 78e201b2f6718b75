"""Limits of criteria sets at their edges, exact fractions, and whose texts are used."""

import tomllib
from fractions import Fraction

import pytest
from pydantic import TypeAdapter, ValidationError

from criteria import definition
from criteria.definition import (
    Age,
    CriteriaSet,
    Figure,
    Indicator,
    Parameters,
    Respondent,
    RollUp,
    Text,
    WorkingAge,
    read_share,
)
from criteria.sets.set_file import parse_criteria, shipped_text

FILE = tomllib.loads(shipped_text("phu-tho-2024"))
LETTER = parse_criteria(shipped_text("phu-tho-2024"), "phu-tho-2024.toml")
TEXT = {"short": "x", "question": "x", "definition": "x"}


def fits(kind, value):
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("short", 1, 30), ("question", 1, 400), ("question_pair", 1, 400),
        ("question_total", 1, 400), ("definition", 1, 900), ("evidence_hint", 1, 400),
        ("unit", 1, 20),
    ],
)  # fmt: skip
def test_a_text_fits_the_screen(name, least, most):
    for kind in (Text, definition.TextChange):
        if name not in kind.model_fields:
            continue
        for length, good in ((least - 1, False), (least, True), (most, True), (most + 1, False)):
            assert fits(kind, TEXT | {name: "x" * length}) is good


@pytest.mark.parametrize(
    ("kind", "lowest", "highest", "more"),
    [
        (lambda n: Age(years=n), 0, 120, None), (lambda n: Age(years=1, months=n), 0, 11, None),
        (lambda n: Parameters(adult_age=n, working_age={"2026": ages()}), 10, 30, None),
    ],
)  # fmt: skip
def test_an_age_must_be_one_that_people_reach(kind, lowest, highest, more):
    for number, good in (
        (lowest - 1, False),
        (lowest, True),
        (highest, True),
        (highest + 1, False),
    ):
        if good:
            kind(number)
        else:
            with pytest.raises(ValidationError):
                kind(number)


def ages():
    return WorkingAge(men=Age(years=61), women=Age(years=57))


@pytest.mark.parametrize(
    ("values", "good"),
    [
        ({}, True), ({"version": 0}, False), ({"version": 1}, True), ({"version": "1"}, False),
        ({"id": "a-1"}, True), ({"id": "A"}, False), ({"id": "a--b"}, False),
        ({"id": "a" * 60}, True), ({"id": "a" * 61}, False), ({"groups": ()}, False),
        ({"indicators": ()}, False), ({"more": 1}, False),
    ],
)  # fmt: skip
def test_a_set_must_have_an_id_a_version_groups_and_indicators(values, good):
    assert fits(CriteriaSet, FILE | values) is good


def test_the_working_age_is_given_for_at_least_one_valid_year():
    for year, good in (("2026", True), ("1999", False), ("20266", False), ("x2026", False)):
        assert fits(Parameters, {"adult_age": 18, "working_age": {year: ages()}}) is good
    assert not fits(Parameters, {"adult_age": 18, "working_age": {}})


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("85 %", Fraction(17, 20)), ("62,5%", Fraction(5, 8)), ("62.50 %", Fraction(5, 8)),
        ("0,01 %", Fraction(1, 10000)), ("100 %", Fraction(1)), (" 17/20 ", Fraction(17, 20)),
        ("1 / 3", Fraction(1, 3)), ("3/3", Fraction(1)), (Fraction(2, 3), Fraction(2, 3)),
    ],
)  # fmt: skip
def test_a_fraction_is_exact(text, share):
    assert read_share(text) == share


@pytest.mark.parametrize(
    "text", ["0 %", "100,1 %", "101 %", "0/3", "4/3", "1/0", "85", "0.85", "-5 %", "", 0.85, None]
)
def test_only_a_fraction_up_to_one_is_accepted(text):
    with pytest.raises(ValueError, match="must be"):
        read_share(text)


@pytest.mark.parametrize(
    ("asked", "area", "office"),
    [
        (Respondent.AREA, True, False),
        (Respondent.OFFICE, False, True),
        (Respondent.BOTH, True, True),
    ],
)
def test_who_is_asked(asked, area, office):
    one = LETTER.indicator("HT2").model_copy(update={"asked_of": asked})
    assert (one.asks(office=False), one.asks(office=True)) == (area, office)
    whose = one.figure_of(office=True)
    assert whose is (Figure.COMMUNE_CADRES if asked is Respondent.BOTH else Figure.AREA_CADRES)
    assert one.figure_of(office=False) is Figure.AREA_CADRES


@pytest.mark.parametrize("roll_up", RollUp)
def test_which_indicators_an_officer_can_confirm(roll_up):
    one = LETTER.indicator("KT3").model_copy(update={"roll_up": roll_up})
    assert one.confirmable is (roll_up in {RollUp.ANY, RollUp.ALL, RollUp.SHARE})


def test_the_office_reads_its_own_texts_in_each_language():
    one = Indicator.model_validate(
        FILE["indicators"][1]
        | {
            "text": {
                "vi": TEXT | {"short": "khu", "question": "khu?"},
                "en": TEXT | {"short": "area", "question": "area?"},
            },
            "office_text": {"vi": {"question": "xã?"}, "en": {"question": "office?"}},
        }
    )
    read = {
        (language, office): (one.text(language, office=office).question)
        for language in ("vi", "en", "fr")
        for office in (False, True)
    }
    assert read == {
        ("vi", False): "khu?", ("vi", True): "xã?", ("en", False): "area?",
        ("en", True): "office?", ("fr", False): "khu?", ("fr", True): "xã?",
    }  # fmt: skip
    assert one.text("vi", office=True).short == "khu"


def test_a_set_finds_its_indicators():
    assert LETTER.indicator("KT2").code == "KT2"
    with pytest.raises(KeyError):
        LETTER.indicator("XX")
    newer = LETTER.model_copy(update={"version": 2})
    other = LETTER.model_copy(update={"id": "another"})
    assert hash(LETTER) == hash(LETTER.model_copy())
    assert len({hash(one) for one in (LETTER, newer, other)}) == 3


@pytest.mark.parametrize(
    ("year", "known"), [(2025, 2026), (2026, 2026), (2027, 2026), (2028, 2028), (2040, 2028)]
)
def test_the_working_age_comes_from_the_newest_earlier_year(year, known):
    ages = {
        str(one): WorkingAge(men=Age(years=one - 1970), women=Age(years=50)) for one in (2028, 2026)
    }
    parameters = Parameters(adult_age=18, working_age=ages)
    assert parameters.working_age_in(year).men.years == known - 1970


def test_a_name_without_a_translation_is_shown_in_vietnamese():
    name = definition.Localised(vi="Xã", en="Commune")
    assert [name.text(language) for language in ("vi", "en", "fr")] == ["Xã", "Commune", "Xã"]
    assert definition.Localised(vi="Xã").text("en") == "Xã"
