"""Long lists in pages: at most eight buttons, two of them to turn the page."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from handlers.flow.channel import Button
from handlers.texts import Texts

T = TypeVar("T")
Rows = tuple[tuple[Button, ...], ...]


def page_of(things: Sequence[T], page: int, size: int) -> tuple[Sequence[T], int, int]:
    """The page's things, the page that is really shown, and how many pages there are."""
    pages = max(1, -(-len(things) // size))
    shown = min(max(page, 0), pages - 1)
    return things[shown * size : (shown + 1) * size], shown, pages


def turning(page: int, pages: int, press: Callable[[int], str], texts: Texts) -> Rows:
    """The row that turns the page; none when there is only one."""
    row: list[Button] = []
    if page > 0:
        row.append(Button(texts.say("status.button.earlier"), press(page - 1)))
    if page + 1 < pages:
        row.append(Button(texts.say("status.button.further"), press(page + 1)))
    return (tuple(row),) if row else ()
