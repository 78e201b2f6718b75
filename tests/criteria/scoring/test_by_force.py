"""The score against brute force: every possible completion of the missing answers."""

from dataclasses import fields, is_dataclass
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from criteria.answers import Ratio, YesNo
from criteria.definition import RollUp
from criteria.scoring import Facts, Verdict, best_actions, result_fields, score
from criteria.sets.set_file import parse_criteria, shipped_text

LETTER = parse_criteria(shipped_text("phu-tho-2024"), "phu-tho-2024.toml")
OFFICE = 99
AREAS = (1, 2, 3, 4)
LINES = st.sampled_from([Fraction(17, 20), Fraction(7, 10), Fraction(1), Fraction(2, 3)])


def only(indicator):
    return LETTER.model_copy(update={"indicators": (indicator,)})


def ratio_set(line):
    return only(LETTER.indicator("HT1").model_copy(update={"threshold": line}))


def yes_no_set(roll_up, share=None):
    changed = {"roll_up": roll_up, "share": share}
    return only(LETTER.indicator("KT3").model_copy(update=changed))


def judge(criteria, areas, counted, expected=None):
    (one,) = criteria.indicators
    facts = Facts(
        areas=areas,
        office=OFFICE,
        counted={(unit, one.code): value for unit, value in counted.items()},
        expected={(unit, one.code): count for unit, count in (expected or {}).items()},
    )
    return score(criteria, facts).indicators[0]


def completions(areas, counted, expected):
    """Every way in which missing areas can report with their expected totals."""
    missing = [unit for unit in areas if unit not in counted]
    for numerators in product(*(range(expected[unit] + 1) for unit in missing)):
        rest = {
            unit: Ratio(number, expected[unit])
            for unit, number in zip(missing, numerators, strict=True)
        }
        yield counted | rest


@st.composite
def ratio_communes(draw):
    areas = AREAS[: draw(st.integers(1, 4))]
    counted, expected = {}, {}
    for unit in areas:
        if draw(st.booleans()):
            denominator = draw(st.integers(0, 7))
            counted[unit] = Ratio(draw(st.integers(0, denominator)), denominator)
        else:
            expected[unit] = draw(st.integers(0, 4))
    return areas, counted, expected


@st.composite
def yes_no_communes(draw):
    areas = tuple(range(1, draw(st.integers(1, 6)) + 1))
    counted = {}
    for unit in areas:
        said = draw(st.sampled_from([True, False, None]))
        if said is not None:
            counted[unit] = YesNo(said)
    roll_up = draw(st.sampled_from([RollUp.ANY, RollUp.ALL, RollUp.SHARE]))
    share = Fraction(draw(st.integers(1, 6)), 6) if roll_up is RollUp.SHARE else None
    return areas, counted, yes_no_set(roll_up, share)


@settings(max_examples=300, deadline=None)
@given(ratio_communes(), LINES)
def test_a_ratio_is_certain_exactly_when_every_completion_agrees(commune, line):
    areas, counted, expected = commune
    criteria = ratio_set(line)
    one = judge(criteria, areas, counted, expected)
    finals = [judge(criteria, areas, full) for full in completions(areas, counted, expected)]
    verdicts = {final.verdict for final in finals}
    assert all(final.certain for final in finals)
    if one.certain:
        assert verdicts == {one.verdict}
    else:
        # With one possible verdict it is open only if nobody is counted or expected.
        assert len(verdicts) > 1 or verdicts == {Verdict.NOT_APPLICABLE}
    values = [final.ratio.value for final in finals]
    if None in values:
        assert (one.ratio.low, one.ratio.high) == (None, None)
    else:
        assert (one.ratio.low, one.ratio.high) == (min(values), max(values))


@settings(max_examples=300, deadline=None)
@given(ratio_communes(), LINES)
def test_the_deciding_units_are_the_smallest_set_that_suffices(commune, line):
    areas, counted, expected = commune
    criteria = ratio_set(line)
    one = judge(criteria, areas, counted, expected)

    def settles(units):
        everybody = {unit: Ratio(expected[unit], expected[unit]) for unit in units}
        return judge(criteria, areas, counted | everybody, expected).verdict is Verdict.MET

    missing = [unit for unit in areas if unit not in counted]
    enough = [
        set(units)
        for size in range(len(missing) + 1)
        for units in combinations(missing, size)
        if settles(units)
    ]
    if one.verdict is Verdict.INSUFFICIENT and enough:
        deciding = one.ratio.deciding
        assert set(deciding) in enough
        assert len(deciding) == min(map(len, enough))
        left_out = [expected[unit] for unit in missing if unit not in deciding]
        assert all(expected[unit] >= other for unit in deciding for other in left_out)
        assert list(deciding) == sorted(deciding, key=lambda unit: (-expected[unit], unit))
    else:
        assert one.ratio.deciding == ()
    if missing:
        assert one.ratio.out_of_reach == (one.verdict is Verdict.NOT_MET)
        assert not (one.ratio.out_of_reach and enough)


@settings(max_examples=200, deadline=None)
@given(ratio_communes(), LINES)
def test_the_gap_is_the_fewest_people_that_reach_the_threshold(commune, line):
    areas, counted, expected = commune
    ratio = judge(ratio_set(line), areas, counted, expected).ratio
    if ratio.denominator == 0:
        assert ratio.gap is None
        return
    reach = [
        more
        for more in range(ratio.denominator + 1)
        if Fraction(ratio.numerator + more, ratio.denominator) >= line
    ]
    assert ratio.gap == reach[0]
    covered = sum(one.count for one in ratio.uncovered)
    assert covered == ratio.denominator - ratio.numerator


