"""Rules about numbers: which numbers are not counts, and which counts must be confirmed.

Each docstring gives the reason for the rule, then replies to a question for one number and how they
are read. The tests read those lines too.
"""

from collections.abc import Iterator
from itertools import pairwise

from criteria.answers import Ratio
from criteria.reading.numbers.items import Item
from criteria.reading.outcome import Reading, Reason

_SMALLEST_PLAIN = 10  # a smaller number next to a person may be a name
_SMALL_PART = 10
_MONTHS = 12
_SMALLEST_OF_HOUSES = 4
_SIGNS = frozenset({",", ".", ";", "!", "\n", "picture"})
_REQUEST_WORDS = frozenset({"xin", "cho", "với", "để"})
_PLACES = frozenset({"area", "where"})
_NEIGHBOUR_WORDS = frozenset({"bên", "kia"})  # khu bên; "bên em" is a single phrase
_SEPARATORS = frozenset({":", "-", "number_word"})
_NEGATIONS = frozenset({"not", "nobody", "nobody_perhaps", "not_applicable"})


def telephone_number(items: list[Item]) -> Reason | None:
    """Refuse a telephone number: nine digits after a leading zero, in any grouping.

    0912.345.678 → ask
    """
    for item in numbers_of(items):
        if item.text.isdecimal() and item.text.startswith("0") and len(item.text) >= 8:
            return "phone"
    plus = any(a.tag == "+" and b.tag == "number" and b.text.startswith("84")
               for a, b in pairwise(items))  # fmt: skip
    runs = [""]
    for item in items:
        if item.tag == "number" and item.text.replace(".", "").isdecimal():
            runs[-1] += item.text.replace(".", "")
        elif item.tag not in {"-", ".", "+"}:
            runs.append("")
    return "phone" if plus or any(r.startswith("0") and len(r) >= 9 for r in runs) else None


def time_or_date(items: list[Item]) -> Reason | None:
    """Refuse a time of the clock and a date: they are not counts.

    8h30 → ask
    12/5/2026 → ask
    """
    if any(item.odd == "time" for item in numbers_of(items)):
        return "date_or_time"
    for a, s1, b, s2, c in zip(items, items[1:], items[2:], items[3:], items[4:], strict=False):
        if {a.tag, b.tag, c.tag} == {"number"} and s1.tag == s2.tag and s1.tag in {"/", "-", "."}:
            numbers = (a.number or 0, b.number or 0, c.number or 0)
            if _day_month_year(*numbers) or _day_month_year(*reversed(numbers)):
                return "date_or_time"
    return None


def _day_month_year(day: int, month: int, year: int) -> bool:
    return day <= 31 and month <= 12 and (year <= 99 or 1900 <= year <= 2100)


def below_zero(items: list[Item]) -> Reason | None:
    """Refuse a negative number: a count cannot be negative.

    -5 → ask
    âm 5 → ask
    """
    for n, item in enumerate(items):
        before = items[n - 1] if n else None
        if item.tag != "number" or before is None:
            continue
        joined = before.tag == "-" and before.end == item.start and _is_minus_sign(items, n - 1)
        if before.tag == "minus" or joined:
            return "negative"
    return None


def _is_minus_sign(items: list[Item], at: int) -> bool:
    """Return whether the dash here is a minus: no word that it could join is directly before it."""
    if at == 0:
        return True
    before = items[at - 1]
    return before.tag != "number" and (before.end < items[at].start or before.tag in "/:(")


def somebodys_name(items: list[Item]) -> Reason | None:
    """Refuse a number word after a kinship word: it is a name.

    nhà bác Ba → ask
    anh Bảy → ask
    """
    return "not_understood" if any(item.tag == "name" for item in items) else None


def number_of_something_else(items: list[Item]) -> Reason | None:
    """Refuse house numbers, years, ages, days and repetitions: they do not count what was asked.

    số nhà 45 → ask
    3 ngày nữa → ask
    em 62 tuổi rồi → ask
    VNeID mức 2 → ask
    """
    relevant = [item for item in items if item.tag not in _SEPARATORS and item.part != "filler"]
    for before, after in pairwise(relevant):
        if before.tag == "no_count_before" and after.tag == "number":
            return "date_or_time" if before.word in {"ngày", "mùng"} else "not_understood"
        if before.part == "where" and after.tag == "number":
            return "not_understood"  # em ở 5/12
        if (
            before.tag == "unit:household"
            and after.tag == "number"
            and not _is_counted(relevant, after)
        ):
            return "not_understood"  # nhà 12
        if before.tag == "number" and _is_a_time(before, after):
            return "date_or_time"  # 3 thang nay
        if before.tag == "number" and after.tag == "no_count_after":
            return "not_understood"
        if before.tag == after.tag == "number" and after.text in {"năm", "nawm"}:
            return "not_understood"  # 3 năm
    return None


