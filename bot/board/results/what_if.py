"""The what-if page: the result if an area had another value for an indicator."""

from typing import Any

from bot.board.pages import PageRequest, page_of
from bot.board.results.heading import heading
from bot.board.results.screens import text_and_links
from handlers.flow.arguments import OptionalNumber, Text
from handlers.status.loading import RoundStatus
from handlers.status.what_if import asked, suppose_button, supposed

_LONGEST = 40


@page_of(suppose_button, "what_if.html", tab="status.button.suppose", place=60)
def what_if(
    request: PageRequest, status: RoundStatus, unit: OptionalNumber, code: Text, value: Text
) -> dict[str, Any]:
    """Show the form and the result of the supposed answer."""
    texts, given = request.texts, request.query
    typed = given.get("value", "").strip()[:_LONGEST]
    if typed:
        unit = int(given["unit"]) if given.get("unit", "").isdecimal() else None
        code = given.get("code", "")
        found = asked(status, typed, texts)
        value = found.value if found is not None else ""
    screen = text_and_links(request, supposed(status, unit, code, value, texts))
    wrong = bool(typed) and (screen is None or not value)
    return {
        **heading(request, status),
        "units": [(one, status.name(one, texts), one == unit) for one in status.areas],
        "codes": [
            (one.code, texts.short(one), one.code == code)
            for one in status.criteria.asked_of(office=False)
        ],
        "typed": typed or value,
        "here": request.link(suppose_button, status),
        "outcome": screen["text"] if screen is not None and value and not wrong else "",
        "steps": screen["links"] if screen is not None and value and not wrong else [],
        "wrong": wrong,
    }
