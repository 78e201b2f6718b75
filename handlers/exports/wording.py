"""Words of files: texts without tags, and what people wrote made harmless."""

import re

from criteria.percent import NO_BREAK_SPACE
from criteria.scoring import IndicatorResult, Verdict
from handlers.exports.material import Material
from handlers.status.lines import areas_text, methods_line, unit_word
from handlers.texts import Texts, without_tags

MISSING = "—"
_FORMULA = ("=", "+", "-", "@")
_LONGEST = 5000
# Pictographs, the signs that telephones draw as such (but no ballot boxes), and what joins them.
_EMOJI = re.compile(
    "[\u200d\u20e3\u231a-\u23ff\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u260f\u2613-\u2712"
    "\u2719-\u27bf\u2934\u2935\u2b00-\u2bff\ufe0f"
    "\U0001f000-\U0001faff]+ ?"
)
_BREAKS = {"\u2028": "\n", "\u2029": "\n", "\r": "\n", "\t": " "}


def say(texts: Texts, key: str, **parameters: object) -> str:
    """A text of the catalogue as it stands in a file."""
    return without_tags(texts.say(key, **parameters))


def title_of(material: Material, texts: Texts) -> str:
    """The commune and the round, over a file."""
    status = material.status
    commune, round_ = status.commune.name, status.round_title(texts)
    return say(texts, "exports.title", commune=commune, round=round_)


def inert(text: str) -> str:
    """What somebody wrote, without what no document may hold."""
    given = "".join(_BREAKS.get(one, one) for one in text[:_LONGEST])
    return "".join(one for one in given if one.isprintable() or one in f"\n{NO_BREAK_SPACE}")


def printed(text: str) -> str:
    """What may stand on paper of what somebody wrote."""
    return without_emoji(inert(text))


def without_emoji(text: str) -> str:
    """The text without emoji: where no font has them, paper shows a gap or a box instead."""
    return _EMOJI.sub("", text)


def harmless(text: str) -> str:
    """What somebody wrote, on one line that no spreadsheet takes for a formula."""
    said = " ".join(inert(text).split())
    return f"'{said}" if said.startswith(_FORMULA) else said


def verdict_word(verdict: Verdict, texts: Texts) -> str:
    """`Đạt`, `Chưa đạt`, `Chưa đủ số liệu`, `Không có đối tượng`."""
    word = say(texts, f"status.verdict.{verdict.value}")
    return word[:1].upper() + word[1:]


def notes(material: Material, one: IndicatorResult, texts: Texts) -> str:
    """What stands beside the figures: coverage, the gap, a confirmation with its reason."""
    said: list[str] = []
    status = material.status
    areas = [unit for unit in one.units if unit != status.facts.office]
    if one.missing and areas:
        counted = sum(unit not in one.missing for unit in areas)
        said.append(say(texts, "exports.counted", counted=counted, units=len(areas)))
    if status.facts.office in one.missing:
        said.append(say(texts, "exports.office_missing"))
    if gap := one.figures.gap:
        said.append(say(texts, "status.gap", gap=gap, unit=unit_word(status, one, texts)))
    how = methods_line(status, one, texts)
    if how is not None:
        said.append(without_tags(how))
    if one.by_totals and one.certain:
        said.append(say(texts, "exports.by_totals"))
    if one.yes_no is not None and one.confirmation is not None:
        answer = say(texts, "value.yes" if one.confirmation.answer else "value.no")
        counts = without_tags(areas_text(one.yes_no, texts))
        reason = one.confirmation.reason
        said.append(say(texts, "exports.confirmed", answer=answer, reason=reason, counts=counts))
    return inert("; ".join(said))
