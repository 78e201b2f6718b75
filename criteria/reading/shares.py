"""What the items of a reply say together: one count, a share in two counts, everybody, nobody."""

from fractions import Fraction
from itertools import pairwise

from criteria.answers import Ratio
from criteria.reading.figures import Item, figures
from criteria.reading.outcome import All, Kind, Reading, Reason, ask, clear, confirm
from criteria.reading.tokens import Token

# Counts of one unit: a commune has at most some 50 areas of 1,600 people, an office fewer dossiers.
LARGEST = 99_999
_FRACTION_SIGNS = frozenset({"/", ":", "of"})
_DOUBTFUL_SIGNS = frozenset({"\\", "|"})
_BETWEEN = frozenset({"of", "thereof"})


def read_figures(tokens: list[Token], kind: Kind) -> Reading:
    """A reply to a question for numbers (`ratio`, or `count` when the total is known)."""
    items = figures(tokens)
    number_count = sum(1 for item in items if item.tag == "number")
    refused = _malformed(items) or _refused(items, number_count)
    if refused:
        return ask(refused)
    items, percents = _without_percents(items)
    numbers = [item for item in items if item.tag == "number"]
    if not numbers:
        reading = _without_numbers(items, percents)
    elif len(numbers) == 1:
        reading = _one(items, numbers[0], percents, kind)
    elif len(numbers) == 2:
        reading = _two(items, kind)
    else:
        reading = _more(items, numbers)
    if reading == clear(0) and not numbers:
        return reading  # its words were weighed already
    return _doubted(_checked_percent(reading, percents), items)


def _tags(items: list[Item]) -> set[str]:
    return {item.tag for item in items}


def _malformed(items: list[Item]) -> Reason | None:
    """Numbers that are no counts: telephone numbers, dates, times, negative ones."""
    for n, item in enumerate(items):
        if item.tag != "number":
            continue
        before = items[n - 1] if n else None
        if item.odd == "time":
            return "date_or_time"
        if before and before.tag == "minus":
            return "negative"
        if before and before.tag == "-" and before.end == item.start and _opens(items, n - 1):
            return "negative"
        if item.text.isdecimal() and item.text.startswith("0") and len(item.text) >= 8:
            return "phone"
    if _is_phone(items):
        return "phone"
    return "date_or_time" if _is_date(items) else None


def _opens(items: list[Item], at: int) -> bool:
    """Whether nothing a dash could join stands directly before it."""
    if at == 0:
        return True
    before = items[at - 1]
    return before.tag != "number" and (before.end < items[at].start or before.tag in "/:(")


def _is_phone(items: list[Item]) -> bool:
    plus = any(a.tag == "+" and b.tag == "number" and b.text.startswith("84")
               for a, b in pairwise(items))  # fmt: skip
    runs = ""
    for item in items:
        if item.tag == "number" and item.text.replace(".", "").isdecimal():
            runs += item.text.replace(".", "")
        elif item.tag not in {"-", ".", "+"}:
            if runs.startswith("0") and len(runs) >= 9:
                return True
            runs = ""
    return plus or (runs.startswith("0") and len(runs) >= 9)


def _is_date(items: list[Item]) -> bool:
    for a, s1, b, s2, c in zip(items, items[1:], items[2:], items[3:], items[4:], strict=False):
        if {a.tag, b.tag, c.tag} == {"number"} and s1.tag == s2.tag and s1.tag in {"/", "-", "."}:
            numbers = (a.number or 0, b.number or 0, c.number or 0)
            if _day_month_year(*numbers) or _day_month_year(*reversed(numbers)):
                return True
    return any(
        day.text in {"ngày", "ngay", "hôm"} and day.tag == "unknown" and after.tag == "number"
        for day, after in pairwise(items)
    )


def _day_month_year(day: int, month: int, year: int) -> bool:
    return day <= 31 and month <= 12 and (year <= 99 or 1900 <= year <= 2100)


def _refused(items: list[Item], count: int) -> Reason | None:
    tags = _tags(items)
    if "arithmetic" in tags or "+" in tags or "*" in tags:
        return "arithmetic" if count else "not_understood"
    first = next((n for n, i in enumerate(items) if i.tag == "number"), None)
    if first is not None and any(i.tag == "of" and _is_over(i) for i in items[:first]):
        return "vague"  # "trên 300"
    if "vague" in tags:
        return "vague"
    if "half" in tags:
        return "half"
    if "range" in tags and count:
        return "range"
    return None


def _is_over(item: Item) -> bool:
    return item.text in {"trên", "tren", "tre6n", "treen", "over"} and item.end - item.start <= 5


