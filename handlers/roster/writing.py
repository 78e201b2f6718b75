"""Writes the workbook: the empty template with its guide, or the stored data."""

import io
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from handlers.roster.columns import (
    AREAS,
    COMMUNES,
    PEOPLE,
    SHEETS,
    RosterColumn,
    RosterSheet,
    role_word,
)
from handlers.texts import texts_of
from storage.places.places import OFFICE_CODE, Unit
from storage.places.roster import RosterData, of_communes, roster_data

_HEADING_HEIGHT = 32  # points: two lines
Row = Mapping[str, str | int | date | None]
Rows = Mapping[str, Sequence[Row]]  # by the key of their sheet

# The invented rows of the template's guide.
_EXAMPLES: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "communes": (
        {"code": "doi-che", "name": "Xã Đồi Chè", "group": "Cụm 1", "commune_cadres": "32"},
    ),
    "areas": (
        {"commune": "doi-che", "code": "khu-5-yk", "label": "Khu 5", "number": "5",
         "old_commune": "Suối Vàng", "population": "1.150", "adults": "812",
         "working_age": "640", "area_cadres": "5", "service_businesses": "14"},
        {"commune": "doi-che", "code": "khu-6", "label": "Khu 6", "number": "6",
         "valid_to": "30/6/2026", "successors": "khu-5-yk"},
    ),
    "people": (
        {"role": "reporter", "commune": "doi-che", "area": "khu-5-yk", "label": "Trưởng khu",
         "uses": "1"},
        {"role": "leader", "commune": "doi-che", "label": "Chủ tịch", "uses": "1"},
    ),
}  # fmt: skip


def write_template(path: Path, language: str = "vi") -> None:
    """Write an empty workbook with all columns, and a sheet with a guide and an example."""
    _write(path, language, {}, guide=True)


def export_roster(
    tx: Connection, path: Path, now: datetime, language: str = "vi"
) -> dict[str, int]:
    """Write the stored data; importing it changes nothing. Return the number of rows by sheet."""
    rows = roster_rows(tx, now, language)
    _write(path, language, rows, guide=False)
    return {key: len(some) for key, some in rows.items()}


def form_to_fill_in(rows: Rows, language: str) -> bytes:
    """Return the template with its guide, in which these rows are filled in."""
    written = io.BytesIO()
    _write(written, language, rows, guide=True)
    return written.getvalue()


def roster_rows(
    tx: Connection, now: datetime, language: str, communes_of: Collection[int] | None = None
) -> Rows:
    """Return the rows of the stored data, of these communes only where some are given."""
    roster = roster_data(tx)
    if communes_of is not None:
        roster = of_communes(roster, communes_of)
    communes = {one.id: one.code for one in roster.communes.values()}
    codes = {unit.id: unit.code for unit in roster.units.values()}
    areas = [one for one in roster.units.values() if not (one.office or one.called_off)]
    areas.sort(key=lambda unit: (communes[unit.commune_id], unit.order))
    return {
        COMMUNES.key: [_commune(roster, code) for code in sorted(roster.communes)],
        AREAS.key: [_area(roster, communes, codes, unit) for unit in areas],
        PEOPLE.key: list(_people(roster, communes, codes, language, now)),
    }


def _commune(roster: RosterData, code: str) -> Row:
    commune = roster.communes[code]
    office = roster.units[commune.id, OFFICE_CODE]
    return {
        "code": code,
        "name": commune.name,
        "group": commune.group_name,
        **roster.figures.get(office.id, {}),
    }


def _area(
    roster: RosterData, communes: Mapping[int, str], codes: Mapping[int, str], unit: Unit
) -> Row:
    after = sorted(codes[one] for one in roster.successors.get(unit.id, ()))
    return {
        "commune": communes[unit.commune_id],
        "code": unit.code,
        "label": unit.label,
        "number": unit.number,
        "old_commune": unit.old_commune,
        "valid_from": _day(unit.valid_from),
        "valid_to": _day(unit.valid_to),
        "successors": ", ".join(after) or None,
        **roster.figures.get(unit.id, {}),
    }


