"""The items of a reply to a question for numbers: numbers, units and meaningful words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from criteria.reading.numbers.number_words import Spoken, spoken_number
from criteria.reading.words.folding import clean
from criteria.reading.words.number_vocabulary import (
    AFTER_TEN,
    DIGITS,
    TEN,
    THOUSAND,
    WEAK_WHEN_PLAIN,
)
from criteria.reading.words.phrase_book import PhraseBook, PhraseMatch
from criteria.reading.words.tokens import Token, tokenize
from criteria.reading.words.vocabulary import COMMON, section

_LARGEST_LABEL = 60  # areas in a commune, months, periods
_LARGEST_INDICATOR = 9
_YEARS = range(1900, 2101)
_NOISE = frozenset(
    {*COMMON, "have", "only", "done", "exact", "counted", "figure", "use", "what", "who",
     "address", "where", "assent", "own_house"}
)  # fmt: skip
# Tags in order of care. A word without marks and without a number before it gets the first one.
_CAREFUL_FIRST = (
    "minus", "nobody", "not_applicable", "arithmetic", "vague", "approximate", "not", "half",
    "correction", "old", "where", "vocative", "and",
    "unit:household",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """A number or a tag. The tag of a sign is the sign itself.

    The tag "noise" marks a word that changes nothing; `part` is then its part of speech.
    """

    tag: str
    number: int | None = None
    text: str = ""
    odd: str = ""  # the oddity of a Token, or "unsure" for doubtful number words
    start: int = 0
    end: int = 0
    part: str = ""
    word: str = ""  # the phrase of the table with all its marks
    thousands: bool = False  # the number was written in words that end in "nghìn"

    @property
    def spoken(self) -> bool:
        """Whether it is a number written in words."""
        return self.tag == "number" and not self.text[:1].isdecimal()


@cache
def _book() -> PhraseBook:
    units = section("units")
    families = {f"unit:{name}": line for name, line in units.items() if name not in _SEXES}
    sexes = {name: units[name] for name in _SEXES}
    return PhraseBook({**section("common"), **section("figures"), **families, **sexes})


_NAME_WORDS = frozenset(DIGITS) | frozenset(AFTER_TEN) | TEN
_SEXES = ("men", "women")


@cache
def _labels() -> PhraseBook:
    return PhraseBook(section("labels"))


def figures(tokens: Sequence[Token]) -> list[Item]:
    """Return the items of a reply, without the number of the area and of the period."""
    items: list[Item] = []
    last_number = max((n for n, t in enumerate(tokens) if t.number is not None), default=-1)
    at = 0
    while at < len(tokens):
        label = _label_end(tokens, at, items, last_number) or _placed_label_end(
            tokens, at, items, last_number
        )
        if label:
            start, end = tokens[at].start, tokens[label - 1].end
            items.append(Item("noise", start=start, end=end, part="area"))
            at = label
            continue
        item, at = _item(tokens, at, items, has_digits=last_number >= 0)
        items.append(item)
    return _joined(items)


def areas_named(text: str) -> frozenset[int]:
    """Return the numbers of the areas that a reply names: {5} for "khu 5: 287/331"."""
    tokens = tokenize(clean(text))
    last_number = max((n for n, t in enumerate(tokens) if t.number is not None), default=-1)
    named = set()
    for at, token in enumerate(tokens):
        found = _labels().longest(tokens, at) if token.kind == "word" else None
        if found is None or "area" not in found.tags:
            continue
        if _label_end(tokens, at, [], last_number) is not None:
            number = tokens[at + found.length].number
            spoken = spoken_number(tokens, at + found.length)
            value = number if number is not None else spoken.value if spoken else None
            named |= {value} if value is not None else set()
    return frozenset(named)


def _item(
    tokens: Sequence[Token], at: int, before: list[Item], *, has_digits: bool
) -> tuple[Item, int]:
    token = tokens[at]
    spoken = spoken_number(tokens, at)
    found = _book().longest(tokens, at) if token.kind == "word" else None
    if _is_a_name(tokens, at, before, spoken, found):
        end = spoken.end if spoken else at + 1
        return Item("name", text=token.text, start=token.start, end=tokens[end - 1].end), end
    if spoken and not _is_rather_a_word(tokens, at, spoken, found, has_digits=has_digits):
        lone = len(tokens) == 1 and token.unmarked and not token.known.isdisjoint(WEAK_WHEN_PLAIN)
        odd = "" if spoken.sure and (not lone or token.text in {"mot", "bay"}) else "unsure"
        end = tokens[spoken.end - 1].end
        thousands = not tokens[spoken.end - 1].known.isdisjoint(THOUSAND)
        return Item(
            "number", spoken.value, token.text, odd, token.start, end, thousands=thousands
        ), spoken.end
    if token.number is not None:
        return Item("number", token.number, token.text, token.odd, token.start, token.end), at + 1
    if _counts_about(tokens, at):
        return Item("vague", text=token.text, start=token.start, end=token.end), at + 1
    if found:
        return _phrase(tokens, at, before, found), at + found.length
    weak = token.unmarked and not token.known.isdisjoint(WEAK_WHEN_PLAIN)
    if not weak and not token.known.isdisjoint(DIGITS):  # the "hai" of "hai ba trăm"
        return Item("vague", text=token.text, start=token.start, end=token.end), at + 1
    if token.kind == "sign":
        return Item(_sign(token.text), text=token.text, start=token.start, end=token.end), at + 1
    return Item("unknown", text=token.text, start=token.start, end=token.end), at + 1


def _counts_about(tokens: Sequence[Token], at: int) -> bool:
    """Return whether it is like the "ba" of "ba bon tram": a digit before another number."""
    known = tokens[at].known
    if known.isdisjoint(DIGITS) or not known.isdisjoint(WEAK_WHEN_PLAIN):
        return False
    return at + 1 < len(tokens) and spoken_number(tokens, at + 1) is not None


def _phrase(tokens: Sequence[Token], at: int, before: list[Item], found: PhraseMatch) -> Item:
    end = tokens[at + found.length - 1].end
    after_number = bool(before) and before[-1].tag == "number"
    doubtful = after_number and before[-1].spoken and tokens[at].unmarked  # muoi may
    part = _chosen(found.tags, after_number=after_number, doubtful=doubtful)
    tag = "noise" if part in _NOISE else part
    return Item(
        tag, text=tokens[at].text, start=tokens[at].start, end=end, part=part,
        word=found.phrases[part],
    )  # fmt: skip


def _is_a_name(
    tokens: Sequence[Token],
    at: int,
    before: list[Item],
    spoken: Spoken | None,
    found: PhraseMatch | None,
) -> bool:
    """Return whether it is a name like the Ba of "nhà bác Ba": a number after a kinship word."""
    last = before[-1] if before else None
    if last is not None and last.word == "là" and len(before) > 1:
        last = before[-2]  # em là Tám
    if last is None or (last.part not in {"person", "vocative"} and last.word not in {"cụ", "vị"}):
        return False
    if last.tag == "unit:person" and len(before) > 1 and before[-2].tag == "number":
        return False  # 12 cụ
    known = tokens[at].known
    if known.isdisjoint(_NAME_WORDS):
        return False
    if "không" in known or (found and found.length > 1):
        return False  # bác không
    if tokens[at].unmarked and not known.isdisjoint(WEAK_WHEN_PLAIN) and found:
        return False  # em tam 300: tầm
    return spoken is None or spoken.end - at == 1 or not spoken.sure


def _is_rather_a_word(
    tokens: Sequence[Token], at: int, spoken: Spoken, found: PhraseMatch | None, *, has_digits: bool
) -> bool:
    length = spoken.end - at
    if found and (found.length > length or (found.length == length > 1 and "vague" in found.tags)):
        return True
    token = tokens[at]
    if length > 1 or token.number is not None or len(tokens) == 1:
        return False
    plainly = token.unmarked and not token.known.isdisjoint(WEAK_WHEN_PLAIN) and token.text != "mot"
    return plainly and (has_digits or bool(found))


def _chosen(tags: tuple[str, ...], *, after_number: bool, doubtful: bool) -> str:
    counted = [tag for tag in tags if tag.startswith("unit:") or tag in _SEXES]
    if counted and after_number and not (doubtful and "vague" in tags):
        return counted[0]
    if "no_count_after" in tags and after_number:
        return "no_count_after"
    return next((tag for tag in _CAREFUL_FIRST if tag in tags), tags[0])


def _sign(text: str) -> str:
    if text in "~≈±":
        return "approximate"
    if text in "<>≥≤≧≦":
        return "vague"
    if text in "/\\|:-,;.+=()?%\n*x":
        return text
    return "picture"


def _label_end(
    tokens: Sequence[Token], at: int, before: list[Item], last_number: int
) -> int | None:
    """Return the end of "khu 5" if it begins here and its number is not the answer; else None."""
    found = _labels().longest(tokens, at) if tokens[at].kind == "word" else None
    if found is None or (before and before[-1].tag == "all"):
        return None
    number_at = at + found.length
    if number_at >= len(tokens):
        return None
    token = tokens[number_at]
    if token.number is not None and not token.odd:
        value, end = token.number, number_at + 1
    elif (spoken := spoken_number(tokens, number_at)) and spoken.sure and spoken.value:
        value, end = spoken.value, spoken.end
    else:
        return None
    if not _is_label(found, tokens[at], token, value):
        return None
    if {"year", "indicator"} & set(found.tags):
        return end
    if end < len(tokens) and tokens[end].text in {"/", "\\", "%"}:
        return _month_and_year(tokens, end, at)
    name_end = _name_end(tokens, end)
    if name_end:
        return name_end
    unit = _book().longest(tokens, end) if end < len(tokens) else None
    if unit and unit.tags[0].startswith("unit:") and last_number < end:
        return None
    return end


def _placed_label_end(
    tokens: Sequence[Token], at: int, before: list[Item], last_number: int
) -> int | None:
    """Return the end of "ở khu 5" if it begins here: a place that ends in a label; else None."""
    found = _book().longest(tokens, at) if tokens[at].kind == "word" else None
    if found is None or found.length < 2 or "area" not in found.tags:
        return None
    return _label_end(tokens, at + found.length - 1, before, last_number)


def _is_label(found: PhraseMatch, name: Token, number: Token, value: int) -> bool:
    if "year" in found.tags:
        return number.number is not None and value in _YEARS  # not năm nghìn chín trăm
    if "indicator" in found.tags:  # HT1
        return number.start == name.end and value <= _LARGEST_INDICATOR
    return value <= _LARGEST_LABEL or value in _YEARS


def _name_end(tokens: Sequence[Token], at: int) -> int | None:
    """Return the end of the old commune's name here ("Khu 5 Yên Kiện: 287/331"), or None."""
    for end in range(at, min(at + 5, len(tokens))):
        if tokens[end].text == ":":
            return end + 1 if end > at else None
        if tokens[end].kind != "word" or _is_about_the_number(tokens, end):
            return None
    return None