def _without_percents(items: list[Item]) -> tuple[list[Item], list[Fraction]]:
    """The items without percentages, and the percentages."""
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


def _without_numbers(items: list[Item], percents: list[Fraction]) -> Reading:
    tags = _tags(items)
    if percents:
        return confirm(All(), "everybody") if percents == [100] else ask("percent_only")
    if "question" in tags or "?" in tags:
        return Reading("command", command="help")
    if "not_applicable" in tags:
        others = tags & {"all", "unknown"} or _has_object(items)
        return confirm(0 if others else Ratio(0, 0), "nobody" if others else "not_applicable")
    if "nobody" in tags:
        # "cả" and "đâu" only strengthen it: không có ai cả.
        doubts = {i.tag for i in items if i.text not in {"cả", "ca", "đâu", "dau", "hết", "het"}}
        doubtful = doubts & {"unknown", "all", "approximate"}
        return confirm(0, "other_words") if doubtful else clear(0)
    if "nobody_perhaps" in tags:
        return confirm(0, "nobody")
    if "not" in tags:
        bare = [i for i in items if i.tag == "not"]
        extra = tags & {"unknown", "all", "and", "approximate"}
        return ask("not_understood") if extra or len(bare) > 1 else _bare_not(bare[0], items)
    if "all" in tags and "unknown" not in tags:
        return confirm(All(), "everybody")
    if tags <= {"picture"}:
        return ask("empty")
    return ask("not_understood" if "unknown" in tags else "number_expected")


def _has_object(items: list[Item]) -> bool:
    """So "không có cơ sở nào có QR": there are some, and none of them has it."""
    first = next(n for n, i in enumerate(items) if i.tag == "not_applicable")
    return any(i.text in {"có", "co", "dùng", "dung", "sử"} for i in items[first + 1 :])


def _bare_not(item: Item, items: list[Item]) -> Reading:
    """So "không", "không có", "chưa có" where a number was asked."""
    plain_no = {"không", "khong", "ko", "kh", "hok", "khoong", "no"}
    if item.text == "k" and item.end - item.start > 1:
        return confirm(0, "nobody")
    if item.text in plain_no | {"chưa", "chua", "chx", "chả", "chẳng", "chửa"}:
        has_object = any(i.tag.startswith("unit") for i in items)
        short = item.end - item.start <= 5 and item.text not in plain_no
        return ask("not_understood") if short and not has_object else confirm(0, "nobody")
    return ask("not_understood")


def _one(items: list[Item], number: Item, percents: list[Fraction], kind: Kind) -> Reading:
    value = number.number or 0
    tags = _tags(items)
    problem = _number_problem(number)
    if problem:
        return _pair_in_one(number, kind) or ask(problem)
    if "not" in tags or "nobody" in tags or "nobody_perhaps" in tags or "not_applicable" in tags:
        return ask("complement")
    if tags & {"/", "|", "\\"} and kind != "yes_no":
        return _dangling(items, value)
    if "all" in tags or percents == [100]:
        return confirm(Ratio(value, value), "everybody")
    if percents and tags & {"of", "total"}:
        return ask("percent_only")  # 85% của 400: the part was not counted
    if percents:
        return confirm(value, "percent_differs")
    if tags & {"total", "of", "thereof"}:
        return ask("only_total") if kind == "ratio" else confirm(value, "other_words")
    if number.odd or _padded(number):
        return confirm(value, "odd_spelling")
    if "and" in tags:
        return confirm(value, "other_words")
    return clear(value)


def _padded(number: Item) -> bool:
    """007: perhaps the end of something longer."""
    return number.text.startswith("0") and len(number.text) > 2 and number.text.isdecimal()


def _dangling(items: list[Item], value: int) -> Reading:
    """So "350/" or "/400"."""
    first = next(i for i in items if i.tag in {"number", "/", "|", "\\"})
    return confirm(value, "odd_spelling") if first.tag == "number" else ask("only_total")


def _number_problem(number: Item) -> Reason | None:
    if number.odd == "decimal":
        return "decimal"
    return "too_large" if (number.number or 0) > LARGEST else None


def _pair_in_one(number: Item, kind: Kind) -> Reading | None:
    """So "350.400" cannot be 350 thousand; it may be a share."""
    parts = number.text.replace(",", ".").split(".")
    if kind != "ratio" or len(parts) != 2 or [len(p) for p in parts] != [3, 3]:
        return None
    return _ordered(int(parts[0]), int(parts[1])) if parts[1][0] != "0" else None


def _ordered(first: int, second: int) -> Reading:
    """Two numbers with nothing that says which is the part: the smaller one is."""
    if first > second:
        return confirm(Ratio(second, first), "swapped")
    return confirm(Ratio(first, second), "loose_pair")


