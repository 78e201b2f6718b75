"""The registry of routes: each has an address, a right, arguments and functions.

A feature registers its screens, pages and actions here; the router (`navigation.py`) uses only
these. The function's signature names the arguments of the address, each with its resolver:
`unit: Annotated[Unit, unit_of_office]`. Each is loaded and authorised before the function runs.
An address never changes, because old buttons stay in people's chats.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from inspect import signature
from typing import Any, Concatenate, Final, Generic, Literal, ParamSpec, TypeVar, get_type_hints

from handlers.flow.channel import Button, Enclosure, Reply, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.press import Press, packed, unpacked
from handlers.flow.rights import Right
from handlers.texts import Html, Texts


class _Gone:
    """The result of a resolver if the argument does not exist or is not this person's."""


GONE: Final = _Gone()


@dataclass(frozen=True, slots=True)
class Loading:
    """One argument being loaded: its text in the address, and the arguments before it by name.

    `read` is what the reading of a typed text has already loaded.
    """

    context: Context
    text: str
    before: Mapping[str, Any]
    read: object = None

    @property
    def number(self) -> int | None:
        """The text as a number; None for any other text."""
        return unpacked(self.text)


Resolver = Callable[[Loading], Any]  # the value, or GONE


@dataclass(frozen=True, slots=True)
class Next:
    """The screen that follows, a sentence above it, messages before it, and its enclosures.

    `typed` are the texts typed before it. `menu`: the command menu changes with the person's roles.
    """

    press: Press
    above: Html | None = None
    typed: tuple[str, ...] = ()
    first: tuple[Shown, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    toast: Html | None = None
    menu: bool = False


P = ParamSpec("P")  # the arguments of a route
Q = ParamSpec("Q")
View = Callable[Concatenate[Context, P], Screen | None]
Action = Callable[Concatenate[Context, P], Next | Reply | None]
# A handler names only the arguments of the route that it needs.
H = TypeVar("H", bound=Callable[Concatenate[Context, ...], Next | Reply | None])
R = TypeVar("R")
Kind = Literal["screen", "page", "action"]


@dataclass(slots=True, eq=False)
class Route(Generic[P]):
    """An address (or several that differ only in their name) with its right and functions.

    A *screen* is a step of a flow: only the last one has buttons, and typed texts belong to it. A
    *page* is only read. An *action* changes something and then shows a screen. On a screen that
    `asks`, any text is the answer; one that `converses` reads "quay lại" and "huỷ" itself.
    """

    keys: tuple[str, ...]
    resolvers: Mapping[str, Resolver]  # of the arguments by name, in the order of the address
    right: Right
    kind: Kind
    show: View[P] | None
    flow: str  # typed texts are passed only to screens of the same flow
    asks: bool = False
    converses: bool = False
    edits: bool = True  # a page replaces the pressed message
    do: Callable[..., Next | Reply | None] | None = None
    take_text: Callable[..., Next | Reply | None] | None = None
    take_photo: Callable[..., Next | Reply | None] | None = None
    cancel_target: Callable[[Press], Press] | None = None
    when_refused: Press | None = None

    def load(self, context: Context, press: Press, read: object = None) -> dict[str, Any] | None:
        """Return the arguments of an address by name; None if one is gone or not this person's."""
        if not self.right.holds(context):
            return None
        loaded: dict[str, Any] = {}
        for place, (name, resolve) in enumerate(self.resolvers.items()):
            value = resolve(Loading(context, press.text(place), loaded, read))
            if value is GONE:
                return None
            loaded[name] = value
        return loaded

    @property
    def only_reads(self) -> bool:
        """Whether a press only shows something."""
        return self.do is None and self.show is not None

    def __call__(self, context: Context, *values: P.args, **named: P.kwargs) -> Screen | None:
        """Return the screen, for a function that shows this screen instead of its own."""
        return self.show(context, *values, **named) if self.show is not None else None

    def page_in(self, press: Press) -> int:
        """Return the page of a list, from 0, which follows the arguments of an address."""
        return press.number(len(self.resolvers)) or 0

    def at(
        self, *values: object, key: str | None = None, page: int | None = None, **named: object
    ) -> Press:
        """Return the address with these arguments; raise ValueError for one it doesn't have."""
        names = tuple(self.resolvers)
        arguments = dict(zip(names, values, strict=False)) | named
        if len(values) > len(names) or named.keys() - self.resolvers.keys():
            raise ValueError(f"{self.keys[0]} has no such argument")
        parts = [as_text(arguments.get(name)) for name in names] + [as_text(page)]
        while parts and not parts[-1]:
            parts.pop()
        return Press(key or self.keys[0], tuple(parts))

    def data(
        self, *values: object, key: str | None = None, page: int | None = None, **named: object
    ) -> str:
        """Return the same address as a button's data."""
        return self.at(*values, key=key, page=page, **named).data

    def button(
        self, texts: Texts, caption: str, *values: object, key: str | None = None,
        page: int | None = None, **named: object,
    ) -> Button:  # fmt: skip
        """Return a button to this address; `caption` is a key of the catalogue."""
        return Button(texts.say(caption), self.data(*values, key=key, page=page, **named))

    def act(self, context: Context, *values: P.args, **named: P.kwargs) -> Next | Reply | None:
        """Run the function of a press, from another function of the feature."""
        return self.do(context, *values, **named) if self.do is not None else None

    # --- the registration of handlers -------------------------------------------------------------

    def pressed(self, handler: H) -> H:
        """Register the function that a press runs; it decides which screen is shown."""
        self.do = self.handler(handler)
        return handler

    def text(self, handler: H) -> H:
        """Register the function for a text typed on this screen."""
        self.take_text = self.handler(handler, leading=2)
        return handler

    def photo(self, handler: H) -> H:
        """Register the function for a photo or file sent on this screen."""
        self.take_photo = self.handler(handler, leading=2)
        return handler

    def cancel(self, target: Callable[[Press], Press]) -> Callable[[Press], Press]:
        """Register the address for "huỷ" on this screen, instead of its last button's."""
        self.cancel_target = target
        return target

    def refused(self, target: "Route[Q]", *values: object) -> "Route[Q]":
        """Register the screen for a text or photo that its sender may not send (any more)."""
        self.when_refused = target.at(*values)
        return target

    def handler(self, function: Callable[..., R], leading: int = 1) -> Callable[..., R]:
        """Return the function for a call with all arguments; it receives those that it names.

        `leading` as in `resolvers_of`. Raise ValueError for an argument that the route doesn't
        have, or has with another resolver.
        """
        own = resolvers_of(function, leading)
        for name, resolver in own.items():
            if self.resolvers.get(name) is not resolver:
                route = f"the route {self.keys[0]!r}"
                raise ValueError(f"{_name_of(function)}: {route} has no such argument {name!r}")
        if own.keys() == self.resolvers.keys():
            return function

        def with_named(*first: object, **arguments: object) -> R:
            return function(*first, **{name: arguments[name] for name in own})

        return with_named


def resolvers_of(function: Callable[..., Any], leading: int = 1) -> dict[str, Resolver]:
    """Return the resolvers of a function's arguments by name, as its signature annotates them.

    The first `leading` parameters are not arguments. Raise TypeError for an argument without one.
    """
    hints = get_type_hints(function, include_extras=True)
    found: dict[str, Resolver] = {}
    for name in list(signature(function).parameters)[leading:]:
        *_, resolver = getattr(hints.get(name), "__metadata__", (None,))
        if not callable(resolver):
            raise TypeError(f"{_name_of(function)}: {name!r} needs Annotated[type, resolver]")
        found[name] = resolver
    return found


def _name_of(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


ROUTES: dict[str, Route[Any]] = {}
SCREENS_OF: set[str] = set()  # the flows that have screens on which texts can be typed


def screen(
    key: str, *, right: Right, also: tuple[str, ...] = (), asks: bool = False,
    converses: bool = False, flow: str | None = None,
) -> Callable[[View[P]], Route[P]]:  # fmt: skip
    """Register a screen under an address, and under those of `also`."""

    def register(show: View[P]) -> Route[P]:
        return _registered(
            Route(
                (key, *also), resolvers_of(show), right, "screen", show, flow or show.__module__,
                asks=asks or converses, converses=converses,
            )
        )  # fmt: skip

    return register


def page(
    key: str, *, right: Right, also: tuple[str, ...] = (), edits: bool = True
) -> Callable[[View[P]], Route[P]]:
    """Register a page, which is only read; without `edits` it is a new message."""

    def register(show: View[P]) -> Route[P]:
        keys, module = (key, *also), show.__module__
        return _registered(
            Route(keys, resolvers_of(show), right, "page", show, module, edits=edits)
        )

    return register


def action(
    key: str, *, right: Right, also: tuple[str, ...] = (), flow: str | None = None
) -> Callable[[Action[P]], Route[P]]:
    """Register an action, whose function returns the next screen or a reply."""

    def register(do: Action[P]) -> Route[P]:
        keys, flow_ = (key, *also), flow or do.__module__
        return _registered(Route(keys, resolvers_of(do), right, "action", None, flow_, do=do))

    return register


NOWHERE: Route[[]] = Route((), {}, Right("nobody", lambda _: False), "action", None, "")


def route_of(press: Press | None) -> Route[Any]:
    """Return the route of an address; `NOWHERE` without one."""
    return ROUTES.get(press.action, NOWHERE) if press is not None else NOWHERE


def _registered(route: Route[P]) -> Route[P]:
    for key in route.keys:
        if key in ROUTES:
            raise ValueError(f"the address {key!r} is registered twice")
        ROUTES[key] = route
    if route.kind == "screen":
        SCREENS_OF.add(route.flow)
    return route


def as_text(value: object) -> str:
    """Return a value's text in an address; a thing is represented by its id or code."""
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return packed(int(value))
    if isinstance(value, date):
        return packed(value.toordinal())
    identity = getattr(value, "id", None)
    if identity is None:
        identity = getattr(value, "code")  # noqa: B009 - indicators and groups have a code
    return as_text(identity)
