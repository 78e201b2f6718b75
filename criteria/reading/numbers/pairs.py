"""Two numbers in a reply: a share, parts of a sum, or a correction of the first."""

from criteria.answers import Ratio
from criteria.reading.numbers.items import Item
from criteria.reading.numbers.share_rules import negations_in
from criteria.reading.outcome import Kind, Reading, Reason, ask, clear, confirm

# A larger number is a mistake. A commune has at most about 50 areas of at most 1,600 people, which
# is 80,000 people, and its office has fewer dossiers than that.
LARGEST = 99_999
_FRACTION_SIGNS = frozenset({"/", ":", "of"})
_DOUBTFUL_SIGNS = frozenset({"\\", "|", "portion"})
_SILENT = frozenset({"noise", "number_word"})


def number_problem(number: Item) -> Reason | None:
    """Return the reason why this number is not a count; None if it is one."""
    if number.odd == "decimal":
        return "decimal"
    return "too_large" if (number.number or 0) > LARGEST else None


def ordered(first: int, second: int) -> Reading:
    """Read two numbers without any hint as a share: the smaller one is the numerator."""
    if first > second:
        return confirm(Ratio(second, first), "swapped")
    return confirm(Ratio(first, second), "loose_pair")


def two_numbers(items: list[Item], kind: Kind) -> Reading:
    """Read two numbers: a share, or something else.

    350/400 → value 350/400
    350, à 360 → confirm 360
    350 thay vì 340 → confirm 350
    120 kể cả 5 người mới về → confirm 120
    20 nam 25 nữ → confirm 45
    """
    at = [n for n, item in enumerate(items) if item.tag == "number"]
    first, second = items[at[0]], items[at[1]]
    for number in (first, second):
        problem = number_problem(number)
        if problem:
            return ask(problem)
    special = _not_a_share(items, at)
    if special:
        return special
    a, b = first.number or 0, second.number or 0
    middle = [i for i in items[at[0] + 1 : at[1]] if i.tag not in _SILENT]
    tags = {i.tag for i in middle}
    if negations_in(items):
        return ask("complement")
    if not _units_fit(items, at):
        return ask("unit_mixed")
    if a == b and "(" in tags and not tags & _FRACTION_SIGNS:
        return clear(a)  # 15 (mười lăm)
    reading = _read_relation(items, at, a, b, tags, kind)
    if reading.outcome == "value" and (first.odd or second.odd):
        return confirm(Ratio(a, b) if a <= b else Ratio(b, a), "odd_spelling")
    if reading == clear(Ratio(0, 0)):
        return confirm(Ratio(0, 0), "not_applicable")
    if reading.outcome == "value" and _looks_like_a_date(first, second, middle):
        return confirm(Ratio(a, b), "odd_spelling")
    return reading


def _not_a_share(items: list[Item], at: list[int]) -> Reading | None:
    """Read two numbers that are a correction, a remark about a part, or men and women."""
    first, second = items[at[0]].number or 0, items[at[1]].number or 0
    tags = {item.tag for item in items}
    between = {item.tag for item in items[at[0] + 1 : at[1]]}
    if tags & {"correction", "instead", "including"}:
        if "/" in tags or tags & {"total", "of", "thereof"} or negations_in(items):
            return ask("several_numbers")
        if "correction" in between:
            return confirm(second, "other_words")
        return confirm(first, "other_words") if between & {"instead", "including"} else None
    if tags & {"men", "women"}:
        behind = items[at[1] + 1].tag if at[1] + 1 < len(items) else ""
        sexes = {items[at[0] + 1].tag, behind}
        total = first + second
        if sexes == {"men", "women"} and not tags & {"/", "of", "thereof", "total", "unknown"}:
            return confirm(total, "other_words") if total <= LARGEST else ask("too_large")
        return ask("several_numbers")
    return None


def _looks_like_a_date(first: Item, second: Item, middle: list[Item]) -> bool:
    """Return whether it looks like a day and month (05/12) or a time (12:30)."""
    clock = [i.tag for i in middle] == [":"] and len(second.text) == 2 and (first.number or 0) < 24
    padded = first.text.startswith("0") and len(first.text) == 2 and (second.number or 0) <= 12
    return padded or (clock and (second.number or 0) < 60)


def _read_relation(
    items: list[Item], at: list[int], a: int, b: int, tags: set[str], kind: Kind
) -> Reading:
    if tags & _DOUBTFUL_SIGNS:
        return confirm(Ratio(a, b), "odd_spelling") if a <= b else ask("over_total")
    if "thereof" in tags:
        return clear(Ratio(b, a)) if b <= a else ask("over_total")
    labelled = _labelled(items, at, a, b)
    if labelled:
        return labelled
    if tags & _FRACTION_SIGNS:
        if tags - _FRACTION_SIGNS - {"total", "part"} - {t for t in tags if t.startswith("unit")}:
            return confirm(Ratio(a, b), "other_words") if a <= b else ask("over_total")
        return clear(Ratio(a, b)) if a <= b else ask("over_total")
    if "of" in {i.tag for i in items[: at[0]]}:  # trong 400 người có 350
        return clear(Ratio(b, a)) if b < a else ordered(a, b)
    if "-" in tags:
        if kind == "count" or a > b:
            return ask("range")
        return confirm(Ratio(a, b), "loose_pair")
    if tags == {"\n"} and a <= b:
        return clear(Ratio(a, b))
    return ordered(a, b)


def _labelled(items: list[Item], at: list[int], a: int, b: int) -> Reading | None:
    """Read labelled numbers: "tổng 331, có 287"; "cả khu 331 người có 287"; "tử 287 mẫu 331".

    Return None if the numbers have no such labels.
    """
    totals = [n for n, item in enumerate(items) if item.tag == "total"]
    if not totals:
        before = {i.tag for i in items[: at[0]]}
        between = {i.tag for i in items[at[0] : at[1]]} - {"number", "noise", ","}
        whole_first = "all" in before and all(t.startswith("unit") for t in between)
        return clear(Ratio(b, a)) if whole_first and b < a else None
    if all(n > at[1] for n in totals):
        return None
    whole_second = at[0] < totals[-1] < at[1]
    if whole_second and totals[0] < at[0]:
        return None
    part, whole = (a, b) if whole_second else (b, a)
    if part > whole:
        return ask("over_total")
    return clear(Ratio(part, whole))


def _units_fit(items: list[Item], at: list[int]) -> bool:
    """Return whether the units fit: telephones and people do, households and people do not."""
    first = {i.tag for i in items[at[0] + 1 : at[1]] if i.tag.startswith("unit:")}
    second = {i.tag for i in items[at[1] + 1 :] if i.tag.startswith("unit:")}
    first, second = first - {"unit:device"}, second - {"unit:device"}
    return not first or not second or bool(first & second)


def more_numbers(items: list[Item], numbers: list[Item]) -> Reading:
    """Read three numbers: the third can be the rest, as in 350/400, còn 50 chưa có.

    350/400, còn 50 chưa có → confirm 350/400
    10 20 30 → ask
    """
    values = [n.number or 0 for n in numbers]
    tags = {item.tag for item in items}
    problem = any(number_problem(n) for n in numbers)
    if problem or len(values) > 3 or tags & {"men", "women", "correction", "including", "instead"}:
        return ask("several_numbers")
    a, b, c = values
    if "not" in tags and "/" in tags and a + c == b:
        return confirm(Ratio(a, b), "loose_pair")
    if "not" in tags and b + c == a:
        return confirm(Ratio(b, a), "swapped")
    return ask("several_numbers")