def _is_counted(relevant: list[Item], number: Item) -> bool:
    """Return whether a unit follows the number, or a share with a unit."""
    at = next(n for n, item in enumerate(relevant) if item is number)
    behind = relevant[at + 1].tag if at + 1 < len(relevant) else ""
    return behind.startswith("unit:") or behind == "of"


def _is_a_time(number: Item, after: Item) -> bool:
    """Return whether it counts months or days; "thang nay" has two meanings without marks."""
    time = after.part == "now" and after.word.split()[0] in {"tháng", "tuần", "năm", "quý"}
    small = (number.number or 0) <= _MONTHS
    return time and small and after.text.isascii()


def figure_of_another_time(items: list[Item]) -> Reason | None:
    """Refuse old and new, or future figures: it is not clear which one counts.

    từ 30 lên 45 → ask
    trước 30 nay 45 → ask
    sang năm 400 → ask
    350 người trong đó 20 người mới → ask
    """
    if not numbers_of(items):
        return None
    new = not _has(items, "including") and any(
        before.tag.startswith("unit:") and after.word in {"mới", "mỗi"}
        for before, after in pairwise(items)
    )
    if new:
        return "several_numbers"
    return "other_time" if any(i.tag == "old" for i in items) else None


def figure_of_elsewhere(items: list[Item]) -> Reason | None:
    """Refuse the number of neighbours or of another area: it is no answer for this area.

    2 của khu bên → ask
    khu khác 350 → ask
    nhà bên 2 → ask
    bên kia 350 → ask
    """
    if not numbers_of(items):
        return None
    beside = any(
        (before.part in _PLACES or before.tag == "unit:household")
        and after.word in _NEIGHBOUR_WORDS
        for before, after in pairwise(items)
    )
    return "elsewhere" if beside or any(item.tag == "elsewhere" for item in items) else None


def arithmetic(items: list[Item]) -> Reason | None:
    """Refuse a change: the writer must give the sum.

    thêm 5 → ask
    350+5 → ask
    """
    if not any(item.tag in {"arithmetic", "+", "*"} for item in items):
        return None
    return "arithmetic" if any(item.tag == "number" for item in items) else "not_understood"


def inexact(items: list[Item]) -> Reason | None:
    """Refuse "more than", "nearly", "a few" and "a half": these give no number.

    hơn 300 → ask
    trên ba trăm người → ask
    một nửa → ask
    """
    first = next((n for n, i in enumerate(items) if i.tag == "number"), None)
    if first is not None and any(i.tag == "of" and _is_over(i) for i in items[:first]):
        return "vague"  # "trên 300"
    if any(item.tag == "vague" for item in items):
        return "vague"
    return "half" if any(item.tag == "half" for item in items) else None


def _is_over(item: Item) -> bool:
    return item.text in {"trên", "tren", "tre6n", "treen", "over"} and item.end - item.start <= 5


def between_two(items: list[Item]) -> Reason | None:
    """Refuse a range, an alternative, or two neighbouring numbers: they are not one number.

    300 đến 350 → ask
    mười hai mười ba người → ask
    """
    if any(item.tag == "range" for item in items) and numbers_of(items):
        return "range"
    for first, second in pairwise(items):
        if first.spoken and second.spoken and second.number == (first.number or 0) + 1:
            return "range"
    return None


def fraction_of_the_area(items: list[Item]) -> Reason | None:
    """Refuse a fraction: a third of the houses is not three houses.

    1/3 số nhà → ask
    2/3 khu → ask
    """
    for a, sign, b, after in zip(items, items[1:], items[2:], items[3:], strict=False):
        if a.tag != "number" or b.tag != "number" or (sign.tag not in {"/", "portion"}):
            continue
        small = (a.number or 0) < (b.number or 0) <= _SMALL_PART
        houses = after.tag == "unit:household" and (b.number or 0) <= _SMALLEST_OF_HOUSES
        of_all = after.tag in {"number_word", "total", "all"} or after.word in {
            "số",
            "số nhà",
            "khu",
        }
        whole = of_all or after.part == "area" or houses
        if small and (whole or sign.tag == "portion"):
            return "half"
    thirds = any(
        a.tag == "number" and (a.number or 0) < _SMALL_PART and sign.tag == "portion"
        for a, sign in pairwise(items)
    )
    return "half" if thirds else None


REFUSALS = (
    telephone_number, time_or_date, below_zero, somebodys_name, fraction_of_the_area,
    number_of_something_else,
    figure_of_elsewhere, figure_of_another_time, arithmetic, inexact, between_two,
)  # fmt: skip


