"""Shares as text. Decimals are cut, never rounded up: no share below the threshold looks met."""

from fractions import Fraction
from functools import cache

from babel import Locale
from babel.numbers import get_decimal_symbol

NO_BREAK_SPACE = "\u00a0"
_NEAR = Fraction(1, 1000)


def percent_text(
    numerator: int, denominator: int, threshold: Fraction | None, language: str
) -> str:
    """Return "84,9 %": one decimal, two within 0.1 points of the threshold; "—" over 0."""
    if denominator == 0:
        return "—"
    return share_text(Fraction(numerator, denominator), threshold, language)


def share_text(share: Fraction, threshold: Fraction | None, language: str) -> str:
    """Return the share like `percent_text`, with more decimals if two would show the threshold.

    A share of 1 is "100 %" without decimals, since nothing was cut.
    """
    places = decimals(share, threshold)
    return _write(_cut(share, places), places, language)


def decimals(share: Fraction, threshold: Fraction | None) -> int:
    """Return the number of decimals that the percentage needs to show its side of the threshold."""
    if share == 1:
        return 0
    places = 1
    if threshold is not None and abs(share - threshold) <= _NEAR:
        places = 2
        while share < threshold and _cut(share, places) == _cut(threshold, places):
            places += 1
    return places


def line_text(threshold: Fraction, language: str) -> str:
    """Return a threshold exactly: "85 %", "62,5 %", or the fraction "2/3"."""
    places = 0
    while places < 4 and (threshold * 100 * 10**places).denominator != 1:
        places += 1
    if (threshold * 100 * 10**places).denominator != 1:
        return str(threshold)
    return _write(_cut(threshold, places), places, language)


def decimal_text(share: Fraction | None, places: int = 4) -> str | None:
    """Return the share for JSON and CSV, cut to four decimals: "0.8496"; None stays None."""
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
