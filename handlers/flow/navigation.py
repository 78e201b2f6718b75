"""The router: from presses, typed texts and photos to the routes that they are for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from handlers.flow.asked_screen import NOTHING, AskedScreen, from_json, of_step
from handlers.flow.channel import Attachment, Reply, Screen, Shown
from handlers.flow.commands import menu_of
from handlers.flow.context import Context, areas_until_close
from handlers.flow.press import Press
from handlers.flow.routes import SCREENS_OF, Next, Route, route_of
from storage.conversations import asks, conversations
from storage.people import people

STEP = "step"  # the purpose of the one message with a screen of a flow that has buttons


@dataclass(frozen=True, slots=True)
class ReadScreen:
    """A screen or page that was built and is not kept yet; see `finish_reading`."""

    route: Route[Any]
    next: Next
    screen: Screen


def press(context: Context, address: Press, read: object = None) -> Reply | None:
    """What a press shows or does. None: it leads nowhere (any more, or for this person).

    `read`: what has been loaded for this update, and nothing was changed since; see `Loading`.
    """
    route, said = route_of(address), said_before(context, address)
    if route.do is None:
        return show(context, Next(address, said=said))
    context = _at(context, route, address, said)
    arguments = route.load(context, address, read)
    done = route.do(context, **arguments) if arguments is not None else None
    return followed(context, done, roles_changed=True)


def read(context: Context, address: Press) -> ReadScreen | Reply | None:
    """What a press shows, where it only shows something; nothing is kept of it yet."""
    route = route_of(address)
    if not route.only_reads:
        return None
    if route.do is not None:
        return press(context, address)
    following = Next(address, said=said_before(context, address))
    screen = _screen(context, route, following)
    return ReadScreen(route, following, screen) if screen is not None else None


def finish_reading(context: Context, found: ReadScreen) -> Reply:
    """The reply with a screen that was built before."""
    return _shown(context, found.route, found.next, found.screen)


def show(context: Context, following: Next | None) -> Reply | None:
    """The screen of an address. None: it leads nowhere."""
    if following is None:
        return None
    route = route_of(following.press)
    screen = _screen(context, route, following)
    return _shown(context, route, following, screen) if screen is not None else None


def typed(context: Context, shown: AskedScreen, text: str, read: object = None) -> Reply | None:
    """What a text that names no button says to the screen it was typed on. None: nothing."""
    return _taken(context, shown, lambda route: route.take_text, text, read)


def photographed(context: Context, shown: AskedScreen, item: Attachment) -> Reply | None:
    """What a photo or file says to the screen that its sender saw. None: nothing."""
    return _taken(context, shown, lambda route: route.take_photo, item)


def _taken(
    context: Context, shown: AskedScreen, handler_of: Callable[[Route[Any]], Any], said: object,
    read: object = None,
) -> Reply | None:  # fmt: skip
    """What a handler of the shown screen makes of this; the sender's rights are checked first."""
    address, route = shown.address, route_of(shown.address)
    handler = handler_of(route)
    if address is None or handler is None:
        return None
    context = _at(context, route, address, shown.said)
    arguments = route.load(context, address, read)
    if arguments is None:
        return show(context, Next(route.when_refused)) if route.when_refused is not None else None
    return followed(context, handler(context, said, **arguments))


def _at(context: Context, route: Route[Any], address: Press, said: tuple[str, ...]) -> Context:
    """The context of an address that is being handled."""
    return replace(context, address=address, said=said, page=route.page_in(address))


def said_before(context: Context, address: Press) -> tuple[str, ...]:
    """What was typed on the way here, for a button of a screen of the same flow."""
    here = route_of(address)
    if here.kind == "page" or here.flow not in SCREENS_OF:
        return ()  # nothing is typed on the way there
    rows = (from_json(row.content) for row in reversed(asks.recent(context.tx, context.person.id)))
    shown = next((one for one in rows if not one.by_itself), NOTHING)
    if route_of(shown.address).flow != here.flow:
        return ()
    return shown.said if any(one.data == address.data for one in shown.buttons) else ()


def step_message(context: Context) -> str | None:
    """The message that has the screen of a flow with buttons."""
    return conversations.shown_message(context.tx, context.person.id, context.bot, STEP)


def followed(
    context: Context, done: Next | Reply | None, *, roles_changed: bool = False
) -> Reply | None:
    """Where an action or a text leads; the screen is shown by the roles of this moment."""
    if done is None or isinstance(done, Reply):
        return done
    if roles_changed:
        tx, who = context.tx, context.person.id
        roles = tuple(people.memberships_of(tx, who))
        kept = areas_until_close(tx, who, roles, context.now)
        context = replace(context, memberships=roles, until_close=kept)
    return show(context, done)


def _screen(context: Context, route: Route[Any], following: Next) -> Screen | None:
    """What a screen or page shows; nothing is changed by it."""
    if route.show is None:
        return None
    context = _at(context, route, following.press, following.said)
    arguments = route.load(context, following.press)
    screen = route.show(context, **arguments) if arguments is not None else None
    if screen is None or following.above is None:
        return screen
    return Screen(f"{following.above}\n\n{screen.text}", screen.rows)


def _shown(context: Context, route: Route[Any], following: Next, screen: Screen) -> Reply:
    """A screen in the place of the pressed message, else below what goes first.

    There is one screen of a flow with buttons: the message that was it before loses them.
    """
    commands = menu_of(context) if following.menu else None
    if route.kind == "page":
        reply = context.shows(screen, edit=route.edits)
        shown = (*following.first, *reply.shown)
        return replace(reply, shown=shown, toast=following.toast, commands=commands)
    messages = (*following.first, _placed(context, following, screen))
    return Reply(messages, toast=following.toast, commands=commands, person=context.person.id)


def _placed(context: Context, following: Next, screen: Screen) -> Shown:
    pressed_on, before = context.pressed_on, step_message(context)
    if following.first or following.enclosures:
        edit, bare = None, pressed_on or before
    else:
        edit, bare = pressed_on, before if before != pressed_on else None
    sentence = route_of(following.press).asks
    asked = of_step(following.press.data, following.said, screen, sentence=sentence).to_json()
    return Shown(
        screen, edit, STEP, remove_keyboard=bare, enclosures=following.enclosures, asks=asked
    )