def about(reading: Reading, items: list[Item]) -> Reason | None:
    """Confirm an approximate figure.

    khoảng 300 → confirm 300
    """
    return "approximate" if _has(items, "approximate") else None


def asked_back(reading: Reading, items: list[Item]) -> Reason | None:
    """Confirm a figure with a question mark or a question.

    350? → confirm 350
    350 phải không → confirm 350
    """
    if _has(items, "?", "question"):
        return "asked_back"
    afterwords = {"polite", "vocative", "filler"}
    relevant = [
        item for item in items
        if item.word == "à" or (item.part not in afterwords and item.tag not in _SIGNS)
    ]  # fmt: skip
    return "asked_back" if relevant and relevant[-1].word == "à" else None


def words_not_understood(reading: Reading, items: list[Item]) -> Reason | None:
    """Confirm a number among unknown words: it may count something else.

    350 người, zzz → confirm 350
    350 zzz → ask
    zzz 350 → ask
    """
    left = ("unknown", "decimal", "percent", "no_count_before", "no_count_after", "part_only")
    return "other_words" if _has(items, *left) else None


def a_part_of_them(reading: Reading, items: list[Item]) -> Reason | None:
    """Confirm a count of men or women only, and a number that may name a house.

    25 nữ → confirm 25
    số 45 → confirm 45
    """
    relevant = [item for item in items if item.tag not in {"noise", ",", ".", "!"}]
    numbered = [after for word, after in pairwise(relevant) if word.tag == "number_word"]
    counts = [item for item in relevant if item.tag not in {"number_word", "number", "/"}]
    is_named = any(after.tag == "number" for after in numbered) and not counts
    return "other_words" if is_named or _has(items, "men", "women") else None


def figure_beside_a_person(reading: Reading, items: list[Item]) -> Reason | None:
    """Confirm a small figure after a kinship word: it may be a name.

    bác 5 → confirm 5
    """
    for n, (before, after) in enumerate(pairwise(items)):
        small = after.tag == "number" and not after.spoken and (after.number or 0) < _SMALLEST_PLAIN
        unit = n + 2 < len(items) and items[n + 2].tag.startswith("unit:")
        if before.part in {"person", "vocative"} and small and not unit and not _has(items, "/"):
            return "other_words"
    return None


def asked_for(reading: Reading, items: list[Item]) -> Reason | None:
    """Confirm a number that the writer requests, or that belongs to something else.

    xin 5 → confirm 5
    """
    asked = any(
        a.part == "address" and a.word in _REQUEST_WORDS and b.tag == "number"
        for a, b in pairwise(items)
    )
    return "other_words" if asked else None


def everybody_named_beside(reading: Reading, items: list[Item]) -> Reason | None:
    """Confirm a share below 100 % together with "cả" (all).

    350/400 đủ cả → confirm 350/400
    """
    value = reading.value
    full = isinstance(value, Ratio) and value.numerator != value.denominator
    if not full or not _has(items, "all") or not isinstance(value, Ratio):
        return None
    first = next((n for n, i in enumerate(items) if i.tag == "number"), 0)
    total_first = items[first].number == value.denominator
    named = total_first and any(i.tag == "all" for i in items[:first])
    return None if named else "other_words"


DOUBTS = (
    about, asked_back, words_not_understood, a_part_of_them, figure_beside_a_person,
    asked_for, everybody_named_beside,
)  # fmt: skip


def touches_unknown_word(items: list[Item]) -> bool:
    """Return whether a number has an unknown word directly before or after it.

    Such a word names or counts something else. A share with a stroke is doubted only if it also
    looks like a day and a month.
    """
    unclear = {"unknown", "no_count_before", "no_count_after", "minus"}
    touching = any(
        {a.tag, b.tag} & unclear and "number" in {a.tag, b.tag} for a, b in pairwise(items)
    )
    if not any(item.tag == "/" for item in items):
        return touching
    numbers = [item.number or 0 for item in numbers_of(items)]
    like_a_date = len(numbers) == 1 or (numbers[0] <= 31 and numbers[1] <= 12)
    return touching and len(numbers) <= 2 and like_a_date


def negations_in(items: list[Item]) -> list[int]:
    """Return the positions of the negations."""
    return [n for n, item in enumerate(items) if item.tag in _NEGATIONS]


def numbers_of(items: list[Item]) -> list[Item]:
    """Return the numbers among the items."""
    return [item for item in items if item.tag == "number"]


def _has(items: list[Item], *tags: str) -> bool:
    return any(item.tag in tags for item in items)


def pauses_in(items: list[Item]) -> Iterator[int]:
    """Return the positions of the pauses."""
    return (n for n, item in enumerate(items) if item.tag in {",", ".", ";", "\n"})
