"""Criteria sets: the shipped one follows the letter; all mistakes of a wrong file are reported."""

from dataclasses import replace
from fractions import Fraction

import pytest

from criteria.definition import Figure
from criteria.sets.set_file import (
    CriteriaError,
    parse_criteria,
    shipped_ids,
    shipped_sets,
    shipped_text,
)
from criteria.wording import fill, question
from handlers.rounds.criteria_sets import one_line
from handlers.texts import texts_of

TEXT = shipped_text("phu-tho-2024")
LETTER = parse_criteria(TEXT, "phu-tho-2024.toml")


def problems(*changes, text=TEXT):
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(CriteriaError) as raised:
        parse_criteria(text, "set.toml")
    assert all(str(problem).startswith("set.toml: ") for problem in raised.value.problems)
    return [
        one_line(replace(problem, line=None), texts_of("en")).removeprefix("set.toml: ")
        for problem in raised.value.problems
    ]


def test_the_set_of_the_letter_is_shipped():
    assert shipped_ids() == ("phu-tho-2024",)
    assert [group.code for group in LETTER.groups] == ["HT", "CQ", "KT", "XH"]
    table = {
        one.code: (one.threshold, one.asked_of.value, one.roll_up.value)
        for one in LETTER.indicators
    }
    assert table == {
        "HT1": (Fraction(17, 20), "area", "sum"),
        "HT2": (Fraction(1), "both", "sum"),
        "CQ1": (Fraction(3, 4), "office", "sum"),
        "CQ2": (None, "office", "office"),
        "CQ3": (None, "area", "all"),
        "CQ4": (None, "area", "all"),
        "CQ5": (None, "office", "office"),
        "KT1": (Fraction(17, 20), "area", "sum"),
        "KT2": (Fraction(7, 10), "area", "sum"),
        "KT3": (None, "area", "any"),
        "XH1": (None, "area", "any"),
        "XH2": (None, "office", "office"),
        "XH3": (None, "office", "office"),
    }


def test_eight_questions_for_an_area_and_six_for_the_office():
    area = [one.code for one in LETTER.asked_of(office=False)]
    office = [one.code for one in LETTER.asked_of(office=True)]
    assert area == ["HT1", "HT2", "CQ3", "CQ4", "KT1", "KT2", "KT3", "XH1"]
    assert office == ["HT2", "CQ1", "CQ2", "CQ5", "XH2", "XH3"]


def test_cadres_have_one_figure_for_the_area_and_one_for_the_office():
    cadres = LETTER.indicator("HT2")
    assert cadres.figure_of(office=False) is Figure.AREA_CADRES
    assert cadres.figure_of(office=True) is Figure.COMMUNE_CADRES
    assert LETTER.indicator("CQ1").figure_of(office=True) is Figure.NONE


def test_questions_print_the_parameters_of_the_year():
    smartphones, accounts = LETTER.indicator("HT1"), LETTER.indicator("KT1")
    asked = question(LETTER, smartphones, 2026, "vi", total=1234)
    assert asked.startswith("Trong 1.234 người từ đủ 18 tuổi của khu mình")
    assert "nam 61 tuổi 6 tháng, nữ 57 tuổi" in question(LETTER, accounts, 2026, "vi")
    assert "61 years 9 months for men" in question(LETTER, accounts, 2027, "en", total=1)
    cadres = LETTER.indicator("HT2")
    assert "của xã" in question(LETTER, cadres, 2026, "vi", office=True, total=20)


@pytest.mark.parametrize(("year", "women"), [(2020, "56 tuổi 4 tháng"), (2099, "58 tuổi 4 tháng")])
def test_a_year_outside_the_table_uses_the_nearest_one(year, women):
    assert fill("{working_age_women}", LETTER, year, "vi") == women


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("indicator", LETTER.indicators, ids=lambda one: one.code)
def test_every_text_can_be_filled_with_its_values(indicator, language):
    for office in (False, True):
        text = indicator.text(language, office=office)
        assert len(text.short) <= 30
        for value in text.model_dump(exclude_none=True).values():
            assert "{" not in fill(value, LETTER, 2026, language, total=400)


