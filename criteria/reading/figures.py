"""A reply to a question for numbers, cut into what matters: numbers, units, and telling words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from criteria.reading import vocabulary
from criteria.reading.number_vocabulary import DIGITS, WEAK_WHEN_PLAIN
from criteria.reading.number_words import Spoken, spoken_number
from criteria.reading.phrase_book import Found, PhraseBook
from criteria.reading.tokens import Token

_LARGEST_LABEL = 60  # areas in a commune, months, periods
# Without a number before them, the more careful meaning of a word typed without marks.
_CAREFUL_FIRST = (
    "minus", "nobody", "not_applicable", "arithmetic", "vague", "approximate", "not", "half",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """A number, or a tag; for signs the tag is the sign itself."""

    tag: str
    number: int | None = None
    text: str = ""
    odd: str = ""  # a Token's oddity, or "unsure" for words
    start: int = 0
    end: int = 0


@cache
def _book() -> PhraseBook:
    units = {f"unit:{family}": line for family, line in vocabulary.UNITS.items()}
    return PhraseBook({**vocabulary.FIGURE_PHRASES, **units})


@cache
def _labels() -> PhraseBook:
    return PhraseBook({"label": vocabulary.LABELS})


def figures(tokens: Sequence[Token]) -> list[Item]:
    """The items of a reply, without the area's own number and without the period's."""
    items: list[Item] = []
    has_digits = any(t.number is not None for t in tokens)
    at = 0
    while at < len(tokens):
        label = _label_end(tokens, at, items)
        if label:
            items.append(Item("noise", start=tokens[at].start, end=tokens[label - 1].end))
            at = label
            continue
        item, at = _item(tokens, at, items, has_digits=has_digits)
        items.append(item)
    return _joined(items)


def _item(
    tokens: Sequence[Token], at: int, before: list[Item], *, has_digits: bool
) -> tuple[Item, int]:
    token = tokens[at]
    spoken = spoken_number(tokens, at)
    found = _book().longest(tokens, at) if token.kind == "word" else None
    if spoken and not _rather_a_word(tokens, at, spoken, found, has_digits=has_digits):
        lone = len(tokens) == 1 and token.unmarked and not token.known.isdisjoint(WEAK_WHEN_PLAIN)
        odd = "" if spoken.sure and (not lone or token.text in {"mot", "bay"}) else "unsure"
        end = tokens[spoken.end - 1].end
        return Item("number", spoken.value, token.text, odd, token.start, end), spoken.end
    if token.number is not None:
        return Item("number", token.number, token.text, token.odd, token.start, token.end), at + 1
    if found:
        end = tokens[at + found.length - 1].end
        after_number = bool(before) and before[-1].tag == "number"
        tag = _chosen(found.tags, after_number=after_number)
        return Item(tag, text=token.text, start=token.start, end=end), at + found.length
    weak = token.unmarked and not token.known.isdisjoint(WEAK_WHEN_PLAIN)
    if not weak and not token.known.isdisjoint(DIGITS):  # the "hai" of "hai ba trăm"
        return Item("vague", text=token.text, start=token.start, end=token.end), at + 1
    if token.kind == "sign":
        return Item(_sign(token.text), text=token.text, start=token.start, end=token.end), at + 1
    return Item("unknown", text=token.text, start=token.start, end=token.end), at + 1


def _rather_a_word(
    tokens: Sequence[Token], at: int, spoken: Spoken, found: Found | None, *, has_digits: bool
) -> bool:
    length = spoken.end - at
    if found and found.length > length:
        return True
    token = tokens[at]
    if length > 1 or token.number is not None or len(tokens) == 1:
        return False
    plainly = token.unmarked and not token.known.isdisjoint(WEAK_WHEN_PLAIN) and token.text != "mot"
    return plainly and (has_digits or bool(found))


def _chosen(tags: tuple[str, ...], *, after_number: bool) -> str:
    units = [tag for tag in tags if tag.startswith("unit:")]
    if units and after_number:
        return units[0]
    return next((tag for tag in _CAREFUL_FIRST if tag in tags), tags[0])


def _sign(text: str) -> str:
    if text in "~≈±":
        return "approximate"
    if text in "<>≥≤≧≦":
        return "vague"
    if text in "/\\|:-,;.+=()?%\n*x":
        return text
    return "picture"


def _label_end(tokens: Sequence[Token], at: int, before: list[Item]) -> int | None:
    """Where "khu 5" ends, when it begins here and its number is not the answer."""
    found = _labels().longest(tokens, at) if tokens[at].kind == "word" else None
    if found is None or (before and before[-1].tag == "all"):
        return None
    number_at = at + found.length
    if number_at >= len(tokens):
        return None
    token = tokens[number_at]
    if token.number is not None and not token.odd:
        value, end = token.number, number_at + 1
    elif spoken := spoken_number(tokens, number_at):
        value, end = spoken.value, spoken.end
    else:
        return None
    if value > _LARGEST_LABEL and not 2000 <= value <= 2100:
        return None
    if end < len(tokens) and tokens[end].text in {"/", "\\", "%"}:
        return _month_and_year(tokens, end, at)
    name_end = _name_end(tokens, end)
    if name_end:
        return name_end
    unit = _book().longest(tokens, end) if end < len(tokens) else None
    if unit and unit.tags[0].startswith("unit:") and not _numbers_after(tokens, end):
        return None
    return end


def _name_end(tokens: Sequence[Token], at: int) -> int | None:
    """Where the old commune's name ends: "Khu 5 Yên Kiện: 287/331"."""
    for end in range(at, min(at + 5, len(tokens))):
        if tokens[end].text == ":":
            return end + 1 if end > at else None
        if tokens[end].kind != "word":
            return None
    return None


def _month_and_year(tokens: Sequence[Token], end: int, at: int) -> int | None:
    """So "tháng 11/2026" is a period."""
    is_month = not tokens[at].known.isdisjoint({"tháng", "quý", "kỳ", "đợt"})
    year = tokens[end + 1].number if end + 1 < len(tokens) else None
    return end + 2 if is_month and year and 2000 <= year <= 2100 else None


def _numbers_after(tokens: Sequence[Token], at: int) -> bool:
    return any(t.number is not None for t in tokens[at:])


def _joined(items: list[Item]) -> list[Item]:
    """Thousands parted by a space ("1 234") made one number; "350 400" stays two."""
    joined: list[Item] = []
    for item in items:
        last = joined[-1] if joined else None
        if (
            last and last.tag == item.tag == "number" and item.start == last.end + 1
            and last.number is not None and item.number is not None
            and not item.odd and not last.odd and len(item.text) == 3 and item.text.isdecimal()
            and last.text.isdecimal() and len(last.text) <= 2 and last.number > 0
        ):  # fmt: skip
            joined[-1] = Item(
                "number", last.number * 1000 + item.number, "",
                "" if len(last.text) == 1 else "unsure", last.start, item.end,
            )  # fmt: skip
        else:
            joined.append(item)
    return joined
