"""Screens of the chat as pages: the same text, with the buttons as links.

A page leaves out a button that leads to no page of the board.
"""

from typing import Any

from bot.board.pages import PAGES, Filled, Looking, page_of
from bot.board.results.heading import asked_first, heading
from handlers.flow.channel import Screen
from handlers.flow.press import unpack
from handlers.flow.routes import Arguments, Route
from handlers.status.indicators import all_indicators, one_indicator
from handlers.status.todo import todo
from handlers.status.view import StatusView
from handlers.texts import Html


def shown(looking: Looking, screen: Screen | None) -> dict[str, Any] | None:
    """Return the text of a screen of the chat and its buttons as links; None without a screen."""
    if screen is None:
        return None
    links: list[tuple[str, str]] = []
    for row in screen.rows:
        for one in row:
            press = unpack(one.data or "")
            if press is not None and press.action in PAGES:
                links.append((one.label, looking.link_to(press)))
    return {**asked_first(looking, screen.text), "text": Html(screen.text), "links": links}


def _as_in_the_chat(looking: Looking, route: Route[Any], at: Arguments) -> Filled:
    screen = shown(looking, route(looking.context, at))
    status = getattr(at, "status", None)
    if screen is None or not isinstance(status, StatusView):
        return screen
    return {**heading(looking, status), **screen}


def _register(route: Route[Any], *, tab: str = "", place: int = 0) -> None:
    def fill(looking: Looking, at: Arguments) -> Filled:
        return _as_in_the_chat(looking, route, at)

    page_of(route, "screen.html", tab=tab, place=place, live=True)(fill)


_register(todo, tab="status.button.actions", place=40)
for one in (all_indicators, one_indicator):
    _register(one)
