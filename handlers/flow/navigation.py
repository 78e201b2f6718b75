"""The router: it finds the route of a press, typed text or photo, and runs its function."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from criteria.conversation.addressing import newest_after_action
from handlers.flow.asked_screen import NOTHING, AskedScreen, from_json, of_step
from handlers.flow.channel import Attachment, Reply, Screen, Shown
from handlers.flow.commands import menu_of
from handlers.flow.context import Context, areas_until_close
from handlers.flow.press import Press
from handlers.flow.routes import SCREENS_OF, Next, Route, route_of
from storage.conversations import asks, conversations
from storage.people import people

STEP = "step"  # the purpose of the only message that has a flow's screen with buttons


@dataclass(frozen=True, slots=True)
class ReadScreen:
    """A screen or page that was built and is not stored yet; see `finish_reading`."""

    route: Route[Any]
    next: Next
    screen: Screen


def press(context: Context, address: Press, read: object = None) -> Reply | None:
    """Handle a press; None if its address does not exist (any more, or for this person).

    `read` is what was loaded for this update and has not changed since; see `Loading`.
    """
    route, typed = route_of(address), typed_before(context, address)
    if route.do is None:
        return show(context, Next(address, typed=typed))
    context = _context_at(context, route, address, typed)
    arguments = route.load(context, address, read)
    done = route.do(context, **arguments) if arguments is not None else None
    return reply_after(context, done, roles_changed=True)


def read(context: Context, address: Press) -> ReadScreen | Reply | None:
    """Build the screen of a press that only shows something, without storing it; else None."""
    route = route_of(address)
    if not route.only_reads:
        return None
    if route.do is not None:
        return press(context, address)
    following = Next(address, typed=typed_before(context, address))
    screen = _build_screen(context, route, following)
    return ReadScreen(route, following, screen) if screen is not None else None


def finish_reading(context: Context, found: ReadScreen) -> Reply:
    """Return the reply with a screen that was built before."""
    return _reply_with(context, found.route, found.next, found.screen)


def show(context: Context, following: Next | None) -> Reply | None:
    """Return the reply with the screen of an address; None if it does not exist."""
    if following is None:
        return None
    route = route_of(following.press)
    screen = _build_screen(context, route, following)
    return _reply_with(context, route, following, screen) if screen is not None else None


def handle_text(
    context: Context, shown: AskedScreen, text: str, read: object = None
) -> Reply | None:
    """Handle a text that names no button on its screen; None if the screen takes none."""
    return _handle_input(context, shown, lambda route: route.take_text, text, read)


def handle_photo(context: Context, shown: AskedScreen, item: Attachment) -> Reply | None:
    """Handle a photo or file on the screen that its sender saw; None if it takes none."""
    return _handle_input(context, shown, lambda route: route.take_photo, item)


def _handle_input(
    context: Context, shown: AskedScreen, handler_of: Callable[[Route[Any]], Any], item: object,
    read: object = None,
) -> Reply | None:  # fmt: skip
    """Run a handler of the shown screen, after checking the sender's rights."""
    address, route = shown.address, route_of(shown.address)
    handler = handler_of(route)
    if address is None or handler is None:
        return None
    context = _context_at(context, route, address, shown.typed)
    arguments = route.load(context, address, read)
    if arguments is None:
        return show(context, Next(route.when_refused)) if route.when_refused is not None else None
    return reply_after(context, handler(context, item, **arguments))


def _context_at(
    context: Context, route: Route[Any], address: Press, typed: tuple[str, ...]
) -> Context:
    return replace(context, address=address, typed=typed, page=route.page_in(address))


def typed_before(context: Context, address: Press) -> tuple[str, ...]:
    """Return the texts typed before, for a button on a screen of the same flow; else none."""
    here = route_of(address)
    if here.kind == "page" or here.flow not in SCREENS_OF:
        return ()  # no text is typed before a page
    rows = (from_json(row.content) for row in reversed(asks.recent(context.tx, context.person.id)))
    shown = newest_after_action(rows) or NOTHING
    if route_of(shown.address).flow != here.flow:
        return ()
    return shown.typed if any(one.data == address.data for one in shown.buttons) else ()


def step_message(context: Context) -> str | None:
    """Return the message that has a flow's screen with buttons."""
    return conversations.shown_message(context.tx, context.person.id, context.bot, STEP)


def reply_after(
    context: Context, done: Next | Reply | None, *, roles_changed: bool = False
) -> Reply | None:
    """Return the reply after an action or a text; its screen is checked by the present roles."""
    if done is None or isinstance(done, Reply):
        return done
    if roles_changed:
        tx, who = context.tx, context.person.id
        roles = tuple(people.memberships_of(tx, who))
        until_close = areas_until_close(tx, who, roles, context.now)
        context = replace(context, memberships=roles, until_close=until_close)
    return show(context, done)


def _build_screen(context: Context, route: Route[Any], following: Next) -> Screen | None:
    """Build a screen or page; it changes nothing."""
    if route.show is None:
        return None
    context = _context_at(context, route, following.press, following.typed)
    arguments = route.load(context, following.press)
    screen = route.show(context, **arguments) if arguments is not None else None
    if screen is None or following.above is None:
        return screen
    return Screen(f"{following.above}\n\n{screen.text}", screen.rows)


def _reply_with(context: Context, route: Route[Any], following: Next, screen: Screen) -> Reply:
    """Return the reply with a screen, in place of the pressed message or below `first`.

    Only one message has a flow's screen with buttons; they are removed from the one before it.
    """
    commands = menu_of(context) if following.menu else None
    if route.kind == "page":
        reply = context.shows(screen, edit=route.edits and not following.enclosures)
        placed = (replace(one, enclosures=following.enclosures) for one in reply.shown)
        shown = (*following.first, *placed)
        return replace(reply, shown=shown, toast=following.toast, commands=commands)
    messages = (*following.first, _message_with(context, following, screen))
    return Reply(messages, toast=following.toast, commands=commands, person=context.person.id)


def _message_with(context: Context, following: Next, screen: Screen) -> Shown:
    pressed_on, before = context.pressed_on, step_message(context)
    if following.first or following.enclosures:
        edit, remove = None, pressed_on or before
    else:
        edit, remove = pressed_on, before if before != pressed_on else None
    sentence = route_of(following.press).asks
    asked = of_step(following.press.data, following.typed, screen, sentence=sentence).to_json()
    enclosures = following.enclosures
    return Shown(screen, edit, STEP, remove_keyboard=remove, enclosures=enclosures, asks=asked)
