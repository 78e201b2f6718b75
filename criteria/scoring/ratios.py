"""The verdict on a ratio: sums of counts, bounds over the missing units, the gap in people.

Counts are added and shares are never averaged: 400/500 and 10/10 make 410/510, not 90 %.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from criteria.answers import Ratio
from criteria.scoring.result import Judged, RatioFigures, Share, Verdict


def judge_ratio(
    threshold: Fraction,
    units: Sequence[int],
    counted: Mapping[int, Ratio],
    expected: Mapping[int, int],
) -> Judged:
    """Return the verdict and the figures. It may assume that totals stay as expected.

    The letter's thresholds are "≥": a share equal to the threshold is met. With N and D the counted
    sums and E the expected denominators of the missing units, the bounds are N/(D+E) and
    (N+E)/(D+E).
    """
    numerator = sum(one.numerator for one in counted.values())
    denominator = sum(one.denominator for one in counted.values())
    missing = [unit for unit in units if unit not in counted]
    unknown = tuple(unit for unit in missing if unit not in expected)
    still = None if unknown else sum(expected[unit] for unit in missing)
    low, high = _bounds(numerator, denominator, still)
    verdict, by_totals = _verdict(threshold, numerator, denominator, missing, low, high)
    if not units:
        verdict, by_totals = Verdict.INSUFFICIENT, False
    open_ = verdict is Verdict.INSUFFICIENT
    figures = RatioFigures(
        numerator=numerator,
        denominator=denominator,
        threshold=threshold,
        expected=None if still is None else denominator + still,
        low=low,
        high=high,
        gap=max(0, _needed(threshold, denominator) - numerator) if denominator else None,
        uncovered=_uncovered(units, counted),
        unknown=unknown,
        deciding=_deciding(threshold, numerator, denominator, missing, expected)
        if open_ and not unknown
        else (),
        out_of_reach=bool(missing) and verdict is Verdict.NOT_MET,
    )
    return Judged(verdict, figures, by_totals)


def _bounds(
    numerator: int, denominator: int, still: int | None
) -> tuple[Fraction | None, Fraction | None]:
    if still is None or denominator + still == 0:
        return None, None
    whole = denominator + still
    return Fraction(numerator, whole), Fraction(numerator + still, whole)


def _verdict(
    threshold: Fraction,
    numerator: int,
    denominator: int,
    missing: Sequence[int],
    low: Fraction | None,
    high: Fraction | None,
) -> tuple[Verdict, bool]:
    if threshold == 1 and numerator < denominator:
        # the missing units cannot change it: somebody stays uncovered
        return Verdict.NOT_MET, False
    if low is None or high is None:
        # No bounds: a missing total is unknown, or no person is counted or expected. The latter is
        # "không có đối tượng" only when all units have reported, since a missing unit is never
        # taken as 0.
        return (Verdict.INSUFFICIENT if missing else Verdict.NOT_APPLICABLE), False
    if low >= threshold:
        return Verdict.MET, bool(missing)
    if high < threshold:
        return Verdict.NOT_MET, bool(missing)
    return Verdict.INSUFFICIENT, False


def _needed(threshold: Fraction, denominator: int) -> int:
    """Return the least numerator that reaches the threshold: the product, rounded up."""
    return -(-threshold.numerator * denominator // threshold.denominator)


def _uncovered(units: Sequence[int], counted: Mapping[int, Ratio]) -> tuple[Share, ...]:
    shares = [
        Share(unit, counted[unit].denominator - counted[unit].numerator)
        for unit in units
        if unit in counted
    ]
    return tuple(sorted((one for one in shares if one.count), key=lambda one: -one.count))


def _deciding(
    threshold: Fraction,
    numerator: int,
    denominator: int,
    missing: Sequence[int],
    expected: Mapping[int, int],
) -> tuple[int, ...]:
    largest_first = sorted(missing, key=lambda unit: -expected[unit])
    whole = denominator + sum(expected[unit] for unit in missing)
    short = _needed(threshold, whole) - numerator
    chosen: list[int] = []
    for unit in largest_first:
        if short <= 0 or not expected[unit]:
            break
        chosen.append(unit)
        short -= expected[unit]
    return tuple(chosen)
