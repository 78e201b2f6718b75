"""The registry of routes: what the address on a button stands for, for whom, and with what.

A feature declares its screens, pages and actions here; the router (`navigation.py`) knows nothing
else of it. Each argument of an address is loaded and authorised before the feature's function
runs. Addresses stay as they are: old buttons live on in people's chats.
"""

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import date
from typing import Any, Final, Generic, Literal, TypeVar, dataclass_transform

from handlers.flow.channel import Attachment, Button, Enclosure, Reply, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.press import Press, packed
from handlers.flow.rights import Right
from handlers.texts import Html, Texts

_LOAD = "load"


class _Gone:
    """What a resolver gives for an argument that is not there, or not this person's."""


GONE: Final = _Gone()


@dataclass(frozen=True, slots=True)
class Loading:
    """One argument being loaded: its text on the button, and the arguments before it.

    `read`: what a typed text's reading has loaded already, which needn't be loaded again.
    """

    context: Context
    text: str
    before: Mapping[str, Any]
    read: object = None

    @property
    def number(self) -> int | None:
        """The text as a number; None for anything that isn't one."""
        return Press("", (self.text,)).number(0)


Resolver = Callable[[Loading], Any]  # the value, or GONE


def argument(load: Resolver) -> Any:  # noqa: ANN401 - it is the field of any type
    """A field of an arguments class; `load` gives its value, or GONE."""
    return field(metadata={_LOAD: load})


@dataclass_transform(frozen_default=True, field_specifiers=(argument,))
class Arguments:
    """What an address carries, in this order; a subclass becomes a frozen dataclass by itself."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        dataclass(frozen=True)(cls)


class NoArguments(Arguments):
    """An address that carries nothing."""


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


A = TypeVar("A", bound=Arguments)
B = TypeVar("B", bound=Arguments)
View = Callable[[Context, A], Screen | None]
Action = Callable[[Context, A], Next | Reply | None]
TextHandler = Callable[[Context, A, str], Next | Reply | None]
PhotoHandler = Callable[[Context, A, Attachment], Next | None]
Kind = Literal["screen", "page", "action"]


@dataclass(slots=True, eq=False)
class Route(Generic[A]):
    """What one address (or several that differ in their name only) shows or does.

    A *screen* is a step of a flow: there is one with buttons, and what is typed belongs to it. A
    *page* is only read. An *action* changes something and leads to a screen. On a screen that
    `asks` any text is the answer; one that `converses` reads "quay lại" and "huỷ" itself.
    """

    keys: tuple[str, ...]
    arguments: type[A]
    right: Right
    kind: Kind
    show: View[A] | None
    flow: str  # what was typed on the way is known to the screens of the same flow only
    asks: bool = False
    converses: bool = False
    edits: bool = True  # a page takes the place of the message that was pressed
    do: Action[A] | None = None
    take_text: TextHandler[A] | None = None
    take_photo: PhotoHandler[A] | None = None
    cancel_target: Callable[[Press], Press] | None = None
    when_refused: Press | None = None
    _fields: tuple[tuple[str, Resolver], ...] = ()

    def __post_init__(self) -> None:
        own: tuple[Field[Any], ...] = fields(self.arguments)  # type: ignore[arg-type]
        self._fields = tuple((one.name, one.metadata[_LOAD]) for one in own)

    def load(self, context: Context, press: Press, read: object = None) -> A | None:
        """The arguments of an address; None when it isn't this person's, or leads nowhere."""
        if not self.right.holds(context):
            return None
        before: dict[str, Any] = {}
        for place, (name, load) in enumerate(self._fields):
            value = load(Loading(context, press.text(place), before, read))
            if value is GONE:
                return None
            before[name] = value
        return self.arguments(**before)

    @property
    def only_reads(self) -> bool:
        """Whether a press only shows something."""
        return self.do is None and self.show is not None

    def __call__(self, context: Context, arguments: A) -> Screen | None:
        """What it shows, for a screen that shows another one's instead of its own."""
        return self.show(context, arguments) if self.show is not None else None

    def page_in(self, press: Press) -> int:
        """The page of a list, from 0, that an address carries behind the arguments."""
        return press.number(len(self._fields)) or 0

    def at(
        self, *values: object, key: str | None = None, page: int | None = None, **named: object
    ) -> Press:
        """The address with these arguments; a first value of an arguments class gives its own."""
        given: dict[str, object] = {}
        if values and isinstance(values[0], Arguments):
            given = {one: getattr(values[0], one) for one in _names(type(values[0]))}
            values = values[1:]
        names = [name for name, _ in self._fields]
        given |= dict(zip(names, values, strict=False)) | named
        if len(values) > len(names) or named.keys() - set(names):
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

    def act(self, context: Context, at: A) -> Next | Reply | None:
        """Do what a press on it does, from another function of the feature."""
        return self.do(context, at) if self.do is not None else None

    # --- what else belongs to it ------------------------------------------------------------------

    def pressed(self, action: Action[A]) -> Action[A]:
        """Register what a press does before this screen is shown."""
        self.do = action
        return action

    def text(self, handler: TextHandler[A]) -> TextHandler[A]:
        """Register what a text typed on this screen means."""
        self.take_text = handler
        return handler

    def photo(self, handler: PhotoHandler[A]) -> PhotoHandler[A]:
        """Register what a photo or file sent on this screen means."""
        self.take_photo = handler
        return handler

    def cancel(self, target: Callable[[Press], Press]) -> Callable[[Press], Press]:
        """Register where "huỷ" leads from this screen, when that isn't its last button."""
        self.cancel_target = target
        return target

    def refused(self, target: "Route[B]", *values: object) -> "Route[B]":
        """Register the screen for a text or photo whose sender may not send it (any more)."""
        self.when_refused = target.at(*values)
        return target


