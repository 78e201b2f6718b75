"""Replies without a number to a question for numbers: nobody, everybody, or no figure at all."""

from fractions import Fraction

from criteria.answers import Ratio
from criteria.reading.numbers.items import Item
from criteria.reading.numbers.share_rules import negations_in, pauses_in
from criteria.reading.outcome import All, Reading, ask, clear, commanded, confirm
from criteria.reading.words.vocabulary import COMMON

# With these words "không có ai" means that nobody has it, and not that nobody is there.
_HAVING_PARTS = frozenset({*COMMON, "have", "only", "done", "use", "what", "who",
                        "assent"})  # fmt: skip
_STRENGTHEN = frozenset({"cả", "đâu", "hết"})
_SIGNS = frozenset({",", ".", ";", "!", "\n", "-", ":", "(", ")", "picture"})
_ALLOWED_WITH_ALL = (
    frozenset({"noise", "all", "and", "of", "thereof", "total", "number_word"}) | _SIGNS
)


def without_numbers(items: list[Item], percents: list[Fraction]) -> Reading:
    """Read a reply without a number.

    không có ai → value 0
    không có ai trả lời → ask
    không nhà nào không có → confirm all
    không có → confirm 0
    đủ cả → confirm all
    """
    tags = {item.tag for item in items}
    if percents:
        return confirm(All(), "everybody") if percents == [100] else ask("percent_only")
    if tags & {"question", "?"}:
        return commanded("help")
    negations = negations_in(items)
    if len(negations) > 1:
        return _two_negations(items, negations)
    if "not_applicable" in tags:
        return _not_applicable(items, tags)
    if "nobody" in tags:
        return clear(0) if _means_nobody_has(items) else ask("not_understood")
    if "nobody_perhaps" in tags:
        return ask("not_understood") if "unknown" in tags else confirm(0, "nobody")
    if "not" in tags:
        extra = tags & {"unknown", "all", "and", "approximate"}
        bare = items[negations[0]]
        doing = any(i.tag == "noise" and i.part not in _HAVING_PARTS for i in items)
        return ask("not_understood") if extra or doing else _bare_not(bare, items)
    if "all" in tags:
        others = {tag for tag in tags if not tag.startswith("unit:")} - _ALLOWED_WITH_ALL
        return ask("not_understood") if others else confirm(All(), "everybody")
    if tags <= {"picture"}:
        return ask("empty")
    return ask("not_understood" if "unknown" in tags else "number_expected")


def _two_negations(items: list[Item], negations: list[int]) -> Reading:
    """Read two negations. Nested they mean everybody ("không ai không có"), else nobody."""
    first, last = items[negations[0]], items[negations[-1]]
    if any(item.tag == "unknown" for item in items) or len(negations) > 2:
        return ask("not_understood")
    if any(negations[0] < pause < negations[-1] for pause in pauses_in(items)):
        nobody = last.tag == "nobody" or first.tag == "nobody"
        return confirm(0, "nobody") if nobody else ask("not_understood")
    if first.tag == "nobody" and last.tag == "not":
        return confirm(All(), "everybody")
    return ask("not_understood")


def _not_applicable(items: list[Item], tags: set[str]) -> Reading:
    """Read a negation before a unit: there is no shop at all, or no shop that has it."""
    if "unknown" in tags:
        return ask("not_understood")
    first = next(n for n, i in enumerate(items) if i.tag == "not_applicable")
    has_object = any(
        i.word.split(" ")[0] in {"có", "dùng", "sử", "nhận"} for i in items[first + 1 :]
    )
    if "all" in tags or has_object:
        return confirm(0, "nobody")
    return confirm(Ratio(0, 0), "not_applicable")


def _means_nobody_has(items: list[Item]) -> bool:
    """Return whether it means that nobody has it, and not that nobody is there."""
    return all(
        item.tag == "nobody"
        or item.word in _STRENGTHEN
        or item.tag.startswith("unit:")
        or item.tag in _SIGNS
        or (item.tag == "noise" and item.part in _HAVING_PARTS)
        for item in items
    )


def _bare_not(item: Item, items: list[Item]) -> Reading:
    """Read a bare "không", "không có" or "chưa có" as a reply to a question for a number."""
    if item.text == "k" and item.end - item.start > 1:
        return confirm(0, "nobody")
    if item.word.split(" ")[0] not in {"không", "chưa", "chả", "chẳng", "chửa"}:
        return ask("not_understood")
    has_object = any(i.tag.startswith("unit") for i in items)
    alone = item.text == "k" or item.word in {"chưa", "chả", "chẳng", "chửa"}
    return ask("not_understood") if alone and not has_object else confirm(0, "nobody")