def _people(
    roster: RosterData,
    communes: Mapping[int, str],
    codes: Mapping[int, str],
    language: str,
    now: datetime,
) -> Iterable[Row]:
    """Yield the invited roles with their numbers of people, without names."""
    people: Counter[tuple[Any, ...]] = Counter()
    for one in sorted(roster.invitations, key=lambda invitation: invitation.id):
        key = (one.role, one.commune_id, one.unit_id, one.group_name, one.label)
        people[key] += one.uses if one.valid(now) else one.used
    for (role, commune, unit, group, label), uses in people.items():
        if uses:
            yield {
                "role": role_word(role, language),
                "commune": communes[commune] if commune is not None else None,
                "area": codes[unit] if unit is not None else None,
                "group": group,
                "label": label,
                "uses": uses,
            }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _write(into: Path | io.BytesIO, language: str, rows: Rows, *, guide: bool) -> None:
    import xlsxwriter

    # Nothing that people wrote may become a formula or a link.
    options: dict[str, Any] = {
        "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    if isinstance(into, Path):
        options["tmpdir"] = str(into.parent)
    else:
        options["in_memory"] = True
    with xlsxwriter.Workbook(into, options) as workbook:
        workbook.set_properties({"title": "smart-commune roster"})
        heading = workbook.add_format({"bold": True, "bg_color": "#DDEBF7", "text_wrap": True,
                                       "valign": "top", "border": 1})  # fmt: skip
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for sheet in SHEETS:
            page = workbook.add_worksheet(sheet.title(language))
            _headings(page, sheet, language, heading)
            for number, row in enumerate(rows.get(sheet.key, ()), 1):
                for place, column in enumerate(sheet.columns):
                    _cell(page, number, place, row.get(column.key), day)
        if guide:
            _guide(workbook, language, heading)


def _headings(page: Any, sheet: RosterSheet, language: str, form: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, column.heading(language), form)
        page.set_column(place, place, column.width)
    page.set_row(0, _HEADING_HEIGHT)
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.hide_gridlines(0)  # they are printed
    _set_paper(page)


def _set_paper(page: Any) -> None:  # noqa: ANN401
    """Set landscape A4, one page wide."""
    page.set_paper(9)
    page.set_landscape()
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)  # inches
    page.fit_to_pages(1, 0)
    page.set_footer("&L&A&R&P/&N")


def _cell(page: Any, row: int, place: int, value: object, day: Any) -> None:  # noqa: ANN401
    if isinstance(value, date):
        page.write_datetime(row, place, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001 - a day has no zone
    elif isinstance(value, int):
        page.write_number(row, place, value)
    elif isinstance(value, str):
        page.write_string(row, place, value)


def _guide(workbook: Any, language: str, heading: Any) -> None:  # noqa: ANN401
    texts = texts_of(language)
    page = workbook.add_worksheet(texts.say("roster.guide.title"))
    page.set_column(0, 0, 18)
    page.set_column(1, 12, 12)
    _set_paper(page)
    row = 0
    for line in texts.say("roster.guide.lines").split("\n"):
        page.write_string(row, 0, line)
        row += 1
    example = texts.say("roster.guide.example")
    for sheet in SHEETS:
        row += 1
        page.write_string(row, 0, f"{example}: {sheet.title(language)}", heading)
        page.set_row(row + 1, _HEADING_HEIGHT)
        columns: tuple[RosterColumn, ...] = sheet.columns
        for place, column in enumerate(columns):
            page.write_string(row + 1, place, column.heading(language), heading)
        for invented in _EXAMPLES[sheet.key]:
            for place, column in enumerate(columns):
                word = invented.get(column.key, "")
                text = role_word(word, language) if column.key == "role" else word
                page.write_string(row + 2, place, text)
            row += 1
        row += 2
