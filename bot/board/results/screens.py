"""Screens of the chat as pages: the same text, with the buttons as links.

A page leaves out a button that leads to no page of the board.
"""

from functools import partial
from typing import Any

from bot.board.pages import PAGES, BoardPage, PageContent, PageRequest, add
from bot.board.results.heading import heading, title_and_text
from handlers.flow.channel import Screen
from handlers.flow.press import unpack
from handlers.flow.routes import Route
from handlers.status.indicators import all_indicators, one_indicator
from handlers.status.todo import todo
from handlers.status.view import StatusView
from handlers.texts import Html


def text_and_links(request: PageRequest, screen: Screen | None) -> dict[str, Any] | None:
    """Return the text of a screen of the chat and its buttons as links; None without a screen."""
    if screen is None:
        return None
    links: list[tuple[str, str]] = []
    for row in screen.rows:
        for one in row:
            press = unpack(one.data or "")
            if press is not None and press.action in PAGES:
                links.append((one.label, request.link_to(press)))
    return {**title_and_text(request, screen.text), "text": Html(screen.text), "links": links}


def _chat_screen(request: PageRequest, route: Route[Any], **arguments: object) -> PageContent:
    screen = text_and_links(request, route(request.context, **arguments))
    status = arguments.get("status")
    if screen is None or not isinstance(status, StatusView):
        return screen
    return {**heading(request, status), **screen}


def _register(route: Route[Any], *, tab: str = "", place: int = 0) -> None:
    function = partial(_chat_screen, route=route)
    add(BoardPage(route, "screen.html", function, tab, place, live=True))


_register(todo, tab="status.button.actions", place=40)
for one in (all_indicators, one_indicator):
    _register(one)
