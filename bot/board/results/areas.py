"""The page of one area: its answers, their changes and its evidence, without names of people."""

from typing import Any

from bot.board.pages import PageRequest, page_of
from bot.board.results.evidence import pieces_of
from bot.board.results.heading import heading
from handlers.history.sentences import HistoryReader, without_names
from handlers.report.wording import value_text, with_how
from handlers.status.areas import UnitOfRound, area_head, area_notes, one_area, over_total
from handlers.status.indicators import one_indicator
from handlers.status.loading import RoundStatus
from handlers.texts import Html
from storage import history
from storage.reports import reports

_MOST_CHANGES = 100


@page_of(one_area, "area.html", live=True)
def area(request: PageRequest, status: RoundStatus, unit: UnitOfRound) -> dict[str, Any]:
    """Show the answers that count for the unit, their changes, and their pictures and files."""
    texts, tx = request.texts, request.context.tx
    report = reports.report_of(tx, status.id, unit)
    answers = reports.answers_of(tx, report.id) if report is not None else {}
    office = unit == status.facts.office
    rows = []
    for one in status.asked_of(unit):
        value = status.facts.counted.get((unit, one.code))
        how = status.counting_methods.get((unit, one.code))
        answer = with_how(value_text(value, texts, one), how, texts) if value is not None else "—"
        pending = over_total(value, answers.get(one.code), one, texts)
        link = request.link(one_indicator, status, one.code)
        short = one.text(texts.language, office=office).short
        rows.append((one.code, short, link, answer, pending))
    reads = status.commune.id in request.context.communes_read
    changes = _changes(request, status.id, unit) if reads else []
    pieces = pieces_of(request, report) if reads and report is not None else []
    codes = {code for code, *_ in rows}
    return {
        **heading(request, status),
        "head": [Html(one) for one in area_head(status, unit, texts)],
        "notes": area_notes(request.context, status, unit, report, answers),
        "rows": [
            (
                *row,
                [line for code, line in changes if code == row[0]],
                [one for one in pieces if one["code"] == row[0]],
            )
            for row in rows
        ],
        "pieces": [one for one in pieces if one["code"] not in codes],
        "changes": [line for code, line in changes if code not in codes],
    }


def _changes(request: PageRequest, round_id: int, unit: int) -> list[tuple[str, Html]]:
    """Return the changes in this round and of the area itself, newest first, with indicators."""
    read = HistoryReader(request.context.tx, request.texts, request.context.deployment.zone)
    found = history.history_of_unit(request.context.tx, unit, limit=_MOST_CHANGES)
    sentences = (
        (one.indicator or "", without_names(read, one))
        for one in found
        if one.round_id in {round_id, None}
    )
    return [(code, line) for code, line in sentences if line is not None]
