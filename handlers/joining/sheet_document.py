"""Invitation sheets: a page for each area with QR code, invitation code and the questions.

It needs the extra `documents`, which is imported when the first sheet is written.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from criteria import wording
from criteria.definition import CriteriaSet
from handlers.exports.document import write
from handlers.flow.deployment import messenger_name
from handlers.joining.qr import qr_picture
from handlers.kinds.base import presentation_of
from handlers.texts import Html, Texts, texts_of

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_FONT = "Times New Roman"
_PAGE_WIDTH, _PAGE_HEIGHT, _MARGIN = 21.0, 29.7, 1.6  # cm: A4
_QR_WIDTH, _QR_WIDTH_OF_SEVERAL = 4.6, 3.2
_QUESTION_WIDTH, _BOX_WIDTH = 12.6, 5.2
_NUMBERED_SIZE = 10.5
_COPIED = 4  # answers in the example message


@dataclass(frozen=True, slots=True)
class Way:
    """A bot by which people can join; the code is in its link, or has to be typed."""

    messenger: str  # the channel
    bot: str  # its name in the messenger
    link: str
    code_in_link: bool


@dataclass(frozen=True, slots=True)
class InvitationSheet:
    """The content of one page."""

    commune: str
    area: str
    ways: tuple[Way, ...]
    code: str  # to type, the same for each way
    uses: int
    until: datetime
    figures: dict[str, int]


def sheets_document(
    sheets: Sequence[InvitationSheet], criteria: CriteriaSet, now: datetime, zone: ZoneInfo,
    language: str = "vi",
) -> bytes:  # fmt: skip
    """Return the sheets as one .docx, a page for each."""
    import docx
    from docx.enum.text import WD_BREAK

    document = docx.Document()
    _set_page(document)
    writer = _Writer(document, criteria, now.astimezone(zone).year, texts_of(language), zone)
    for place, sheet in enumerate(sheets):
        if place:
            writer.last.add_run().add_break(WD_BREAK.PAGE)
        writer.write(sheet)
    document.core_properties.title = texts_of(language).say("sheet.title")
    document.core_properties.author = ""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


class _Writer:
    def __init__(
        self, document: "Document", criteria: CriteriaSet, year: int, texts: Texts, zone: ZoneInfo
    ) -> None:
        self._document = document
        self._criteria = criteria
        self._year = year
        self._texts = texts
        self._zone = zone

    @property
    def last(self) -> "Paragraph":
        """The last paragraph, below the table."""
        return self._document.paragraphs[-1]

    def write(self, sheet: InvitationSheet) -> None:
        """Write one page."""
        texts = self._texts
        self._centred(texts.say("sheet.title"), 12)
        self._centred(sheet.commune, 13)
        self._centred(sheet.area, 22, bold=True)
        self._joining(sheet)
        self._line(texts.say("sheet.questions"), 11, bold=True, before=8)
        self._questions(sheet)
        self._line(texts.say("sheet.copy", example=self._example()), _NUMBERED_SIZE, before=6)
        self._line("", 1)

    def _example(self) -> str:
        """Return an example message with the first answers, without numbers that suggest one."""
        asked = self._criteria.asked_of(office=False)[:_COPIED]
        answers = (presentation_of(one.kind).sheet_copied(self._texts) for one in asked)
        return ", ".join(f"{number}: {one}" for number, one in enumerate(answers, start=1))

    def _joining(self, sheet: InvitationSheet) -> None:
        from docx.shared import Cm

        texts = self._texts
        width = _QR_WIDTH if len(sheet.ways) == 1 else _QR_WIDTH_OF_SEVERAL
        table = self._document.add_table(rows=0, cols=2)
        table.autofit = False
        table.columns[0].width = Cm(width + 0.4)
        table.columns[1].width = Cm(_PAGE_WIDTH - 2 * _MARGIN - width - 0.4)
        for way in sheet.ways:
            self._add_way(table.add_row(), way, sheet.code, width)
        bots = Html(", ".join(way.bot for way in sheet.ways))
        self._line(texts.say("sheet.code", code=sheet.code, bots=bots), 12, bold=True, before=4)
        until = Html(texts.full_day(sheet.until, self._zone))
        self._line(texts.say("sheet.until", uses=sheet.uses, until=until), 10)

    def _add_way(
        self,
        row: Any,  # noqa: ANN401 - python-docx keeps its class to itself
        way: Way,
        code: str,
        width: float,
    ) -> None:
        """Add the QR code of a bot, and the steps to join by it."""
        from docx.shared import Cm

        picture_cell, text_cell = row.cells
        picture = qr_picture(way.link, "qr")
        if picture is not None:
            run = picture_cell.paragraphs[0].add_run()
            run.add_picture(io.BytesIO(picture.draw()), width=Cm(width))
        texts = self._texts
        messenger = messenger_name(way.messenger, texts)
        steps = (
            [texts.say("sheet.step2"), texts.say("sheet.step3")]
            if way.code_in_link
            else [texts.say("sheet.step2_code", code=code), texts.say("sheet.step3_words")]
        )
        _fill(text_cell, [
            (texts.say("sheet.way", messenger=messenger, bot=way.bot), 12, True),
            (texts.say("sheet.step1", messenger=messenger), 12, False),
            *((step, 12, False) for step in steps),
            (way.link, 10, True),
        ])  # fmt: skip

    def _questions(self, sheet: InvitationSheet) -> None:
        from docx.shared import Cm

        asked = self._criteria.asked_of(office=False)
        table = self._document.add_table(rows=0, cols=2)
        table.style = "Table Grid"
        table.autofit = False
        # LibreOffice uses the widths of columns, Word those of cells.
        table.columns[0].width, table.columns[1].width = Cm(_QUESTION_WIDTH), Cm(_BOX_WIDTH)
        for number, indicator in enumerate(asked, start=1):
            row = table.add_row()
            question, boxes = row.cells
            question.width, boxes.width = Cm(_QUESTION_WIDTH), Cm(_BOX_WIDTH)
            total = sheet.figures.get(indicator.figure_of(office=False))
            text = wording.question(
                self._criteria, indicator, self._year, self._texts.language, total=total
            )
            _fill(question, [(f"{number}. {text}", _NUMBERED_SIZE, False)])
            about = indicator.text(self._texts.language)
            lines = presentation_of(indicator.kind).sheet_boxes(self._texts, total, about)
            _fill(boxes, [(one, _NUMBERED_SIZE, False) for one in lines])

    def _centred(self, text: str, size: float, *, bold: bool = False) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        self._line(text, size, bold=bold).alignment = WD_ALIGN_PARAGRAPH.CENTER

    def _line(
        self, text: str, size: float, *, bold: bool = False, before: float = 0
    ) -> "Paragraph":
        from docx.shared import Pt

        paragraph = self._document.add_paragraph()
        write(paragraph, unescape(text), size, bold=bold)
        paragraph.paragraph_format.space_before = Pt(before)
        return paragraph


def _set_page(document: "Document") -> None:
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Cm(_PAGE_WIDTH), Cm(_PAGE_HEIGHT)
    section.left_margin = section.right_margin = Cm(_MARGIN)
    section.top_margin = section.bottom_margin = Cm(_MARGIN)
    normal = document.styles["Normal"]
    normal.font.name = _FONT
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    normal.paragraph_format.space_after = Pt(0)


def _fill(
    cell: Any,  # noqa: ANN401 - python-docx keeps its class to itself
    lines: Sequence[tuple[str, float, bool]],
) -> None:
    from docx.shared import Pt

    for place, (text, size, bold) in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        write(paragraph, unescape(text), size, bold=bold)
        paragraph.paragraph_format.space_before = Pt(3)
        paragraph.paragraph_format.space_after = Pt(3)