def _two(items: list[Item], kind: Kind) -> Reading:
    at = [n for n, item in enumerate(items) if item.tag == "number"]
    first, second = items[at[0]], items[at[1]]
    for number in (first, second):
        problem = _number_problem(number)
        if problem:
            return ask(problem)
    a, b = first.number or 0, second.number or 0
    middle = [i for i in items[at[0] + 1 : at[1]] if i.tag != "noise"]
    tags = {i.tag for i in middle}
    if _tags(items) & {"not", "nobody", "nobody_perhaps", "not_applicable"}:
        return ask("complement")
    if not _units_fit(items, at):
        return ask("unit_mixed")
    if a == b and "(" in tags and not tags & _FRACTION_SIGNS:
        return clear(a)  # 15 (mười lăm)
    reading = _related(items, at, a, b, tags, kind)
    if reading.outcome == "value" and (first.odd or second.odd):
        return confirm(Ratio(a, b) if a <= b else Ratio(b, a), "odd_spelling")
    if reading.outcome == "value" and _looks_like_a_date(first, second, middle):
        return confirm(Ratio(a, b), "odd_spelling")
    return reading


def _looks_like_a_date(first: Item, second: Item, middle: list[Item]) -> bool:
    """05/12; or 12:30, a time."""
    clock = [i.tag for i in middle] == [":"] and len(second.text) == 2 and (first.number or 0) < 24
    padded = first.text.startswith("0") and len(first.text) == 2 and (second.number or 0) <= 12
    return padded or (clock and (second.number or 0) < 60)


def _related(
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
        return clear(Ratio(b, a)) if b < a else _ordered(a, b)
    if "-" in tags:
        if kind == "count" or a > b:
            return ask("range")
        return confirm(Ratio(a, b), "loose_pair")
    if tags == {"\n"} and a <= b:
        return clear(Ratio(a, b))
    return _ordered(a, b)


def _labelled(items: list[Item], at: list[int], a: int, b: int) -> Reading | None:
    """So "tổng 331, có 287"; "cả khu 331 người có 287"; "tử 287 mẫu 331"."""
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
    """Households and heads do not make a share; telephones and heads do."""
    first = {i.tag for i in items[at[0] + 1 : at[1]] if i.tag.startswith("unit:")}
    second = {i.tag for i in items[at[1] + 1 :] if i.tag.startswith("unit:")}
    first, second = first - {"unit:device"}, second - {"unit:device"}
    return not first or not second or bool(first & second)


def _more(items: list[Item], numbers: list[Item]) -> Reading:
    """Three numbers make sense when the third is the rest: 350/400, còn 50 chưa có."""
    values = [n.number or 0 for n in numbers]
    if any(_number_problem(n) for n in numbers) or len(values) > 3:
        return ask("several_numbers")
    a, b, c = values
    tags = _tags(items)
    if "not" in tags and "/" in tags and a + c == b:
        return confirm(Ratio(a, b), "loose_pair")
    if "not" in tags and b + c == a:
        return confirm(Ratio(b, a), "swapped")
    return ask("several_numbers")


def _checked_percent(reading: Reading, percents: list[Fraction]) -> Reading:
    """A percentage beside a share must be its own."""
    if not percents or not isinstance(reading.value, Ratio) or not reading.value.denominator:
        return reading
    share = Fraction(100 * reading.value.numerator, reading.value.denominator)
    if all(abs(share - percent) <= Fraction(1, 2) for percent in percents):
        return reading
    return confirm(reading.value, "percent_differs")


def _doubted(reading: Reading, items: list[Item]) -> Reading:
    """A clear value among doubtful words is only a likely one."""
    if reading.outcome != "value" or reading.value is None:
        return reading
    tags = _tags(items)
    reasons: list[tuple[str, Reason]] = [
        ("approximate", "approximate"), ("?", "asked_back"), ("question", "asked_back"),
        ("unknown", "other_words"), ("decimal", "other_words"),
        ("percent", "other_words"),
    ]  # fmt: skip
    for tag, reason in reasons:
        if tag in tags:
            return confirm(reading.value, reason)
    full = isinstance(reading.value, Ratio) and reading.value.numerator != reading.value.denominator
    if "all" in tags and full and not _whole_was_named(items, reading.value):
        return confirm(reading.value, "other_words")
    return reading


def _whole_was_named(items: list[Item], value: object) -> bool:
    """So "tất cả 331, có 287": the word belongs to the total."""
    first = next(n for n, i in enumerate(items) if i.tag == "number")
    total_first = isinstance(value, Ratio) and items[first].number == value.denominator
    return total_first and any(i.tag == "all" for i in items[:first])
