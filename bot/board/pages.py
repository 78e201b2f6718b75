"""The registry of the board's pages and actions: one function each, with the right it needs.

A page stands under an address of the bot (`page_of`), with its arguments and its right, so that
both are the same in the chat and in the browser; a page that the chat lacks declares its own
(`page`). An action is a button's of the bot (`action_of`): a form posts its address.

In the address bar an argument stands as a button carries it; a "/" in one is written "~".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec
from urllib.parse import quote

from handlers.flow.context import Context
from handlers.flow.press import Press
from handlers.flow.rights import Right
from handlers.flow.routes import Route, resolvers_of
from handlers.texts import Texts
from storage.people.board_sessions import Session

P = ParamSpec("P")
PLACE = "/b/"
_SLASH = "~"


@dataclass(frozen=True, slots=True)
class Looking:
    """One look at a page: who looks, with the rights of this moment, and in which session.

    `given` is what a form that only asks (by GET) has in the address.
    """

    context: Context
    session: Session
    public_path: str  # of PUBLIC_URL, before every address
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def texts(self) -> Texts:
        """The texts in the person's language."""
        return self.context.texts

    def link(self, route: Route[Any], *values: object) -> str:
        """The address of a page of the board, or of an action for a form."""
        return self.to(route.at(*values))

    def to(self, press: Press) -> str:
        """The same of a button's address."""
        parts = (press.action, *press.arguments)
        return f"{self.public_path}{PLACE}{'/'.join(_written(one) for one in parts)}"


@dataclass(frozen=True, slots=True)
class Goto:
    """Another page to be shown instead."""

    press: Press


Filled = Mapping[str, Any] | Goto | None
Fill = Callable[Concatenate[Looking, P], Filled]
After = Callable[Concatenate[Looking, ...], Press]


@dataclass(frozen=True, slots=True)
class BoardPage:
    """A page: `fill` returns what its template shows; None where there is nothing to be shown.

    Pages about a round with a caption (`tab`) stand side by side, ordered by `place`. A `live` page
    follows the changes of its round's commune.
    """

    route: Route[Any]
    template: str
    fill: Callable[..., Filled]
    tab: str
    place: int
    live: bool


@dataclass(frozen=True, slots=True)
class BoardAction:
    """What a form does, by the bot's own action; `after` gives the page that follows."""

    route: Route[Any]
    after: Callable[..., Press]


PAGES: dict[str, BoardPage] = {}
ACTIONS: dict[str, BoardAction] = {}


def page_of(
    route: Route[P], template: str, *, tab: str = "", place: int = 0, live: bool = False
) -> Callable[[Fill[...]], Route[P]]:
    """Register a page under the address of one of the bot's screens, with its right.

    The function names those of the route's arguments that it needs.
    """

    def register(fill: Fill[...]) -> Route[P]:
        add(BoardPage(route, template, route.handler(fill), tab, place, live))
        return route

    return register


def add(page: BoardPage) -> None:
    """Register a page; raise ValueError where its address has one already."""
    key = page.route.keys[0]
    if key in PAGES:
        raise ValueError(f"the page {key!r} is registered twice")
    PAGES[key] = page


def page(
    key: str, template: str, *, right: Right, tab: str = "", place: int = 0, live: bool = False
) -> Callable[[Fill[P]], Route[P]]:
    """Register a page that the chat lacks."""

    def register(fill: Fill[P]) -> Route[P]:
        route: Route[P] = Route((key,), resolvers_of(fill), right, "page", None, key)
        return page_of(route, template, tab=tab, place=place, live=live)(fill)

    return register


def action_of(route: Route[P]) -> Callable[[After], Route[P]]:
    """Register one of the bot's actions for forms; the function says which page follows."""

    def register(after: After) -> Route[P]:
        for key in route.keys:
            if key in ACTIONS:
                raise ValueError(f"the action {key!r} is registered twice")
            ACTIONS[key] = BoardAction(route, route.handler(after))
        return route

    return register


def press_of(path: str) -> Press:
    """The address that stands in the address bar."""
    key, *arguments = path.split("/")
    return Press(key, tuple(one.replace(_SLASH, "/") for one in arguments))


def tabs_of(looking: Looking, here: str, thing: object) -> list[tuple[str, str, bool]]:
    """The pages about the same round for this person: caption, address, whether it is this one."""
    shown = [one for one in PAGES.values() if one.tab and one.route.right.holds(looking.context)]
    return [
        (looking.texts.say(one.tab), looking.link(one.route, thing), one.route.keys[0] == here)
        for one in sorted(shown, key=lambda one: one.place)
    ]


def _written(argument: str) -> str:
    return quote(argument.replace("/", _SLASH), safe=_SLASH)
