"""The areas with their figures as a table, and figures that are pasted from a spreadsheet.

What is pasted is kept like a workbook that was sent: the same reading, preview and application.
"""

import json
from typing import Annotated, Any

from bot.board.desk.form_actions import Done, Given, form
from bot.board.desk.screen_pages import screen_fields
from bot.board.pages import Filled, Looking, page, page_of
from handlers.areas.arguments import kinds_of
from handlers.areas.figures import ask_figure
from handlers.areas.screens import all_areas, listed, one_area
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Loading, Next
from handlers.officer.access import OfficeCommune
from handlers.roster.cell_values import Problem, text_of
from handlers.roster.cells import SheetCells, from_json
from handlers.roster.columns import FIGURES
from handlers.roster.pasting import MOST_COLUMNS, MOST_ROWS, as_text, columns_in_order, pasted
from handlers.roster.receiving import cells_to_keep
from handlers.roster.rows import heading_row
from handlers.roster.screens import Looked, dry_run
from storage.places import places, workbooks
from storage.places.workbooks import Workbook

_REFERENCE = "board"  # where a messenger's reference stands for files that it still has


def _own_workbook(loading: Loading) -> Workbook | None:
    """What the person pasted before, to be mended; None without it."""
    found = workbooks.workbook(loading.context.tx, loading.number or 0)
    return found if found is not None and found.person_id == loading.context.person.id else None


PastedBefore = Annotated[Workbook | None, _own_workbook]


@page_of(all_areas, "desk_areas.html")
def areas(looking: Looking, commune: OfficeCommune) -> Filled:
    """Every area with its figures, each a link to where it is changed."""
    texts = looking.texts
    screen = all_areas(looking.context, commune)
    if screen is None:
        return None
    figures = places.figures_of_commune(looking.context.tx, commune.id)
    units = listed(looking.context, commune.id)
    kinds = list(dict.fromkeys(kind for one in units for kind in kinds_of(one)))
    return {
        **screen_fields(looking, screen),
        "heading": texts.say("desk.areas", commune=commune.name),
        "paste": looking.link(paste_page, commune.id),
        "kinds": [texts.say(f"areas.figure.{one}") for one in kinds],
        "units": [
            (
                texts.unit(unit),
                looking.link(one_area, unit),
                [_figure(looking, figures.get(unit.id, {}), unit, kind) for kind in kinds],
            )
            for unit in units
        ],
    }


def _figure(
    looking: Looking, figures: dict[str, int], unit: places.Unit, kind: str
) -> tuple[str, str]:
    """A figure and where it is changed; empty where the unit has no such figure."""
    if kind not in kinds_of(unit):
        return "", ""
    said = looking.texts.number(figures[kind]) if kind in figures else "—"
    return said, looking.link(ask_figure, unit, kind)


@page("desk.figs", "desk_paste.html", right=OFFICER)
def paste_page(looking: Looking, commune: OfficeCommune, before: PastedBefore) -> dict[str, Any]:
    """The field to paste into, with what was pasted before."""
    said, texts = looking.context.said, looking.texts
    sheet = sheet_of(before) if before is not None else None
    names = [one.name(texts.language) for one in columns_in_order(population=True)]
    return {
        "title": texts.say("desk.paste"),
        "commune": commune.name,
        "order": " · ".join(names),
        "without": names[1],
        "pasted": said[0] if said else as_text(sheet) if sheet is not None else "",
        "place": looking.link(paste, commune.id),
        "areas": looking.link(all_areas, commune.id),
    }


@form("desk.paste", right=OFFICER)
def paste(looking: Looking, given: Given, commune: OfficeCommune) -> Done:
    """What the pasted rows would change; or why they can't be read, with the rows as they were."""
    context, texts = looking.context, looking.texts
    text = (given.get("text") or [""])[0].replace("\x00", "")
    sheet = pasted(text, commune.code, texts)
    cells = cells_to_keep([sheet]) if isinstance(sheet, SheetCells) else None
    if cells is None:
        key = sheet if isinstance(sheet, str) else "paste.too_much"
        why = texts.say(key, rows=MOST_ROWS, columns=MOST_COLUMNS)
        return Next(paste_page.at(commune.id), why, said=(text,))
    number = workbooks.add(context.tx, context.person.id, _REFERENCE, context.now)
    workbooks.keep_cells(context.tx, number, cells)
    return Next(dry_run.at(number))


def sheet_of(workbook: Workbook) -> SheetCells | None:
    """The rows that were pasted; None for a file."""
    sheets = from_json(json.loads(workbook.cells or "[]"))
    return next((one for one in sheets if one.key == FIGURES.key), None)


def preview(looking: Looking, workbook: Workbook, found: Looked) -> dict[str, Any]:
    """What the page of the changes shows besides, where rows were pasted."""
    sheet = sheet_of(workbook)
    commune = sheet.commune if sheet is not None else None
    there = places.commune_by(looking.context.tx, commune) if commune is not None else None
    if sheet is None or there is None:
        return {}
    again = looking.link(paste_page, there.id, workbook.id)
    return {
        "title": looking.texts.say("desk.paste"),
        "again": again,
        "again_said": looking.texts.say("desk.paste.again"),
        "grid": grid(sheet, found.problems),
    }


def grid(sheet: SheetCells, problems: tuple[Problem, ...]) -> list[list[tuple[str, bool]]]:
    """The rows as they were pasted, and which of their cells must be mended; empty without any."""
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