@settings(max_examples=200, deadline=None)
@given(ratio_communes(), LINES, st.data())
def test_an_unknown_total_can_settle_only_a_threshold_of_100_percent(commune, line, data):
    areas, counted, expected = commune
    if not expected:
        return
    hidden = data.draw(st.sampled_from(sorted(expected)))
    known = {unit: count for unit, count in expected.items() if unit != hidden}
    one = judge(ratio_set(line), areas, counted, known)
    short = any(value.numerator < value.denominator for value in counted.values())
    assert one.verdict is (Verdict.NOT_MET if line == 1 and short else Verdict.INSUFFICIENT)
    assert (one.ratio.low, one.ratio.high, one.ratio.unknown) == (None, None, (hidden,))


@settings(max_examples=300, deadline=None)
@given(yes_no_communes())
def test_a_yes_no_is_certain_exactly_when_every_completion_agrees(commune):
    areas, counted, criteria = commune
    one = judge(criteria, areas, counted)
    missing = [unit for unit in areas if unit not in counted]
    finals = [
        judge(criteria, areas, counted | dict(zip(missing, map(YesNo, said), strict=True)))
        for said in product([True, False], repeat=len(missing))
    ]
    verdicts = {final.verdict for final in finals}
    assert one.certain == (len(verdicts) == 1)
    assert not one.certain or verdicts == {one.verdict}
    if not one.certain:
        fewest = next(
            number
            for number in range(len(missing) + 1)
            if judge(
                criteria, areas, counted | dict.fromkeys(missing[:number], YesNo(True))
            ).verdict
            is Verdict.MET
        )
        assert one.yes_no.needed == fewest


@settings(max_examples=200, deadline=None)
@given(ratio_communes(), LINES, st.data())
def test_one_more_person_never_makes_the_result_worse(commune, line, data):
    areas, counted, expected = commune
    short = [unit for unit, value in counted.items() if value.numerator < value.denominator]
    if not short:
        return
    unit = data.draw(st.sampled_from(short))
    more = Ratio(counted[unit].numerator + 1, counted[unit].denominator)
    order = [Verdict.NOT_MET, Verdict.INSUFFICIENT, Verdict.MET]
    before = judge(ratio_set(line), areas, counted, expected)
    after = judge(ratio_set(line), areas, counted | {unit: more}, expected)
    assert order.index(after.verdict) >= order.index(before.verdict)


@settings(max_examples=200, deadline=None)
@given(ratio_communes(), LINES, st.data())
def test_a_certain_verdict_stays_after_a_report_with_its_expected_total(commune, line, data):
    areas, counted, expected = commune
    if not expected:
        return
    before = judge(ratio_set(line), areas, counted, expected)
    unit = data.draw(st.sampled_from(sorted(expected)))
    reported = Ratio(data.draw(st.integers(0, expected[unit])), expected[unit])
    after = judge(ratio_set(line), areas, counted | {unit: reported}, expected)
    if before.certain:
        assert after.verdict is before.verdict
    if before.ratio.low is not None:
        assert before.ratio.low <= after.ratio.low <= after.ratio.high <= before.ratio.high


@st.composite
def whole_communes(draw):
    """A commune with any counted, expected or missing answers to the thirteen indicators."""
    areas = tuple(range(1, draw(st.integers(0, 4)) + 1))
    counted, expected = {}, {}
    for office in (False, True):
        for unit in (OFFICE,) if office else areas:
            for indicator in LETTER.asked_of(office=office):
                key = (unit, indicator.code)
                there = draw(st.booleans())
                if indicator.kind.value == "yes_no":
                    if there:
                        counted[key] = YesNo(draw(st.booleans()))
                    continue
                total = draw(st.integers(0, 50))
                if there:
                    counted[key] = Ratio(draw(st.integers(0, total)), total)
                elif draw(st.booleans()):
                    expected[key] = total
    return Facts(areas, OFFICE, counted, expected)


def everything_in(thing):
    yield thing
    if is_dataclass(thing):
        for field in fields(thing):
            yield from everything_in(getattr(thing, field.name))
    elif isinstance(thing, tuple | list):
        for part in thing:
            yield from everything_in(part)
    elif isinstance(thing, dict):
        for part in thing.values():
            yield from everything_in(part)


@settings(max_examples=100, deadline=None)
@given(whole_communes())
def test_totals_add_up_and_no_value_is_a_float(facts):
    result = score(LETTER, facts)
    assert result.met + result.not_met + result.open + result.not_applicable == result.total == 13
    assert sum(group.met for group in result.groups) == result.met
    assert sum(group.total for group in result.groups) == 13
    actions = best_actions(LETTER, result, facts)
    shown = result_fields(result)
    assert not any(isinstance(part, float) for part in everything_in((result, actions, shown)))
    for action in actions:
        assert action.codes
        assert all(
            result.indicator(code).verdict in {Verdict.NOT_MET, Verdict.INSUFFICIENT}
            for code in action.codes
        )


@pytest.mark.parametrize("code", [one.code for one in LETTER.indicators])
def test_a_missing_report_is_never_zero(code):
    facts = Facts(areas=AREAS, office=OFFICE)
    result = score(LETTER, facts)
    one = result.indicator(code)
    assert one.verdict is Verdict.INSUFFICIENT
    assert one.missing == one.units
    if one.ratio:
        assert (one.ratio.value, one.ratio.gap, one.ratio.low) == (None, None, None)
