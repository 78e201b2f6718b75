"""What a form of the desk does: a press or a typed text, by the bot's own use case, then a page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Concatenate, ParamSpec

from bot.board.desk.fields import text_of
from bot.board.desk.files import place_of
from bot.board.desk.screen_pages import DESK, OF_REPORT, desk_home, is_page, screen_at, shown_mark
from bot.board.desk.signed_state import NOTHING, Note
from bot.board.pages import Looking
from handlers.flow.channel import Document, Incoming, Making, Reply, Shown
from handlers.flow.context import Context
from handlers.flow.press import Press, unpack
from handlers.flow.rights import Right
from handlers.flow.routes import ROUTES, Next, Route, resolvers_of

P = ParamSpec("P")
Given = Mapping[str, list[str]]  # a form's fields, each with all its values
Done = Next | Reply | None
LONGEST = 4096  # of a typed text, as in the chat
_LIVELY = {"n.one"}  # it counts what is being sent; it must be possible to stop that


@dataclass(frozen=True, slots=True)
class Led:
    """Where a form leads: a page, or what is shown at once, as it can't be shown twice."""

    press: Press
    note: Note = NOTHING
    said: tuple[str, ...] = ()
    letters: tuple[Shown, ...] = ()
    file: str | None = None  # the address of one that is to be made
    documents: tuple[Document, ...] = ()  # to be written after the commit


Form = Callable[Concatenate[Looking, Given, P], Done]
FORMS: dict[str, tuple[Route[Any], Form[...]]] = {}


def form(key: str, *, right: Right) -> Callable[[Form[P]], Route[P]]:
    """Register a form that says several things at once; it says them to the bot's own screens."""

    def register(do: Form[P]) -> Route[P]:
        resolvers = resolvers_of(do, leading=2)
        route: Route[P] = Route((key,), resolvers, right, "action", None, key)
        if key in FORMS or key in ROUTES:
            raise ValueError(f"the form {key!r} is registered twice")
        FORMS[key] = route, do
        return route

    return register


def do(looking: Looking, press: Press, given: Given) -> Done:
    """Do what the form says; None where it leads nowhere (any more, or for this person)."""
    if press.action in FORMS:
        route, function = FORMS[press.action]
        loaded = route.load(looking.context, press)
        return function(looking, given, **loaded) if loaded is not None else None
    if press.action not in DESK | OF_REPORT or not _may(looking.context, press):
        return None
    text = typed_in(press, given)
    if not text and ROUTES[press.action].do is None:
        return pressed(looking.context, press)  # only a way to another step
    if changed := _changed_since(looking.context, first(given, "shown")):
        return changed
    return said_to(looking.context, press, text) if text else pressed(looking.context, press)


def _may(context: Context, press: Press) -> bool:
    """Whether the address leads anywhere for this person at this moment."""
    return ROUTES[press.action].load(replace(context, address=press), press) is not None


def typed_in(press: Press, given: Given) -> str:
    """What was put into the field of a step, in words; empty without anything."""
    return text_of(press.action, {one: first(given, one) for one in ("text", "people", "days")})


def _changed_since(context: Context, shown: str) -> Next | None:
    """The step again where it isn't any more what the form stood on; nothing is done then."""
    address, _, mark = shown.rpartition("|")
    source = unpack(address) if mark else None
    screen = screen_at(context, source) if source is not None else None
    if source is None or screen is None or source.action in _LIVELY or shown_mark(screen) == mark:
        return None
    return Next(source, context.texts.say("desk.changed_since"), context.said)


def first(given: Given, name: str) -> str:
    """A field's value without spaces around it; empty without one."""
    found = given.get(name) or [""]
    return found[0].replace("\x00", "").strip()[:LONGEST]


def pressed(context: Context, press: Press) -> Done:
    """Press a button of the bot; a press on a screen shows it."""
    route = ROUTES[press.action]
    context = replace(context, address=press, page=route.page_in(press))
    loaded = route.load(context, press)
    if loaded is None:
        return None
    return route.act(context, **loaded) if route.do is not None else Next(press, said=context.said)


def said_to(context: Context, press: Press, text: str, said: tuple[str, ...] = ()) -> Done:
    """Type a text on a screen of the bot."""
    route = ROUTES[press.action]
    typed = replace(in_words(context, text), address=press, said=said or context.said)
    loaded = route.load(typed, press)
    if loaded is None or route.take_text is None or route(typed, **loaded) is None:
        return None  # on a screen that can't be shown nothing is typed
    found = route.take_text(typed, text, **loaded)
    return found if found is not None else Next(press, typed.texts.say("desk.not_understood"))


def in_words(context: Context, text: str) -> Context:
    """The context of a text that was typed at this moment."""
    return replace(context, incoming=Incoming(context.incoming.sender, "text", text=text))


def led(looking: Looking, done: Next | Reply) -> Led:
    """The page that follows, with what it says first."""
    if isinstance(done, Reply):
        return _after_reply(looking, done)
    said = done.above or done.toast or ""
    press = done.press if is_page(done.press) else desk_home(looking.context)
    enclosed = (one.making for one in done.enclosures)
    documents = tuple(one for one in enclosed if isinstance(one, Document))
    return Led(press, Note(str(said)), done.said, done.first, documents=documents)


def _after_reply(looking: Looking, reply: Reply) -> Led:
    """Replies are the report's own: its present question, or the receipt."""
    enclosed = [one.making for shown in reply.shown for one in shown.enclosures]
    making = next((one for one in enclosed if isinstance(one, Making)), None)
    if making is not None:
        return Led(Press("start"), file=place_of(making))
    questions = [one for one in reply.shown if one.purpose == "question"]
    others = tuple(one for one in reply.shown if one.purpose != "question")
    said = [*reply.says, *([reply.toast] if reply.toast else [])]
    if questions or not others:
        return Led(Press("desk.fill"), Note("\n\n".join(said)), letters=others)
    return Led(Press("v.which"), Note("\n\n".join(one.screen.text for one in others)))
