"""Texts of files: the catalogue's without tags, and people's texts made safe."""

import re

from criteria.percent import NO_BREAK_SPACE
from criteria.scoring import IndicatorResult, Verdict
from handlers.exports.material import Material
from handlers.status.lines import areas_text, methods_line, reports_text, unit_word
from handlers.texts import Texts, without_tags

MISSING = "—"
_FORMULA = ("=", "+", "-", "@")
_LONGEST = 5000
# Pictographs, signs that telephones draw as such (but no ballot boxes), and their joiners.
_EMOJI = re.compile(
    "[\u200d\u20e3\u231a-\u23ff\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u260f\u2613-\u2712"
    "\u2719-\u27bf\u2934\u2935\u2b00-\u2bff\ufe0f"
    "\U0001f000-\U0001faff]+ ?"
)
_BREAKS = {"\u2028": "\n", "\u2029": "\n", "\r": "\n", "\t": " "}


def say(texts: Texts, key: str, **parameters: object) -> str:
    """Return a text of the catalogue for a file, without tags."""
    return without_tags(texts.say(key, **parameters))


def title_of(material: Material, texts: Texts) -> str:
    """Return the title of a file: the commune and the round."""
    status = material.status
    commune, round_ = status.commune.name, status.round_title(texts)
    return say(texts, "exports.title", commune=commune, round=round_)


def coverage(material: Material, texts: Texts) -> str:
    """Return `18/22 khu đã gửi · xã: đã gửi`."""
    return without_tags(reports_text(material.status, texts))


def newest(material: Material, texts: Texts) -> str:
    """Return `Số liệu mới nhất: 14:05 ngày 22/11/2026`."""
    at = material.status.as_of.astimezone(material.zone)
    return without_tags(
        texts.say("exports.newest", hour=f"{at:%H:%M}", day=texts.full_day(at, material.zone))
    )


def clean_text(text: str) -> str:
    """Return a person's text without the characters that documents do not allow."""
    unified = "".join(_BREAKS.get(one, one) for one in text[:_LONGEST])
    return "".join(one for one in unified if one.isprintable() or one in f"\n{NO_BREAK_SPACE}")


def printed(text: str) -> str:
    """Return a person's text for paper, without emoji and control characters."""
    return without_emoji(clean_text(text))


def without_emoji(text: str) -> str:
    """Return the text without emoji, which many fonts show as a gap or a box on paper."""
    return _EMOJI.sub("", text)


def formula_safe(text: str) -> str:
    """Return a person's text on one line that no spreadsheet reads as a formula."""
    line = " ".join(clean_text(text).split())
    return f"'{line}" if line.startswith(_FORMULA) else line


def verdict_word(verdict: Verdict, texts: Texts) -> str:
    """Return `Đạt`, `Chưa đạt`, `Chưa đủ số liệu` or `Không có đối tượng`."""
    word = say(texts, f"status.verdict.{verdict.value}")
    return word[:1].upper() + word[1:]


def notes(material: Material, one: IndicatorResult, texts: Texts) -> str:
    """Return the notes next to the figures: coverage, the gap, the confirmation's reason."""
    parts: list[str] = []
    status = material.status
    areas = [unit for unit in one.units if unit != status.facts.office]
    if one.missing and areas:
        counted = sum(unit not in one.missing for unit in areas)
        parts.append(say(texts, "exports.counted", counted=counted, units=len(areas)))
    if status.facts.office in one.missing:
        parts.append(say(texts, "exports.office_missing"))
    if gap := one.figures.gap:
        parts.append(say(texts, "status.gap", gap=gap, unit=unit_word(status, one, texts)))
    how = methods_line(status, one, texts)
    if how is not None:
        parts.append(without_tags(how))
    if one.by_totals and one.certain:
        parts.append(say(texts, "exports.by_totals"))
    if one.yes_no is not None and one.confirmation is not None:
        answer = say(texts, "value.yes" if one.confirmation.answer else "value.no")
        counts = without_tags(areas_text(one.yes_no, texts))
        reason = one.confirmation.reason
        parts.append(say(texts, "exports.confirmed", answer=answer, reason=reason, counts=counts))
    return clean_text("; ".join(parts))
