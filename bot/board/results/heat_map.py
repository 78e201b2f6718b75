"""The heat map, areas × indicators: whether each area meets each threshold."""

from typing import Any

from bot.board.pages import PageRequest, page
from bot.board.results.heading import heading
from criteria.definition import Indicator
from handlers.flow.rights import READER
from handlers.kinds.base import presentation_of
from handlers.report.wording import value_text
from handlers.status.areas import one_area
from handlers.status.lines import STATE_MARKS
from handlers.status.loading import RoundStatus
from handlers.status.view import StatusView
from handlers.texts import Texts, without_tags


@page("map", "map.html", right=READER, tab="status.button.areas", place=20, live=True)
def heat_map(request: PageRequest, status: RoundStatus) -> dict[str, Any]:
    """Show a row for each unit and a column for each indicator that areas are asked for."""
    texts = request.texts
    asked = [one for one in status.criteria.indicators if one.asks(office=False)]
    return {
        **heading(request, status),
        "columns": [(one.code, texts.short(one)) for one in asked],
        "rows": [_row(request, status, unit, asked) for unit in status.facts.units],
        "legend": [
            (name, texts.say(f"exports.picture.legend.{name}"))
            for name in ("met", "not_met", "missing", "not_applicable")
        ],
    }


def _row(
    request: PageRequest, status: StatusView, unit: int, asked: list[Indicator]
) -> dict[str, Any]:
    texts, state = request.texts, status.state_of(unit)
    return {
        "name": status.name(unit, texts),
        "link": request.link(one_area, status, unit),
        "mark": STATE_MARKS[state],
        "state": texts.say(f"status.state.{state}"),
        "cells": [_cell(status, unit, one, texts) for one in asked],
    }


def _cell(status: StatusView, unit: int, one: Indicator, texts: Texts) -> dict[str, str]:
    """Return what a cell shows, with the whole answer as its title; empty if it isn't asked."""
    if not one.asks(office=unit == status.facts.office):
        return {"kind": "unasked", "shown": "", "whole": "", "code": one.code}
    value = status.facts.counted.get((unit, one.code))
    if value is None:
        missing = texts.say("exports.picture.legend.missing")
        return {"kind": "missing", "shown": "—", "whole": missing, "code": one.code}
    verdict, shown = presentation_of(one.kind).cell(value, one, texts)
    whole = without_tags(value_text(value, texts, one))
    return {"kind": verdict.value, "shown": shown, "whole": whole, "code": one.code}
