"""Screens of the chat as pages: their text as it stands, their buttons as links.

A button that leads to no page of the board is left out.
"""

from functools import partial
from typing import Any

from bot.board.pages import PAGES, BoardPage, Filled, Looking, add
from bot.board.results.heading import asked_first, heading
from handlers.flow.channel import Screen
from handlers.flow.press import unpack
from handlers.flow.routes import Route
from handlers.status.indicators import all_indicators, one_indicator
from handlers.status.todo import todo
from handlers.status.view import StatusView
from handlers.texts import Html


def shown(looking: Looking, screen: Screen | None) -> dict[str, Any] | None:
    """A screen of the chat: its text, and the links that its buttons are."""
    if screen is None:
        return None
    links: list[tuple[str, str]] = []
    for row in screen.rows:
        for one in row:
            press = unpack(one.data or "")
            if press is not None and press.action in PAGES:
                links.append((one.label, looking.to(press)))
    return {**asked_first(looking, screen.text), "text": Html(screen.text), "links": links}


def _as_in_the_chat(looking: Looking, route: Route[Any], **arguments: object) -> Filled:
    screen = shown(looking, route(looking.context, **arguments))
    status = arguments.get("status")
    if screen is None or not isinstance(status, StatusView):
        return screen
    return {**heading(looking, status), **screen}


def _register(route: Route[Any], *, tab: str = "", place: int = 0) -> None:
    fill = partial(_as_in_the_chat, route=route)
    add(BoardPage(route, "screen.html", fill, tab, place, live=True))


_register(todo, tab="status.button.actions", place=40)
for one in (all_indicators, one_indicator):
    _register(one)
