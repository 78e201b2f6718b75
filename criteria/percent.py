"""Shares as people read them: cut, never rounded up, so that nothing below the line looks met."""

from fractions import Fraction
from functools import cache

from babel import Locale
from babel.numbers import get_decimal_symbol

NO_BREAK_SPACE = "\u00a0"
_NEAR = Fraction(1, 1000)


def percent_text(
    numerator: int, denominator: int, threshold: Fraction | None, language: str
) -> str:
    """Give "84,9 %": one decimal, two within 0.1 points of the threshold; "—" for denominator 0."""
    if denominator == 0:
        return "—"
    return share_text(Fraction(numerator, denominator), threshold, language)


def share_text(share: Fraction, threshold: Fraction | None, language: str) -> str:
    """Give the share like `percent_text`; more decimals if two would show the threshold.

    Everybody is "100 %", without decimals: nothing was cut.
    """
    places = decimals(share, threshold)
    return _write(_cut(share, places), places, language)


def decimals(share: Fraction, threshold: Fraction | None) -> int:
    """Give how many decimals of the percentage are needed to show its side of the threshold."""
    if share == 1:
        return 0
    places = 1
    if threshold is not None and abs(share - threshold) <= _NEAR:
        places = 2
        while share < threshold and _cut(share, places) == _cut(threshold, places):
            places += 1
    return places


def line_text(threshold: Fraction, language: str) -> str:
    """Give a threshold exactly: "85 %", "62,5 %", or the fraction "2/3"."""
    places = 0
    while places < 4 and (threshold * 100 * 10**places).denominator != 1:
        places += 1
    if (threshold * 100 * 10**places).denominator != 1:
        return str(threshold)
    return _write(_cut(threshold, places), places, language)


def decimal_text(share: Fraction | None, places: int = 4) -> str | None:
    """Give the share for JSON and CSV, cut to four decimals: "0.8496"; None stays None."""
    if share is None:
        return None
    whole, rest = divmod(_scaled(share, places), 10**places)
    return f"{whole}.{rest:0{places}d}"


def _scaled(share: Fraction, places: int) -> int:
    scale: int = 10**places
    return share.numerator * scale // share.denominator


def _cut(share: Fraction, places: int) -> int:
    return _scaled(share, places + 2)


@cache
def _symbol(language: str) -> str:
    return str(get_decimal_symbol(Locale.parse(language)))


def _write(cut: int, places: int, language: str) -> str:
    whole, rest = divmod(cut, 10**places)
    digits = f"{whole}{_symbol(language)}{rest:0{places}d}"
    number = digits if places else str(whole)
    return f"{number}%" if language == "en" else f"{number}{NO_BREAK_SPACE}%"
