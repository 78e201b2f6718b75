"""The registry of routes: what the address on a button shows or does, for whom, and with what.

A feature declares its screens, pages and actions here; the router (`navigation.py`) knows nothing
else of it. The arguments of an address stand in the function's signature, each with its resolver:
`unit: Annotated[Unit, unit_of_office]`. Each is loaded and authorised before the function runs.
Addresses stay as they are: old buttons remain in people's chats.
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
    """What a resolver returns for an argument that does not exist, or is not this person's."""


GONE: Final = _Gone()


@dataclass(frozen=True, slots=True)
class Loading:
    """One argument being loaded: its text on the button, and the arguments before it by name.

    `read`: what the reading of a typed text has loaded already, which needn't be loaded again.
    """

    context: Context
    text: str
    before: Mapping[str, Any]
    read: object = None

    @property
    def number(self) -> int | None:
        """The text as a number; None for anything that isn't one."""
        return unpacked(self.text)


Resolver = Callable[[Loading], Any]  # the value, or GONE


@dataclass(frozen=True, slots=True)
class Next:
    """The screen that follows, with a sentence above it, messages before it, what is sent along.

    `said` is what was typed on the way there. `menu`: the person's roles have changed, and so the
    command menu.
    """

    press: Press
    above: Html | None = None
    said: tuple[str, ...] = ()
    first: tuple[Shown, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    toast: Html | None = None
    menu: bool = False


P = ParamSpec("P")  # the arguments of a route
Q = ParamSpec("Q")
View = Callable[Concatenate[Context, P], Screen | None]
Action = Callable[Concatenate[Context, P], Next | Reply | None]
# Handlers name those of the route's arguments that they need.
H = TypeVar("H", bound=Callable[Concatenate[Context, ...], Next | Reply | None])
R = TypeVar("R")
Kind = Literal["screen", "page", "action"]


@dataclass(slots=True, eq=False)
class Route(Generic[P]):
    """What one address (or several that differ in their name only) shows or does.

    A *screen* is a step of a flow: there is one with buttons, and what is typed belongs to it. A
    *page* is only read. An *action* changes something and leads to a screen. On a screen that
    `asks` any text is the answer; one that `converses` reads "quay lại" and "huỷ" itself.
    """

    keys: tuple[str, ...]
    resolvers: Mapping[str, Resolver]  # of its arguments by name, in the order of the address
    right: Right
    kind: Kind
    show: View[P] | None
    flow: str  # what was typed on the way is known to the screens of the same flow only
    asks: bool = False
    converses: bool = False
    edits: bool = True  # a page takes the place of the message that was pressed
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
        """Return the screen, for one that shows another one instead of its own."""
        return self.show(context, *values, **named) if self.show is not None else None

    def page_in(self, press: Press) -> int:
        """Return the page of a list, from 0, that an address has behind the arguments."""
        return press.number(len(self.resolvers)) or 0

    def at(
        self, *values: object, key: str | None = None, page: int | None = None, **named: object
    ) -> Press:
        """Return the address with these arguments; raise ValueError for one it doesn't have."""
        names = tuple(self.resolvers)
        given = dict(zip(names, values, strict=False)) | named
        if len(values) > len(names) or named.keys() - self.resolvers.keys():
            raise ValueError(f"{self.keys[0]} has no such argument")
        parts = [as_text(given.get(name)) for name in names] + [as_text(page)]
        while parts and not parts[-1]:
            parts.pop()
        return Press(key or self.keys[0], tuple(parts))

    def data(
        self, *values: object, key: str | None = None, page: int | None = None, **named: object
    ) -> str:
        """The same as a button carries it."""
        return self.at(*values, key=key, page=page, **named).data

    def button(
        self, texts: Texts, caption: str, *values: object, key: str | None = None,
        page: int | None = None, **named: object,
    ) -> Button:  # fmt: skip
        """A button to this address with the caption `caption` of the catalogue."""
        return Button(texts.say(caption), self.data(*values, key=key, page=page, **named))

    def act(self, context: Context, *values: P.args, **named: P.kwargs) -> Next | Reply | None:
        """Do what a press on it does, from another function of the feature."""
        return self.do(context, *values, **named) if self.do is not None else None

    # --- what else belongs to it ------------------------------------------------------------------

    def pressed(self, handler: H) -> H:
        """Register what a press does before this screen is shown."""
        self.do = self.handler(handler)
        return handler

    def text(self, handler: H) -> H:
        """Register what a text typed on this screen means."""
        self.take_text = self.handler(handler, leading=2)
        return handler

    def photo(self, handler: H) -> H:
        """Register what a photo or file sent on this screen means."""
        self.take_photo = self.handler(handler, leading=2)
        return handler

    def cancel(self, target: Callable[[Press], Press]) -> Callable[[Press], Press]:
        """Register where "huỷ" leads from this screen, when that isn't its last button."""
        self.cancel_target = target
        return target

    def refused(self, target: "Route[Q]", *values: object) -> "Route[Q]":
        """Register the screen for a text or photo whose sender may not send it (any more)."""
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
                where = f"the route {self.keys[0]!r}"
                raise ValueError(f"{_called(function)}: {where} has no such argument {name!r}")
        if own.keys() == self.resolvers.keys():
            return function

        def with_named(*first: object, **arguments: object) -> R:
            return function(*first, **{name: arguments[name] for name in own})

        return with_named


def resolvers_of(function: Callable[..., Any], leading: int = 1) -> dict[str, Resolver]:
    """Return the resolvers of a function's arguments by name, as its signature annotates them.

    `leading` parameters stand before the arguments. Raise TypeError for an argument without one.
    """
    hints = get_type_hints(function, include_extras=True)
    found: dict[str, Resolver] = {}
    for name in list(signature(function).parameters)[leading:]:
        *_, resolver = getattr(hints.get(name), "__metadata__", (None,))
        if not callable(resolver):
            raise TypeError(f"{_called(function)}: {name!r} needs Annotated[type, resolver]")
        found[name] = resolver
    return found


def _called(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


ROUTES: dict[str, Route[Any]] = {}
SCREENS_OF: set[str] = set()  # the flows that have screens, on which something can be typed


def screen(
    key: str, *, right: Right, also: tuple[str, ...] = (), asks: bool = False,
    converses: bool = False, flow: str | None = None,
) -> Callable[[View[P]], Route[P]]:  # fmt: skip
    """Register a screen under an address (`also`: under these, too)."""

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
    """Register a page, which is only read; without `edits` it comes as a new message."""

    def register(show: View[P]) -> Route[P]:
        keys, module = (key, *also), show.__module__
        return _registered(
            Route(keys, resolvers_of(show), right, "page", show, module, edits=edits)
        )

    return register


def action(
    key: str, *, right: Right, also: tuple[str, ...] = (), flow: str | None = None
) -> Callable[[Action[P]], Route[P]]:
    """Register what a press does; it returns the screen that follows, or a reply of its own."""

    def register(do: Action[P]) -> Route[P]:
        keys, flow_ = (key, *also), flow or do.__module__
        return _registered(Route(keys, resolvers_of(do), right, "action", None, flow_, do=do))

    return register


NOWHERE: Route[[]] = Route((), {}, Right("nobody", lambda _: False), "action", None, "")


def route_of(press: Press | None) -> Route[Any]:
    """The route of an address, or the one that leads nowhere."""
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
    """A value as an address carries it: a number, a text, a day, the id or the code of a thing."""
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
        identity = getattr(value, "code")  # noqa: B009 - things of the criteria sets have codes
    return as_text(identity)
