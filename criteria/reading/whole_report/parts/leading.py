"""The words that precede a label or a name: "trừ", "riêng", "à nhầm", "còn"."""

from dataclasses import dataclass

from criteria.reading.whole_report.message import TypedReport

_FARTHEST = 6  # the most tokens before the label
_LEADS = frozenset({"except", "correction", "and", "aside"})
_LIGHT = frozenset({"thì", "là", "cho", "em"})


@dataclass(frozen=True, slots=True)
class Leading:
    """The meaning of the words before a label: an exception, or a correction."""

    excepts: bool = False
    corrects: bool = False


def leading_start(message: TypedReport, at: int) -> int:
    """Return where the words that precede this token begin, or the token itself."""
    starts = [start for start in range(max(0, at - _FARTHEST), at) if _leads_to(message, start, at)]
    return min(starts, default=at)


def leading_to(message: TypedReport, at: int) -> Leading:
    """Return the meaning of the words that precede this token."""
    meanings: set[str] = set()
    start = leading_start(message, at)
    while start < at:
        parts, length = message.phrase(start, at)
        meanings |= parts
        start += max(length, 1)
    return Leading("except" in meanings, "correction" in meanings)


def leading_off(message: TypedReport, start: int, end: int) -> tuple[int, Leading]:
    """Return the place after opening words of exception or correction, and their meaning.

    Words of exception must be followed by a name.
    """
    excepts = corrects = False
    while start < end:
        parts, length = message.phrase(start, end)
        corrected = "correction" in parts
        if not corrected and not ("except" in parts and message.name(start + length, end)):
            break
        excepts, corrects = excepts or "except" in parts, corrects or corrected
        start += length
    return start, Leading(excepts, corrects)


def _leads_to(message: TypedReport, start: int, end: int) -> bool:
    at = start
    while at < end:
        parts, length = message.phrase(at, end)
        if not parts.isdisjoint(_LEADS):
            at += length
        elif at > start and (
            not message.words_at(at).isdisjoint(_LIGHT)
            or (message.text_at(at) == "," and at == end - 1)
        ):
            at += 1
        else:
            return False
    return True
