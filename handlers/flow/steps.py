"""A screen beside the report as an address: a press that shows it, and what was said on the way.

A module of screens has its `STEPS`; `handlers/flow/stepping.py` takes presses and typed texts to
them. Every view, deed and take checks the person's right again, from the data.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Connection

from criteria.reading import read
from handlers.flow.channel import Attachment, Button, Enclosure, Reply, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.paging import Rows, page_of, turning
from handlers.flow.press import Press, pack, unpack
from handlers.texts import Html, Texts
from storage import conversations

T = TypeVar("T")
PAGE = 5
STEP = "step"  # the purpose of the one message with a step that has buttons

Said = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Next:
    """The screen that follows, with a sentence above it, messages before it, what is sent along.

    `menu`: the person's roles have changed, and so the command menu.
    """

    press: Press
    above: Html | None = None
    said: Said = ()
    first: tuple[Shown, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    toast: Html | None = None
    menu: bool = False


View = Callable[[Context, Press, Said], Screen | None]
# A deed or text that leads into a report replies with the report's own screen.
Deed = Callable[[Context, Press, Said], Next | Reply | None]
Take = Callable[[Context, Press, Said, str], Next | Reply | None]
Leave = Callable[[Press], Press]
TakePhoto = Callable[[Context, Press, Said, Attachment], Next | None]


@dataclass(frozen=True, slots=True)
class Steps:
    """One errand: its screens, what its buttons do, who takes a text that names no button.

    On the screens of `asking` the text is the answer: a number is never a button's number there.
    On those of `conversing` it is so too, and "quay lại" and "huỷ" are read there as well.
    `leaves`: where "huỷ" leads from a step, when that isn't its last button.
    """

    views: Mapping[str, View]
    deeds: Mapping[str, Deed] = field(default_factory=dict)
    takes: Mapping[str, Take] = field(default_factory=dict)
    photos: Mapping[str, TakePhoto] = field(default_factory=dict)
    asking: frozenset[str] = frozenset()
    conversing: frozenset[str] = frozenset()
    leaves: Mapping[str, Leave] = field(default_factory=dict)


def step_message(tx: Connection, person_id: int) -> str | None:
    """The message that has the step with buttons."""
    return conversations.shown_message(tx, person_id, STEP)


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
    """The last row of a screen; "quay lại" and "huỷ" are typed for it."""
    return (button(texts, "button.back", action, *arguments),)


def to_home(texts: Texts) -> tuple[Button, ...]:
    """The last row of a screen from which there is only the way home."""
    return (button(texts, "button.home", "home"),)


def leaves(text: str) -> bool:
    """Whether the text leaves what is asked: "huỷ", "thôi"."""
    return text.strip().lower() == "bỏ" or read(text, "yes_no").command == "cancel"


def goes_back(text: str) -> bool:
    """Whether the text goes one step back: "quay lại"."""
    return read(text, "yes_no").command == "back"


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
