"""Handling the desk's forms: a form presses a button or types a text of the chat for the person."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Concatenate, ParamSpec

from bot.board.desk.fields import text_of
from bot.board.desk.files import place_of
from bot.board.desk.screen_pages import DESK, OF_REPORT, desk_home, is_page, screen_at, screen_hash
from bot.board.desk.signed_state import NO_NOTE, Note
from bot.board.pages import PageRequest
from handlers.flow.channel import GeneratedDocument, Incoming, Making, Reply, Shown
from handlers.flow.context import Context
from handlers.flow.press import Press, unpack
from handlers.flow.rights import Right
from handlers.flow.routes import ROUTES, Next, Route, resolvers_of

P = ParamSpec("P")
FormFields = Mapping[str, list[str]]  # a form's fields, each with all its values
LONGEST = 4096  # of a typed text, as in the chat
_CHANGING = {"n.one"}  # it counts messages while they are sent; its stop button must still work


@dataclass(frozen=True, slots=True)
class FormOutcome:
    """What follows a form: a page with a note, typed texts and messages, or the path of a file."""

    press: Press
    note: Note = NO_NOTE
    typed: tuple[str, ...] = ()
    messages: tuple[Shown, ...] = ()  # shown once only, such as a new invitation
    file: str | None = None  # the path of a file to be made
    documents: tuple[GeneratedDocument, ...] = ()  # to be made after the commit


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was done: the page that says why, and the fields of the form to be shown again."""

    next: Next
    fields: FormFields


ActionResult = Next | Reply | Refused | None
Form = Callable[Concatenate[PageRequest, FormFields, P], ActionResult]
FORMS: dict[str, tuple[Route[Any], Form[...]]] = {}


def form(key: str, *, right: Right) -> Callable[[Form[P]], Route[P]]:
    """Register a form of several fields; its function passes them to the bot's own screens."""

    def register(do: Form[P]) -> Route[P]:
        resolvers = resolvers_of(do, leading=2)
        route: Route[P] = Route((key,), resolvers, right, "action", None, key)
        if key in FORMS or key in ROUTES:
            raise ValueError(f"the form {key!r} is registered twice")
        FORMS[key] = route, do
        return route

    return register


def do(request: PageRequest, press: Press, given: FormFields) -> ActionResult:
    """Do what the form asks; None if its address is gone or not for this person."""
    if press.action in FORMS:
        route, function = FORMS[press.action]
        loaded = route.load(request.context, press)
        return function(request, given, **loaded) if loaded is not None else None
    if press.action not in DESK | OF_REPORT or not _is_allowed(request.context, press):
        return None
    text = typed_text(press, given)
    if not text and ROUTES[press.action].do is None:
        return press_button(request.context, press)  # it only opens another step
    if changed := _changed_since(request.context, value_of(given, "shown")):
        return changed
    if text:
        return type_text(request.context, press, text)
    return press_button(request.context, press)


def _is_allowed(context: Context, press: Press) -> bool:
    """Return whether the person may use this address now."""
    return ROUTES[press.action].load(replace(context, address=press), press) is not None


def typed_text(press: Press, given: FormFields) -> str:
    """Return the value of a step's field as a typed text; empty if nothing was typed."""
    return text_of(press.action, {one: value_of(given, one) for one in ("text", "people", "days")})


def _changed_since(context: Context, shown: str) -> Next | None:
    """Return the step again, with a sentence, if its screen has changed since the form was shown.

    Return None if it is unchanged, so that the form can be handled.
    """
    address, _, mark = shown.rpartition("|")
    source = unpack(address) if mark else None
    screen = screen_at(context, source) if source is not None else None
    if source is None or screen is None or source.action in _CHANGING:
        return None
    if screen_hash(screen) == mark:
        return None
    return Next(source, context.texts.say("desk.changed_since"), context.typed)


def value_of(given: FormFields, name: str) -> str:
    """Return a field's first value, stripped and at most LONGEST characters; empty without one."""
    found = given.get(name) or [""]
    return found[0].replace("\x00", "").strip()[:LONGEST]


def press_button(context: Context, press: Press) -> ActionResult:
    """Press a button of the bot; the button of a screen only shows the screen."""
    route = ROUTES[press.action]
    context = replace(context, address=press, page=route.page_in(press))
    loaded = route.load(context, press)
    if loaded is None:
        return None
    following = Next(press, typed=context.typed)
    return route.act(context, **loaded) if route.do is not None else following


def type_text(
    context: Context, press: Press, text: str, typed: tuple[str, ...] = ()
) -> ActionResult:
    """Type a text on a screen of the bot; `typed` are the texts typed on the screens before it."""
    route = ROUTES[press.action]
    typed = typed or context.typed
    context = replace(with_typed_text(context, text), address=press, typed=typed)
    loaded = route.load(context, press)
    if loaded is None or route.take_text is None or route(context, **loaded) is None:
        return None  # the screen can't be shown, so nobody can have typed on it
    found = route.take_text(context, text, **loaded)
    return found if found is not None else Next(press, context.texts.say("desk.not_understood"))


def with_typed_text(context: Context, text: str) -> Context:
    """Return the context of an incoming typed text."""
    return replace(context, incoming=Incoming(context.incoming.sender, "text", text=text))


def outcome_of(request: PageRequest, done: Next | Reply) -> FormOutcome:
    """Return the page that follows an action, with its note, messages and documents."""
    if isinstance(done, Reply):
        return _after_reply(request, done)
    captions = "\n".join(one.caption for one in done.enclosures)
    message = done.above or done.toast or captions
    press = done.press if is_page(done.press) else desk_home(request.context)
    enclosed = (one.making for one in done.enclosures)
    documents = tuple(one for one in enclosed if isinstance(one, GeneratedDocument))
    return FormOutcome(press, Note(str(message)), done.typed, done.first, documents=documents)


def _after_reply(request: PageRequest, reply: Reply) -> FormOutcome:
    """Return what follows a reply, which only a report gives: its next question or the receipt."""
    enclosed = [one.making for shown in reply.shown for one in shown.enclosures]
    making = next((one for one in enclosed if isinstance(one, Making)), None)
    if making is not None:
        return FormOutcome(Press("start"), file=place_of(making))
    questions = [one for one in reply.shown if one.purpose == "question"]
    others = tuple(one for one in reply.shown if one.purpose != "question")
    messages = [*reply.says, *([reply.toast] if reply.toast else [])]
    if questions or not others:
        return FormOutcome(Press("desk.fill"), Note("\n\n".join(messages)), messages=others)
    return FormOutcome(Press("v.which"), Note("\n\n".join(one.screen.text for one in others)))
