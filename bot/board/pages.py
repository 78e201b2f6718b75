"""The registry of the board's pages and actions: one function each, with the right it needs.

A page that is also a screen of the chat uses the screen's route (`page_of`): the same address,
arguments and right. A page that the chat lacks declares its own (`page`). An action is one of the
chat's buttons (`action_of`): a form posts its address.

A path contains the arguments as a button does; a "/" in an argument is written "~".
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
PREFIX = "/b/"
_SLASH = "~"


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A request of a signed-in person for a page: the person with the present rights, the session.

    `query` holds the parameters of the address, such as those of a form sent by GET; `refused` the
    fields of a form that did nothing and is shown again.
    """

    context: Context
    session: Session
    public_path: str  # the path of PUBLIC_URL, before every address
    query: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def texts(self) -> Texts:
        """The texts in the person's language."""
        return self.context.texts

    def link(self, route: Route[Any], *values: object) -> str:
        """Return the path of a page of the board, or of an action for a form."""
        return self.link_to(route.at(*values))

    def link_to(self, press: Press) -> str:
        """Return the path of the page or action that a button's address names."""
        parts = (press.action, *press.arguments)
        return f"{self.public_path}{PREFIX}{'/'.join(_written(one) for one in parts)}"


@dataclass(frozen=True, slots=True)
class Redirect:
    """A redirect to another page."""

    press: Press


PageContent = Mapping[str, Any] | Redirect | None
PageFunction = Callable[Concatenate[PageRequest, P], PageContent]
NextPage = Callable[Concatenate[PageRequest, ...], Press]


@dataclass(frozen=True, slots=True)
class BoardPage:
    """A page: `function` returns the fields of the template, a redirect, or None for no page.

    Pages with a caption `tab` are the tabs of a round, ordered by `place`. A `live` page is fetched
    again when something of its commune changes.
    """

    route: Route[Any]
    template: str
    function: Callable[..., PageContent]
    tab: str
    place: int
    live: bool


@dataclass(frozen=True, slots=True)
class BoardAction:
    """An action of the bot that a form posts to; `after` returns the page that follows."""

    route: Route[Any]
    after: Callable[..., Press]


PAGES: dict[str, BoardPage] = {}
ACTIONS: dict[str, BoardAction] = {}


def page_of(
    route: Route[P], template: str, *, tab: str = "", place: int = 0, live: bool = False
) -> Callable[[PageFunction[...]], Route[P]]:
    """Register a page under the address and the right of one of the bot's screens.

    The function declares those of the route's arguments that it needs.
    """

    def register(function: PageFunction[...]) -> Route[P]:
        add(BoardPage(route, template, route.handler(function), tab, place, live))
        return route

    return register


def add(page: BoardPage) -> None:
    """Register a page; raise ValueError if its address has one already."""
    key = page.route.keys[0]
    if key in PAGES:
        raise ValueError(f"the page {key!r} is registered twice")
    PAGES[key] = page


def page(
    key: str, template: str, *, right: Right, tab: str = "", place: int = 0, live: bool = False
) -> Callable[[PageFunction[P]], Route[P]]:
    """Register a page that the chat lacks."""

    def register(function: PageFunction[P]) -> Route[P]:
        route: Route[P] = Route((key,), resolvers_of(function), right, "page", None, key)
        return page_of(route, template, tab=tab, place=place, live=live)(function)

    return register


def action_of(route: Route[P]) -> Callable[[NextPage], Route[P]]:
    """Register one of the bot's actions for forms; the function returns the page that follows."""

    def register(after: NextPage) -> Route[P]:
        for key in route.keys:
            if key in ACTIONS:
                raise ValueError(f"the action {key!r} is registered twice")
            ACTIONS[key] = BoardAction(route, route.handler(after))
        return route

    return register


def press_of(path: str) -> Press:
    """Return the press that a path below "/b/" stands for."""
    key, *arguments = path.split("/")
    return Press(key, tuple(one.replace(_SLASH, "/") for one in arguments))


def tabs_of(request: PageRequest, here: str, thing: object) -> list[tuple[str, str, bool]]:
    """Return the tabs of a round that the person may open: caption, path, whether it is `here`."""
    shown = [one for one in PAGES.values() if one.tab and one.route.right.holds(request.context)]
    return [
        (request.texts.say(one.tab), request.link(one.route, thing), one.route.keys[0] == here)
        for one in sorted(shown, key=lambda one: one.place)
    ]


def _written(argument: str) -> str:
    return quote(argument.replace("/", _SLASH), safe=_SLASH)
