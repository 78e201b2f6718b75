"""Percentages in a reply. A percentage alone is never an answer; with two counts it checks them."""

from fractions import Fraction

from criteria.answers import Ratio
from criteria.reading.numbers.items import Item
from criteria.reading.outcome import Reading, confirm


def split_percents(items: list[Item]) -> tuple[list[Item], list[Fraction]]:
    """Return the items without the percentages, and the percentages."""
    kept: list[Item] = []
    percents: list[Fraction] = []
    n = 0
    while n < len(items):
        item = items[n]
        if item.tag == "number":
            tail = _decimal_tail(items, n)
            if tail < len(items) and items[tail].tag in {"%", "percent"}:
                percents.append(_percent(items[n:tail]))
                n = tail + 1
                continue
        kept.append(item)
        n += 1
    return kept, percents


def _decimal_tail(items: list[Item], n: int) -> int:
    spoken = n + 2 < len(items) and items[n + 1].tag == "decimal" and items[n + 2].tag == "number"
    return n + 3 if spoken else n + 1


def _percent(items: list[Item]) -> Fraction:
    first = items[0]
    if len(items) == 3:
        return Fraction(f"{first.number}.{items[2].number}")
    parts = first.text.replace(",", ".").split(".") if first.odd == "decimal" else []
    if len(parts) == 2 and all(part.isdecimal() for part in parts):
        return Fraction(f"{int(parts[0])}.{int(parts[1]):0{len(parts[1])}d}")
    return Fraction(first.number or 0)


def checked_percent(reading: Reading, percents: list[Fraction]) -> Reading:
    """Return the reading, to be confirmed if the percentage is over half a point away."""
    if not percents or not isinstance(reading.value, Ratio) or not reading.value.denominator:
        return reading
    share = Fraction(100 * reading.value.numerator, reading.value.denominator)
    if all(abs(share - percent) <= Fraction(1, 2) for percent in percents):
        return reading
    return confirm(reading.value, "percent_differs")
