"""A clause about the questions that have no answer of their own: "còn lại như kỳ trước"."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from criteria.reading import command_vocabulary as commands
from criteria.reading.phrase_book import PhraseBook
from criteria.reading.tokens import Token
from criteria.reading.vocabulary import phrases, section
from criteria.reading.whole_report.outcome import Standing

_LONGEST = 30  # tokens; a longer clause says more
_STANDING: tuple[Standing, ...] = ("same", "unknown", "skip")
_AREAS = frozenset({"khu", "thôn", "xóm", "tổ", "bản", "ấp", "tháng", "kỳ", "quý", "đợt", "tdp"})
_COUNTED = frozenset({"câu", "mục", "chỉ", "khu"})


@dataclass(frozen=True, slots=True)
class Rest:
    """What a clause says of the rest.

    `standing` is `None` where the rest is spoken of and nothing that can be taken is said.
    `named`: it has a word for the rest or for all; without one it needs an exception beside it.
    """

    standing: Standing | None
    named: bool
    of_all: bool = False
    aside: bool = False  # behind an answer it says nothing more: "mai em gửi", "không đổi"


def rest_in(tokens: Sequence[Token], start: int, end: int, count: int) -> Rest | None:
    """What this clause says of the rest, if all its words are about that."""
    tags = _tags(tokens, start, end, count)
    if tags is None:
        return None
    standing = next((one for one in _STANDING if one in tags), None)
    if standing in {None, "unknown"} and "finish" in tags and {"doing", "later"} & set(tags):
        if "rest" in tags or "nốt" in tags:
            standing = "skip"
    if "rest" in tags and standing is None and {"later"} & set(tags):
        standing = "skip"
    if standing is None:
        return None
    of_all = "all" in tags and "rest" not in tags
    named = (
        "rest" in tags or (of_all and standing == "same") or (standing == "skip" and "nốt" in tags)
    )
    first = _book().longest(tokens[:end], start)
    promised = standing == "skip" and bool(first and "later" in first.tags)
    unchanged = any("đổi" in token.known for token in tokens[start:end])
    return Rest(standing, named, of_all, aside=not named and (promised or unchanged))


def begins_the_rest(tokens: Sequence[Token], at: int, end: int) -> bool:
    """Whether a word for the rest stands here ("còn lại", "các câu khác"; "còn" alone is none)."""
    found = _book().longest(tokens[:end], at)
    return bool(found and "rest" in found.tags and (found.length > 1 or tokens[at].text != "còn"))


def may_begin(tokens: Sequence[Token], at: int, end: int) -> bool:
    """Whether a clause about the rest may begin here, in the middle of another."""
    found = _book().longest(tokens[:end], at)
    return bool(found and {"rest", "later", "all"} & set(found.tags))


def _tags(tokens: Sequence[Token], start: int, end: int, count: int) -> list[str] | None:
    """The parts of its phrases, "nốt" for that word; `None` where a word is of no part."""
    if end - start > _LONGEST:
        return None
    tags: list[str] = []
    at = start
    while at < end:
        token = tokens[at]
        if token.kind == "sign" and token.text != "?":
            at += 1
            continue
        if token.number is not None and not token.odd:
            before = tokens[at - 1].known if at > start else frozenset()
            behind = tokens[at + 1].known if at + 1 < end else frozenset()
            if not _COUNTED.isdisjoint(behind) and token.number <= count:
                tags.append("all" if token.number == count else "rest")
                at += 2
                continue
            if _AREAS.isdisjoint(before) and not (at > start and tokens[at - 1].text == "/"):
                return None
            at += 1
            continue
        found = _book().longest(tokens[:end], at) if token.kind == "word" else None
        if found is None:
            return None
        tag = next(tag for tag in _ORDER if tag in found.tags)
        tags.append(tag)
        if "finish" in found.tags and not token.known.isdisjoint({"nốt", "tiếp", "bổ"}):
            tags.append("nốt")
        at += found.length
    return tags


_ORDER = ("rest", "same", "unknown", "skip", "finish", "later", "all", "doing", "around")


@cache
def _book() -> PhraseBook:
    words, common = section("report"), section("common")
    around = [phrase for part in common.values() for phrase in part]
    return PhraseBook(
        {
            "rest": words["rest"],
            "same": (*phrases(commands.COMMANDS["same"]), *words["same"]),
            "unknown": (*phrases(commands.COMMANDS["unknown"]), *words["unsure"]),
            "skip": phrases(commands.COMMANDS["skip"]),
            "finish": words["finish"],
            "later": words["later"],
            "all": words["all"],
            "doing": words["doing"],
            "around": (*phrases(commands.AROUND), *around, *words["compared"]),
        }
    )
