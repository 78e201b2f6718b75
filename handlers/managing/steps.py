"""A managing screen as an address: a press that shows it, and what was said on the way there.

Screens are shown again from their address alone, so a typed text finds the screen it answers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from handlers.channel import Button, Screen, Shown
from handlers.presses import Press, pack, unpack
from handlers.status.pages import Rows, page_of, turning
from handlers.texts import Html, Texts
from handlers.turn import Turn

T = TypeVar("T")
PAGE = 5

Said = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Next:
    """The screen that follows, with a sentence above it and messages before it.

    `menu`: the person's roles have changed, and so the command menu.
    """

    press: Press
    above: Html | None = None
    said: Said = ()
    first: tuple[Shown, ...] = ()
    menu: bool = False


View = Callable[[Turn, Press, Said], Screen | None]
Deed = Callable[[Turn, Press, Said], Next | None]
Take = Callable[[Turn, Press, Said, str], Next | None]


def to(action: str, *arguments: int | str) -> Press:
    """The address of a screen."""
    press = unpack(pack(action, *arguments))
    if press is None:
        raise ValueError(action)
    return press


def data_of(press: Press) -> str:
    """The button's data for an address."""
    return pack(press.action, *press.arguments)


def button(texts: Texts, key: str, action: str, *arguments: int | str) -> Button:
    """A button with the caption `key`."""
    return Button(texts.say(key), pack(action, *arguments))


def back(texts: Texts, action: str, *arguments: int | str) -> tuple[Button, ...]:
    """The last row of every screen; "quay lại" and "huỷ" are typed for it."""
    return (button(texts, "button.back", action, *arguments),)


def listed(
    texts: Texts,
    things: Sequence[T],
    page: int | None,
    made: Callable[[T], Button],
    turned: Callable[[int], str],
    size: int = PAGE,
) -> Rows:
    """A page of buttons, with the row that turns it."""
    shown, here, pages = page_of(things, page or 0, size)
    return (*((made(one),) for one in shown), *turning(here, pages, turned, texts))