def test_all_problems_are_reported_at_once_each_with_its_place():
    found = problems(
        ('threshold = "75 %"', 'threshold = "175 %"'),
        ('roll_up = "all"', 'roll_up = "sum"'),
        ("version = 1", 'version = "one"'),
        ("2026 = {", "x2026 = {"),
    )
    places = [one.split(": ")[0] for one in found]
    assert places == [
        "version",
        "parameters.working_age.x2026",
        "indicators.3 (CQ1).threshold",
        "indicators.5 (CQ3).roll_up",
        "indicators.6 (CQ4).roll_up",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "CQ2"', 'code = "CQ3"', "the code CQ3 stands more than once"),
        ('group = "KT"', 'group = "XX"', "there is no group XX"),
        ('asked_of = "both"', 'asked_of = "all"', "indicators.2 (HT2).asked_of"),
        ('asked_of = "both"\nroll_up = "sum"', 'asked_of = "both"\nroll_up = "any"', "added up"),
        ('roll_up = "any"', 'roll_up = "share"', 'is needed with roll_up = "share"'),
        ('roll_up = "any"', 'roll_up = "any"\nshare = "1/2"', 'goes only with roll_up = "share"'),
        ('roll_up = "any"', 'roll_up = "office"', 'must be "office"'),
        ('roll_up = "office"', 'roll_up = "any"', "the office alone answers"),
        ('figure = "adults"', 'figure = "commune_cadres"', "is office_figure meant?"),
        ('threshold = "70 %"', "", "indicators.9 (KT2).threshold: a ratio needs one"),
        ('threshold = "70 %"', "threshold = 0.7", 'must be a text such as "85 %"'),
        ('threshold = "70 %"', 'threshold = "0 %"', "above 0 %"),
        ('unit = "dossiers"', "", "indicators.3 (CQ1).unit: a ratio needs one"),
        ("{adult_age} tuổi?", "{adult} tuổi?", "unknown placeholder {adult}"),
        ("{adult_age} tuổi?", "{adult_age tuổi?", "braces don't match"),
        ("{adult_age} tuổi?", "{adult_age:d} tuổi?", "takes no format"),
        ("Kỳ này tổ có họp", "Trong {total} tổ có họp", "unknown placeholder {total}"),
        ('short = "Điện thoại thông minh"', f'short = "{"x" * 31}"', "at most 30"),
        ("adult_age = 18", "adult_age = 18\nadults = 1", "nothing called adults"),
        ("adult_age = 18", 'adult_age = "18"', "whole number without"),
        ("months = 4 }", "months = 12 }", "at most 11"),
        ("[[groups]]", "[groups]", "bracket is missing"),
        ('"đttm"', '"zalo"', "“zalo” is what HT1 is called, too"),
        ('"đttm"', '"Hợp tác xã  số"', "is what KT3 is called, too"),
        ('"đttm"', '"x"', "indicators.1 (HT1).names.vi.6"),
        ('"đttm"', '"12"', "“12” has no letter"),
    ],
)
def test_each_rule_reports_what_breaks_it(old, new, said):
    assert any(said in one for one in problems((old, new))), problems((old, new))


def test_a_set_with_exact_fractions_and_a_share_of_areas_is_read():
    text = TEXT.replace('roll_up = "any"', 'roll_up = "share"\nshare = "1/3"')
    text = text.replace('threshold = "70 %"', 'threshold = "62,5 %"')
    criteria = parse_criteria(text, "set.toml")
    assert criteria.indicator("KT3").share == Fraction(1, 3)
    assert criteria.indicator("KT2").threshold == Fraction(5, 8)


def test_without_english_the_vietnamese_is_shown():
    start, end = TEXT.index("[indicators.text.en]"), TEXT.index('[[indicators]]\ncode = "HT2"')
    criteria = parse_criteria(TEXT[:start] + TEXT[end:], "set.toml")
    assert criteria.indicator("HT1").text("en").short == "Điện thoại thông minh"


def test_a_file_of_nonsense_is_one_clear_problem():
    assert problems(text="= 3")[0].startswith("TOML: ")
    assert "groups: groups is missing; write it." in problems(text='id = "x"')


def test_a_set_has_a_short_title_and_a_name_for_all_met():
    shipped = parse_criteria(shipped_text("phu-tho-2024"), "phu-tho-2024")
    assert (shipped.name("vi"), shipped.name("en")) == ("Xã thông minh", "Smart commune")
    assert shipped.aim is not None
    assert shipped.aim.text("vi") == "xã nông thôn mới thông minh"
    without = shipped.model_copy(update={"short_title": None})
    assert without.name("vi") == shipped.title.vi
    too_long = problems(('vi = "Xã thông minh"', f'vi = "{"Xã " * 9}"'))
    assert too_long == ["short_title.vi: is too long: at most 20 characters."]


def test_a_place_is_counted_from_one_and_named_by_its_code():
    found = problems(('code = "CQ2"\n', ""), ('code = "CQ3"', 'code = "x"'))
    places = [one.split(": ")[0] for one in found]
    assert "indicators.4.code" in places
    assert "indicators.5 (x).code" in places
    assert "groups.1.code" in [one.split(": ")[0] for one in problems(text="[[groups]]\n")]


def test_the_same_problem_is_reported_once():
    found = problems(('group = "KT"', 'group = "XX"'))
    assert len(found) == len(set(found)) == 3


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "yes_no"', 'kind = "yes_no"\nthreshold = "50 %"', "threshold: a yes/no has none"),
        ('kind = "yes_no"', 'kind = "yes_no"\nunit = "people"', "unit: a yes/no has none"),
        ('kind = "yes_no"', 'kind = "yes_no"\nfigure = "adults"', "a yes/no has no denominator"),
        ('roll_up = "all"', 'roll_up = "office"', 'must be "office" with roll_up = "office"'),
        ('figure = "adults"', 'figure = "adults"\noffice_figure = "adults"', 'asked_of = "both"'),
        ("question_pair = ", "# question_pair = ", "question_pair: a ratio needs one"),
        ("question_total = ", "# question_total = ", "question_total: a ratio needs one"),
        ("evidence_hint = ", "# evidence_hint = ", "is needed where evidence is wanted"),
        ('code = "KT3"', 'code = "KT3"\noffice_text = { vi = { question = "?" } }',
         "the office isn't asked this"),
        ("{adult_age} tuổi?", "{adult_age!r} tuổi?", "takes no format"),
    ],
)  # fmt: skip
def test_each_further_rule_reports_what_breaks_it(old, new, said):
    assert any(said in one for one in problems((old, new))), problems((old, new))


def test_an_unknown_set_is_a_key_error():
    with pytest.raises(KeyError):
        shipped_text("nothing")
    (file,) = shipped_sets()
    assert (file.id, file.criteria, file.text) == ("phu-tho-2024", LETTER, TEXT)
    assert file.title("vi") == LETTER.title.vi
    assert file.title("en") == LETTER.title.en
