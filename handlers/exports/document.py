"""A Word document in the form of Decree 30/2020: A4, Times New Roman, its margins, page numbers.

It needs the extra `documents` (python-docx), which is imported when the first document is written.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handlers.exports.wording import clean_text, printed

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

BODY, SMALL = 14.0, 12.0  # points
_FONT = "Times New Roman"
_RULE = "Rule"  # a paragraph style
_TOP, _BOTTOM, _LEFT, _RIGHT = 2.0, 2.0, 3.0, 1.5  # cm
WIDTH = 21.0 - _LEFT - _RIGHT


class DecreeDocument:
    """A document that is written from top to bottom."""

    def __init__(self, title: str, mark: str, foot: str, made_at: datetime) -> None:
        import docx

        self._document = docx.Document()
        self._set_page(mark)
        self._set_foot(foot)
        properties = self._document.core_properties
        properties.title, properties.author, properties.comments = clean_text(title)[:250], "", ""
        at = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        properties.created = properties.modified = at
        self._made_at = at

    def _set_page(self, mark: str) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt

        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21.0), Cm(29.7)
        section.top_margin, section.bottom_margin = Cm(_TOP), Cm(_BOTTOM)
        section.left_margin, section.right_margin = Cm(_LEFT), Cm(_RIGHT)
        section.header_distance = Cm(1.0)
        section.different_first_page_header_footer = True
        _centre(section.header.paragraphs[0])
        page_number = OxmlElement("w:fldSimple")
        page_number.set(qn("w:instr"), "PAGE")
        section.header.part.element.find(qn("w:p")).append(page_number)
        write(section.first_page_header.paragraphs[0], mark, BODY, bold=True)
        normal: Any = self._document.styles["Normal"]
        normal.font.name, normal.font.size = _FONT, Pt(BODY)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
        normal.paragraph_format.space_after = Pt(0)
        self._add_rule_style(normal)

    def _set_foot(self, foot: str) -> None:
        """Set the line at the foot of every page, which tells the time of the figures."""
        from docx.shared import Cm

        section = self._document.sections[0]
        section.footer_distance = Cm(0.9)
        for footer in (section.first_page_footer, section.footer):
            write(footer.paragraphs[0], foot, 10, italic=True)

    def _add_rule_style(self, normal: Any) -> None:  # noqa: ANN401 - half typed
        """Add the style of a paragraph that is a rule: a border without text."""
        from docx.enum.style import WD_STYLE_TYPE
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Pt

        style: Any = self._document.styles.add_style(_RULE, WD_STYLE_TYPE.PARAGRAPH)
        borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
        for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
            top.set(qn(f"w:{name}"), value)
        borders.append(top)
        style.element.get_or_add_pPr().append(borders)
        style.base_style = normal
        style.paragraph_format.line_spacing = Pt(3)
        style.paragraph_format.space_after = Pt(3)

    def line(
        self, text: str, *, size: float = BODY, bold: bool = False, italic: bool = False,
        centred: bool = False, before: float = 0,
    ) -> "Paragraph":  # fmt: skip
        """Add one line as a paragraph."""
        from docx.shared import Pt

        paragraph = self._document.add_paragraph()
        write(paragraph, text, size, bold=bold, italic=italic)
        if centred:
            _centre(paragraph)
        paragraph.paragraph_format.space_before = Pt(before)
        return paragraph

    def rule(self, share: float) -> None:
        """Add a rule over a `share` of the width."""
        _rule(self._document, WIDTH, share)

    def heading(self, text: str) -> None:
        """Add a heading, on the same page as the following paragraph."""
        paragraph = self.line(text, bold=True, before=8)
        _indent(paragraph)
        paragraph.paragraph_format.keep_with_next = True

    def paragraph(self, text: str) -> None:
        """Add a paragraph of text, indented and justified."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        paragraph = self.line(text, before=6)
        _indent(paragraph)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY

    def blanks(self, lines: int, last: str = "", *, keep_with_next: bool = False) -> None:
        """Add dotted lines to write on; the last one ends with the text `last`.

        `keep_with_next`: on the same page as the following paragraph.
        """
        from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
        from docx.shared import Cm

        for number in range(lines):
            paragraph = self.line("", before=6)
            paragraph.paragraph_format.keep_with_next = keep_with_next
            stops = paragraph.paragraph_format.tab_stops
            stops.add_tab_stop(Cm(WIDTH - 1.0), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.DOTS)
            write(paragraph, "\t" + (last if number == lines - 1 else ""), BODY, raw=True)

    def table(self, widths: Sequence[float], *, grid: bool) -> Any:  # noqa: ANN401 - half typed
        """Add and return an empty table with columns of these widths (cm)."""
        from docx.enum.table import WD_TABLE_ALIGNMENT
        from docx.shared import Cm

        table: Any = self._document.add_table(rows=0, cols=len(widths))
        table.autofit = False
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        if grid:
            table.style = "Table Grid"
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        return table

    def keep_rows(self, *, repeat_first: bool = True) -> None:
        """Keep each row of the last table on one page; repeat its first row on every page."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        rows = self._document.element.body.findall(qn("w:tbl"))[-1].findall(qn("w:tr"))
        if repeat_first:
            rows[0].get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for row in rows:
            row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))

    def save(self, file: Path) -> None:
        """Write the file; the same document gives the same bytes."""
        whole = io.BytesIO()
        self._document.save(whole)
        stamp = max(self._made_at, datetime(1980, 1, 1)).timetuple()[:6]  # noqa: DTZ001 - a ZIP has no time zone
        with zipfile.ZipFile(whole) as source, zipfile.ZipFile(file, "w") as target:
            for part in source.infolist():
                dated = zipfile.ZipInfo(part.filename, stamp)
                dated.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(dated, source.read(part))


def write(
    paragraph: "Paragraph", text: str, size: float, *, bold: bool = False, italic: bool = False,
    raw: bool = False,
) -> None:  # fmt: skip
    """Add text to a paragraph; `raw` keeps tabs."""
    from docx.shared import Pt

    run = paragraph.add_run(text if raw else printed(text))
    run.font.size = Pt(size)
    run.bold, run.italic = bold, italic


def fill(
    cell: Any,  # noqa: ANN401 - python-docx keeps its class to itself
    width: float,
    lines: Sequence[tuple[str, float, str]],
    *,
    centred: bool = False,
) -> None:
    """Write lines of (text, size, style) in a cell; styles: b (bold), i (italic), _ (a rule)."""
    from docx.shared import Cm, Pt

    cell.width = Cm(width)
    for place, (text, size, style) in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        write(paragraph, text, size, bold="b" in style, italic="i" in style)
        if centred:
            _centre(paragraph)
        paragraph.paragraph_format.space_before = Pt(1)
        paragraph.paragraph_format.space_after = Pt(1)
        if "_" in style:
            _rule(cell, width, 0.5)


def _rule(container: Any, width: float, share: float) -> None:  # noqa: ANN401 - document or cell
    from docx.shared import Cm

    rule = container.add_paragraph(style=_RULE)
    side = Cm(width * (1 - share) / 2)
    rule.paragraph_format.left_indent = rule.paragraph_format.right_indent = side


def _indent(paragraph: "Paragraph") -> None:
    from docx.shared import Cm

    paragraph.paragraph_format.first_line_indent = Cm(1.0)


def _centre(paragraph: "Paragraph") -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
