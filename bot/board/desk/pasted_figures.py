"""The table of the areas with their figures, and pasting figures from a spreadsheet.

Pasted cells are stored as a workbook, with the same reading, preview and application as a sent one.
"""

import json
from typing import Annotated, Any

from bot.board.desk.form_actions import ActionResult, FormFields, form
from bot.board.desk.screen_pages import screen_fields
from bot.board.pages import PageContent, PageRequest, page, page_of
from handlers.areas.arguments import kinds_of
from handlers.areas.figures import ask_figure
from handlers.areas.screens import all_areas, areas_and_office, one_area
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Loading, Next
from handlers.officer.access import OfficeCommune
from handlers.roster.cell_values import CellProblem, text_of
from handlers.roster.cells import SheetCells, from_json
from handlers.roster.columns import FIGURES
from handlers.roster.pasting import MOST_COLUMNS, MOST_ROWS, as_text, columns_in_order, pasted
from handlers.roster.receiving import cells_to_keep
from handlers.roster.rows import heading_row
from handlers.roster.screens import Looked, dry_run
from storage.places import places, workbooks
from storage.places.workbooks import Workbook

_REFERENCE = "board"  # in place of the file reference of a messenger


def _own_workbook(loading: Loading) -> Workbook | None:
    """Load the person's earlier pasted cells, to be corrected; None without any."""
    found = workbooks.workbook(loading.context.tx, loading.number or 0)
    return found if found is not None and found.person_id == loading.context.person.id else None


PastedBefore = Annotated[Workbook | None, _own_workbook]


@page_of(all_areas, "desk_areas.html")
def areas(request: PageRequest, commune: OfficeCommune) -> PageContent:
    """Show every area with its figures; each figure links to the screen that changes it."""
    texts = request.texts
    screen = all_areas(request.context, commune)
    if screen is None:
        return None
    figures = places.figures_of_commune(request.context.tx, commune.id)
    units = areas_and_office(request.context, commune.id)
    kinds = list(dict.fromkeys(kind for one in units for kind in kinds_of(one)))
    return {
        **screen_fields(request, screen),
        "heading": texts.say("desk.areas", commune=commune.name),
        "paste": request.link(paste_page, commune.id),
        "kinds": [texts.say(f"areas.figure.{one}") for one in kinds],
        "units": [
            (
                texts.unit(unit),
                request.link(one_area, unit),
                [_figure(request, figures.get(unit.id, {}), unit, kind) for kind in kinds],
            )
            for unit in units
        ],
    }


def _figure(
    request: PageRequest, figures: dict[str, int], unit: places.Unit, kind: str
) -> tuple[str, str]:
    """Return a figure and the path that changes it; both empty if the unit has no such figure."""
    if kind not in kinds_of(unit):
        return "", ""
    shown = request.texts.number(figures[kind]) if kind in figures else "—"
    return shown, request.link(ask_figure, unit, kind)


@page("desk.figs", "desk_paste.html", right=OFFICER)
def paste_page(
    request: PageRequest, commune: OfficeCommune, before: PastedBefore
) -> dict[str, Any]:
    """Show the field to paste into, with the cells that were pasted before."""
    typed_before, texts = request.context.typed, request.texts
    sheet = sheet_of(before) if before is not None else None
    names = [one.name(texts.language) for one in columns_in_order(population=True)]
    return {
        "title": texts.say("desk.paste"),
        "commune": commune.name,
        "order": " · ".join(names),
        "without": names[1],
        "pasted": typed_before[0] if typed_before else as_text(sheet) if sheet is not None else "",
        "place": request.link(paste, commune.id),
        "areas": request.link(all_areas, commune.id),
    }


@form("desk.paste", right=OFFICER)
def paste(request: PageRequest, given: FormFields, commune: OfficeCommune) -> ActionResult:
    """Store the pasted rows and show what they would change, or why they can't be read."""
    context, texts = request.context, request.texts
    text = (given.get("text") or [""])[0].replace("\x00", "")
    sheet = pasted(text, commune.code, texts)
    cells = cells_to_keep([sheet]) if isinstance(sheet, SheetCells) else None
    if cells is None:
        key = sheet if isinstance(sheet, str) else "paste.too_much"
        why = texts.say(key, rows=MOST_ROWS, columns=MOST_COLUMNS)
        return Next(paste_page.at(commune.id), why, typed=(text,))
    number = workbooks.add(context.tx, context.person.id, _REFERENCE, context.now)
    workbooks.store_cells(context.tx, number, cells)
    return Next(dry_run.at(number))


def sheet_of(workbook: Workbook) -> SheetCells | None:
    """Return the pasted rows of a workbook; None if it came as a file."""
    sheets = from_json(json.loads(workbook.cells or "[]"))
    return next((one for one in sheets if one.key == FIGURES.key), None)


def preview(request: PageRequest, workbook: Workbook, found: Looked) -> dict[str, Any]:
    """Return the fields that the page of changes needs for pasted rows; empty for a file."""
    sheet = sheet_of(workbook)
    commune = sheet.commune if sheet is not None else None
    there = places.commune_by(request.context.tx, commune) if commune is not None else None
    if sheet is None or there is None:
        return {}
    again = request.link(paste_page, there.id, workbook.id)
    return {
        "title": request.texts.say("desk.paste"),
        "again": again,
        "again_label": request.texts.say("desk.paste.again"),
        "grid": grid(sheet, found.problems),
    }


def grid(sheet: SheetCells, problems: tuple[CellProblem, ...]) -> list[list[tuple[str, bool]]]:
    """Return the pasted cells, each with whether it has a problem; empty without problems."""
    start = heading_row(FIGURES, sheet.rows)
    if not problems or start is None:
        return []
    headings = [text_of(one) for one in sheet.rows[start]]
    wrong = {
        (one.row, headings.index(one.column) if one.column in headings else None)
        for one in problems
    }
    return [
        [(text_of(cell), bool({(number, n), (number, None)} & wrong)) for n, cell in enumerate(row)]
        for number, row in enumerate(sheet.rows, start=1)
    ]