def _is_about_the_number(tokens: Sequence[Token], at: int) -> bool:
    """Return whether a word about the number is here and not a name: "khu 5 tổng: 400"."""
    found = _book().longest(tokens, at)
    return found is not None and not {"total", "part", "have"}.isdisjoint(found.tags)


def _month_and_year(tokens: Sequence[Token], end: int, at: int) -> int | None:
    """Return the end of a period such as "tháng 11/2026"; None if it is none."""
    is_month = not tokens[at].known.isdisjoint({"tháng", "quý", "kỳ", "đợt"})
    year = tokens[end + 1].number if end + 1 < len(tokens) else None
    return end + 2 if is_month and year and 2000 <= year <= 2100 else None


def _joined(items: list[Item]) -> list[Item]:
    """Join thousands that are separated by a space ("1 234") or by a dictated comma.

    "350 400" stays two numbers.
    """
    joined: list[Item] = []
    for item in items:
        last = joined[-1] if joined else None
        before = joined[-2] if len(joined) > 1 else None
        if last and last.tag == item.tag == "number" and _is_grouped(last, item):
            odd = "" if len(last.text) == 1 else "unsure"
            value = (last.number or 0) * 1000 + (item.number or 0)
            joined[-1] = Item("number", value, "", odd, last.start, item.end)
        elif before and last and last.tag == "," and _is_dictated(before, item):
            value = (before.number or 0) + (item.number or 0)
            joined[-2:] = [
                Item("number", value, before.text, item.odd or before.odd, before.start, item.end)
            ]
        else:
            joined.append(item)
    return joined


def _is_grouped(first: Item, second: Item) -> bool:
    return (
        second.start == first.end + 1
        and not first.odd
        and not second.odd
        and len(second.text) == 3
        and second.text.isdecimal()
        and first.text.isdecimal()
        and len(first.text) <= 2
        and bool(first.number)
    )


def _is_dictated(first: Item, second: Item) -> bool:
    """Return whether the comma is a pause inside one number: "một nghìn, hai trăm linh năm"."""
    return first.thousands and second.spoken and 100 <= (second.number or 0) < 1000
