"""The meaning of all items of a reply: one count, a share of two counts, everybody, or nobody."""

from collections.abc import Sequence
from fractions import Fraction

from criteria.answers import Ratio
from criteria.reading.decision import Decision
from criteria.reading.numbers.items import Item, figures
from criteria.reading.numbers.nobody import without_numbers
from criteria.reading.numbers.pairs import more_numbers, number_problem, ordered, two_numbers
from criteria.reading.numbers.percentages import checked_percent, split_percents
from criteria.reading.numbers.share_rules import (
    DOUBTS,
    REFUSALS,
    negations_in,
    numbers_of,
    touches_unknown_word,
)
from criteria.reading.outcome import Kind, Reading, ask, clear, confirm
from criteria.reading.words.tokens import Token

_LOOSE = frozenset({"loose_pair", "swapped"})


def read_figures(tokens: Sequence[Token], kind: Kind) -> Decision:
    """Read a reply to a question for numbers (`ratio`, or `count` if the total is known)."""
    items = figures(tokens)
    for refusal in REFUSALS:
        reason = refusal(items)
        if reason:
            return Decision(ask(reason), (refusal.__name__,))
    items, percents = split_percents(items)
    items, corrected = _without_opening_correction(items)
    numbers = numbers_of(items)
    if not numbers:
        return Decision(without_numbers(items, percents), (without_numbers.__name__,))
    if len(numbers) == 1:
        reading, rule = one_number(items, numbers[0], percents, kind), one_number.__name__
    elif len(numbers) == 2:
        reading, rule = two_numbers(items, kind), two_numbers.__name__
    else:
        reading, rule = more_numbers(items, numbers), more_numbers.__name__
    reading = checked_percent(reading, percents)
    if corrected and reading.outcome == "value" and reading.value is not None:
        reading = confirm(reading.value, "other_words")
    return _doubted(Decision(reading, (rule,)), items)


def _doubted(decision: Decision, items: list[Item]) -> Decision:
    """Turn a clear value among doubtful words into a value to confirm, or into a question."""
    reading = decision.reading
    loose = reading.outcome == "confirm" and reading.reason in _LOOSE
    if reading.value is None:
        return decision
    if touches_unknown_word(items) or (loose and any(i.tag == "unknown" for i in items)):
        return Decision(ask("not_understood"), ("words_not_understood", *decision.rules))
    for doubt in DOUBTS if reading.outcome == "value" else ():
        reason = doubt(reading, items)
        if reason:
            return Decision(confirm(reading.value, reason), (doubt.__name__, *decision.rules))
    return decision


def _without_opening_correction(items: list[Item]) -> tuple[list[Item], bool]:
    """Remove an opening correction: "nhầm, 340/400", "sai rồi, 360".

    Also return whether there was one.
    """
    at = 0
    while at < len(items) and items[at].tag in {"noise", "correction", ",", ".", ":"}:
        at += 1
    opening = [item for item in items[:at] if item.tag == "correction"]
    kept = [item for item in items[:at] if item.tag != "correction"]
    strong = any(item.word != "à" for item in opening)
    return [*kept, *items[at:]], strong


def one_number(items: list[Item], number: Item, percents: list[Fraction], kind: Kind) -> Reading:
    """Read one number: it is the count unless another word contradicts.

    dạ 350 ạ → value 350
    có mỗi 12 thôi → value 12
    50 người chưa có → ask
    cả 12 người → confirm 12/12
    """
    value = number.number or 0
    tags = {item.tag for item in items}
    problem = number_problem(number)
    if problem:
        return _pair_in_one(number, kind) or ask(problem)
    if negations_in(items):
        return ask("complement")
    if tags & {"instead", "including"} or _corrects(items):
        return ask("not_understood")
    if tags & {"/", "|", "\\"}:
        return _dangling(items, value)
    if "all" in tags or percents == [100]:
        return confirm(Ratio(value, value), "everybody")
    if percents:  # 85% của 400: the numerator was not counted
        return ask("percent_only") if tags & {"of", "total"} else confirm(value, "percent_differs")
    if tags & {"total", "of", "thereof"}:
        return ask("only_total") if kind == "ratio" else confirm(value, "other_words")
    return _plain_count(number, tags)


def _plain_count(number: Item, tags: set[str]) -> Reading:
    value = number.number or 0
    if number.odd or _padded(number):
        return confirm(value, "odd_spelling")
    return confirm(value, "other_words") if "and" in tags else clear(value)


def _corrects(items: list[Item]) -> bool:
    return any(item.tag == "correction" and item.word != "à" for item in items)


def _padded(number: Item) -> bool:
    """Return whether it begins with zeros, as 007: it may be the end of something longer."""
    return number.text.startswith("0") and len(number.text) > 2 and number.text.isdecimal()


def _dangling(items: list[Item], value: int) -> Reading:
    """Read a count with a stroke and without its other number: "350/" or "/400"."""
    first = next(i for i in items if i.tag in {"number", "/", "|", "\\"})
    return confirm(value, "odd_spelling") if first.tag == "number" else ask("only_total")


def _pair_in_one(number: Item, kind: Kind) -> Reading | None:
    """Read "350.400" as a share: it cannot be 350 thousand. Return None for any other number."""
    parts = number.text.replace(",", ".").split(".")
    if kind != "ratio" or len(parts) != 2 or [len(p) for p in parts] != [3, 3]:
        return None
    return ordered(int(parts[0]), int(parts[1])) if parts[1][0] != "0" else None
