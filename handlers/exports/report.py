"""The commune's report as a draft in the form of Decree 30/2020; number and date are left blank.

Its parts follow the communes' usual form: the round, the result, difficulties, requests.
"""

import re
from pathlib import Path
from typing import Any

from criteria.scoring import IndicatorResult, Verdict
from handlers.exports.document import BODY, SMALL, WIDTH, DecreeDocument, fill
from handlers.exports.material import Material, OpenDifficulty
from handlers.exports.wording import MISSING, notes, say, title_of, verdict_word
from handlers.kinds.base import presentation_of
from handlers.status.lines import office_state
from handlers.texts import Texts, without_tags

_WIDTHS = (1.1, 5.4, 1.6, 1.6, 2.6, 1.9, 2.3)
_COLUMNS = ("number", "indicator", "unit", "required", "result", "verdict", "notes")
_NAMES = 2000
_KINDS = ("xã", "phường", "thị trấn", "đặc khu")


def write_report(material: Material, texts: Texts, file: Path) -> None:
    """Write the draft; the same material gives the same bytes."""
    _Report(material, texts).write(file)


class _Report:
    def __init__(self, material: Material, texts: Texts) -> None:
        self._material = material
        self._status = material.status
        self._texts = texts
        mark = say(texts, "exports.report.draft")
        at = material.status.as_of.astimezone(material.zone)
        day = texts.full_day(at, material.zone)
        foot = say(texts, "exports.report.foot", hour=f"{at:%H:%M}", day=day)
        self._document = DecreeDocument(
            title_of(material, texts), mark, foot, material.status.as_of
        )

    def write(self, file: Path) -> None:
        self._heads()
        self._title()
        self._basis()
        self._course_of_the_round()
        self._results()
        self._difficulties()
        self._requests()
        self._signature()
        self._document.save(file)

    def _say(self, key: str, **parameters: object) -> str:
        return say(self._texts, f"exports.report.{key}", **parameters)

    def _heads(self) -> None:
        left, right = WIDTH * 0.38, WIDTH * 0.62
        row = self._document.table((left, right), grid=False).add_row()
        commune = self._status.commune.name
        fill(row.cells[0], left, [
            (self._say("committee"), 12, "b"), (commune.upper(), 12, "b_"),
            (self._say("no"), 13, ""),
        ], centred=True)  # fmt: skip
        fill(row.cells[1], right, [
            (self._say("state"), 12, "b"), (self._say("motto"), 13, "b_"),
            (self._say("place_and_day", place=place_name(commune)), 13, "i"),
        ], centred=True)  # fmt: skip

    def _title(self) -> None:
        line, title = self._document.line, self._status.criteria.title.text(self._texts.language)
        line(self._say("kind"), bold=True, centred=True, before=18)
        about = title[:1].lower() + title[1:]
        line(
            self._say("about", title=about, round=self._status.round.name), bold=True, centred=True
        )
        day = self._status.round.data_date or self._material.day(self._status.as_of)
        shown = self._texts.full_day(day, self._material.zone)
        line(self._say("as_of", day=shown), italic=True, centred=True)
        self._document.rule(0.3)
        line(self._say("to"), centred=True, before=10)

    def _basis(self) -> None:
        """Write the first sentence: the document that is carried out, and the reporting commune."""
        title = self._status.criteria.title.text(self._texts.language)
        document = self._material.document.removeprefix("Thực hiện ")
        if re.fullmatch(r"\d+/\S+", document):
            document = self._say("basis_number", number=document)
        commune, round_ = within_sentence(self._status.commune.name), self._status.round.name
        sentence = (
            self._say("basis", document=document, commune=commune, round=round_,
                      title=title[:1].lower() + title[1:])
            if document
            else self._say("basis_set", title=title, commune=commune, round=round_)
        )  # fmt: skip
        self._document.paragraph(sentence)

    def _course_of_the_round(self) -> None:
        status, texts, zone = self._status, self._texts, self._material.zone
        self._document.heading(self._say("part.course"))
        late = sum(unit in status.late for unit in status.areas)
        at = status.as_of.astimezone(zone)
        self._document.paragraph(
            self._say(
                status.criteria.text_key("course"),
                round=status.round.name,
                opened=texts.full_day(status.round.opens_at, zone),
                deadline=texts.full_day(status.round.deadline, zone),
                hour=f"{at:%H:%M}",
                day=texts.full_day(at, zone),
                done=status.areas_in,
                areas=len(status.areas),
                late=late,
                office=self._office(),
            )
        )
        result = status.result
        self._document.paragraph(
            self._say(
                "outcome", met=result.met, total=result.total, not_met=result.not_met,
                open=result.open, none=result.not_applicable,
            )
        )  # fmt: skip
        if status.last is not None:
            before = status.last
            self._document.paragraph(self._say("last_time", met=before.met, total=before.total))
        self._document.blanks(2)

    def _office(self) -> str:
        """Return the state of the office's report: `đã gửi`, `đã gửi, gửi muộn`."""
        status = self._status
        state = without_tags(office_state(status, self._texts))
        late = status.facts.office in status.late
        return self._say("office_late", office=state) if late else state

    def _results(self) -> None:
        self._document.heading(self._say("part.results"))
        self._table()
        result = self._status.result.indicators
        parts = 0
        for verdict, key in ((Verdict.NOT_MET, "not_met"), (Verdict.INSUFFICIENT, "open")):
            found = [one for one in result if one.verdict is verdict]
            if found:
                parts += 1
                self._document.heading(f"{parts}. {self._say(f'part.{key}')}")
            for one in found:
                self._document.paragraph(f"- {self._explanation(one)}")

    def _table(self) -> None:
        status, texts = self._status, self._texts
        table = self._document.table(_WIDTHS, grid=True)
        heads = [say(texts, f"exports.column.{name}") for name in _COLUMNS]
        self._row(table, heads, "b", centred=True)
        names = {group.code: group.name.text(texts.language) for group in status.criteria.groups}
        number = 0
        for place, group in enumerate(status.result.groups, start=1):
            members = [one for one in status.result.indicators if one.group == group.code]
            if members:
                met = self._say("group", met=group.met, total=group.total)
                self._row(table, [_roman(place), names[group.code], "", "", "", met, ""], "b")
            for one in members:
                number += 1
                shown = presentation_of(one.kind)
                self._row(table, [
                    str(number), status.criteria.indicator(one.code).wording,
                    shown.unit_of(status, one, texts), shown.required(one, texts),
                    self._figure(one),
                    verdict_word(one.verdict, texts), notes(self._material, one, texts),
                ])  # fmt: skip
        result = status.result
        met = self._say("group", met=result.met, total=result.total)
        self._row(table, ["", say(texts, "exports.total"), "", "", "", met, ""], "b")
        self._document.keep_rows()

    def _row(
        self,
        table: Any,  # noqa: ANN401 - python-docx has half its types
        cells: list[str],
        style: str = "",
        *,
        centred: bool = False,
    ) -> None:
        row = table.add_row()
        middle = {0, 2, 3, 4, 5}
        for place, (cell, text, width) in enumerate(zip(row.cells, cells, _WIDTHS, strict=True)):
            size = SMALL if place != len(cells) - 1 else SMALL - 1
            fill(cell, width, [(text, size, style)], centred=centred or place in middle)

    def _figure(self, one: IndicatorResult) -> str:
        return presentation_of(one.kind).word_figure(one, self._texts)

    def _explanation(self, one: IndicatorResult) -> str:
        """Return the indicator with its gap, and the areas with most of it."""
        status, texts = self._status, self._texts
        short = texts.short(status.criteria.indicator(one.code))
        figure, note = self._figure(one).replace("\n", " "), notes(self._material, one, texts)
        parts = [part for part in (figure, note) if part not in {"", MISSING}]
        if where := presentation_of(one.kind).where(status, one, texts):
            parts.append(where)
        return f"{short}: {'; '.join(parts)}."

    def _difficulties(self) -> None:
        status, texts = self._status, self._texts
        self._document.heading(self._say("part.difficulties"))
        waiting = [*status.areas_missing, *status.areas_returned]
        office = () if status.office is None else (status.office,)
        late = [unit for unit in (*status.areas, *office) if unit in status.late]
        for key, units in (("not_in", waiting), ("late", late)):
            names = texts.listed((status.name(u, texts) for u in units), most=_NAMES)
            if units:
                line = self._say(key, count=len(units), names=names)
                self._document.paragraph(f"- {line}")
        if status.areas and not waiting:
            self._document.paragraph(f"- {self._say('all_in')}")
        if self._material.difficulties:
            self._document.paragraph(f"- {self._say('obstacles')}")
        for one in self._material.difficulties:
            self._document.paragraph(f"+ {self._difficulty(one)}")
        self._document.blanks(2)

    def _difficulty(self, one: OpenDifficulty) -> str:
        texts = self._texts
        commune_wide = say(texts, "difficulties.commune_wide")
        place = commune_wide if one.unit is None else texts.unit(one.unit)
        indicators = {i.code: i for i in self._status.criteria.indicators}
        indicator = indicators.get(one.indicator or "")
        about = f" ({texts.short(indicator)})" if indicator is not None else ""
        text = f"{place}{about}: {' '.join(one.text.split())}"
        if one.answer:
            answer = " ".join(one.answer.split())
            return f"{text} {self._say('answered', answer=answer)}"
        return f"{text} {self._say('passed_up')}" if one.state == "passed_up" else text

    def _requests(self) -> None:
        self._document.heading(self._say("part.requests"))
        self._document.blanks(3, "./.", keep_with_next=True)

    def _signature(self) -> None:
        # The signatures are never alone on a page: the last lines above are on the same page.
        self._document.line("", size=8).paragraph_format.keep_with_next = True
        left, right = WIDTH * 0.5, WIDTH * 0.5
        table = self._document.table((left, right), grid=False)
        row = table.add_row()
        receivers = self._say("receivers").split("\n")
        fill(row.cells[0], left, [
            (self._say("receivers_head"), 12, "bi"), *((one, 11, "") for one in receivers),
        ])  # fmt: skip
        blank = ("", BODY, "")
        fill(row.cells[1], right, [
            (self._say("signed_for"), 14, "b"), (self._say("signed_by"), 14, "b"),
            blank, blank, blank, blank,
        ], centred=True)  # fmt: skip
        self._document.keep_rows(repeat_first=False)


def within_sentence(commune: str) -> str:
    """Return the name within a sentence: `xã Hùng Lô` of "Xã Hùng Lô"."""
    has_kind = place_name(commune) != commune
    return commune[:1].lower() + commune[1:] if has_kind else commune


def place_name(commune: str) -> str:
    """Return the place before the date: `Hùng Lô` of "Xã Hùng Lô"."""
    for kind in _KINDS:
        if commune.lower().startswith(f"{kind} "):
            return commune[len(kind) + 1 :]
    return commune


def _roman(number: int) -> str:
    signs = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
    return signs[number - 1] if number <= len(signs) else str(number)