ROUTES: dict[str, Route[Any]] = {}
SCREENS_OF: set[str] = set()  # the flows that have screens, on which something can be typed


def screen(
    key: str,
    arguments: type[A],
    *,
    right: Right,
    also: tuple[str, ...] = (),
    asks: bool = False,
    converses: bool = False,
    flow: str | None = None,
) -> Callable[[View[A]], Route[A]]:
    """Register a screen under an address (`also`: under these, too)."""

    def register(show: View[A]) -> Route[A]:
        return _registered(
            Route(
                (key, *also), arguments, right, "screen", show, flow or show.__module__,
                asks=asks or converses, converses=converses,
            )
        )  # fmt: skip

    return register


def page(
    key: str, arguments: type[A], *, right: Right, also: tuple[str, ...] = (), edits: bool = True
) -> Callable[[View[A]], Route[A]]:
    """Register a page, which is only read; without `edits` it comes as a new message."""

    def register(show: View[A]) -> Route[A]:
        keys = (key, *also)
        return _registered(
            Route(keys, arguments, right, "page", show, show.__module__, edits=edits)
        )

    return register


def action(
    key: str, arguments: type[A], *, right: Right, also: tuple[str, ...] = (),
    flow: str | None = None,
) -> Callable[[Action[A]], Route[A]]:  # fmt: skip
    """Register what a press does; it gives the screen that follows, or a reply of its own."""

    def register(do: Action[A]) -> Route[A]:
        keys = (key, *also)
        return _registered(
            Route(keys, arguments, right, "action", None, flow or do.__module__, do=do)
        )

    return register


NOWHERE = Route((), NoArguments, Right("nobody", lambda _: False), "action", None, "")


def route_of(press: Press | None) -> Route[Any]:
    """The route of an address, or the one that leads nowhere."""
    return ROUTES.get(press.action, NOWHERE) if press is not None else NOWHERE


def _registered(route: Route[A]) -> Route[A]:
    for key in route.keys:
        if key in ROUTES:
            raise ValueError(f"the address {key!r} is registered twice")
        ROUTES[key] = route
    if route.kind == "screen":
        SCREENS_OF.add(route.flow)
    return route


def _names(arguments: type[Arguments]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(arguments))  # type: ignore[arg-type]


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
