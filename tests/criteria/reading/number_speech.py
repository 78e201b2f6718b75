"""Numbers as people say them, for round-trip tests of the reading."""

from dataclasses import dataclass

_DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


@dataclass(frozen=True)
class Manner:
    odd: str = "linh"
    thousand: str = "nghìn"
    four: str = "tư"
    five: str = "lăm"


def in_words(number: int, manner: Manner) -> str:
    if number == 0:
        return "không"
    thousands, rest = divmod(number, 1000)
    words = []
    if thousands:
        words += [_below_thousand(thousands, manner, full=False), manner.thousand]
    if rest:
        words.append(_below_thousand(rest, manner, full=bool(thousands)))
    return " ".join(words)


def _below_thousand(number: int, manner: Manner, *, full: bool) -> str:
    hundreds, rest = divmod(number, 100)
    words = []
    if hundreds or full:
        words += [_DIGITS[hundreds], "trăm"]
    tens, unit = divmod(rest, 10)
    if tens == 0 and unit and words:
        words += [manner.odd, _DIGITS[unit]]
    elif tens == 0 and unit:
        words.append(_DIGITS[unit])
    elif tens == 1:
        words += ["mười", *_unit_after_ten(unit, manner, one="một", four="bốn")]
    elif tens:
        words += [
            _DIGITS[tens],
            "mươi",
            *_unit_after_ten(unit, manner, one="mốt", four=manner.four),
        ]
    return " ".join(words)


def _unit_after_ten(unit: int, manner: Manner, *, one: str, four: str) -> list[str]:
    special = {0: [], 1: [one], 4: [four], 5: [manner.five]}
    return special.get(unit, [_DIGITS[unit]])
