"""From presses, typed texts and photos to the steps of every errand beside the report."""

from dataclasses import replace

from handlers.announcements import delivery, writing
from handlers.counting import method
from handlers.counting import screens as counting
from handlers.difficulties import raising, settling
from handlers.difficulties import screens as difficulties
from handlers.flow.asked_screen import NOTHING, AskedScreen, from_json, of_step
from handlers.flow.channel import Attachment, Reply, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.press import Press
from handlers.flow.steps import (
    STEP,
    Deed,
    Leave,
    Next,
    Said,
    Steps,
    Take,
    TakePhoto,
    View,
    data_of,
    step_message,
)
from handlers.home import commands_of
from handlers.joining import first_invitation, invitations, leaving, new_invitation
from handlers.officer import confirmation, home, people, transfers, unreachable
from handlers.operator import difficulties as shared_difficulties
from handlers.operator import home as operator_home
from handlers.personal_data import remains
from handlers.personal_data import screens as my_data
from handlers.practice import screens as practice
from handlers.review import accepting, correcting, evidence, on_behalf, returning, totals
from handlers.review import screens as reviewing
from handlers.rounds import reminder_plan, reopening, schedule
from handlers.rounds import screens as rounds
from handlers.rounds.opening import flow
from storage import asks
from storage import people as people_kept

_ERRANDS: tuple[Steps, ...] = tuple(
    module.STEPS
    for module in (
        home, people, transfers, invitations, new_invitation, rounds, schedule, reopening,
        leaving, unreachable, remains, reminder_plan, delivery, writing,
        reviewing, accepting, returning, correcting, totals, on_behalf, evidence,
        flow, operator_home, first_invitation, shared_difficulties,
        raising, difficulties, settling,
        confirmation, counting, method, practice, my_data,
    )
)  # fmt: skip
VIEWS: dict[str, View] = {key: one for steps in _ERRANDS for key, one in steps.views.items()}
DEEDS: dict[str, Deed] = {key: one for steps in _ERRANDS for key, one in steps.deeds.items()}
TAKES: dict[str, Take] = {key: one for steps in _ERRANDS for key, one in steps.takes.items()}
_PHOTOS: dict[str, TakePhoto] = {k: one for s in _ERRANDS for k, one in s.photos.items()}
_LEAVES: dict[str, Leave] = {key: one for steps in _ERRANDS for key, one in steps.leaves.items()}
_CONVERSING: frozenset[str] = frozenset[str]().union(*(steps.conversing for steps in _ERRANDS))
_ASKING: frozenset[str] = _CONVERSING.union(*(steps.asking for steps in _ERRANDS))


def is_step(press: Press) -> bool:
    """Whether the press belongs here."""
    return press.action in VIEWS or press.action in DEEDS


def is_view(press: Press) -> bool:
    """Whether the press only shows a screen."""
    return press.action in VIEWS and press.action not in DEEDS


def looked_at(context: Context, press: Press) -> tuple[Next, Screen] | None:
    """The screen that a press shows, not a reply yet (see `shown`). None: it leads nowhere."""
    delivery = Next(press, said=said(context, press))
    screen = _screen(context, delivery)
    return (delivery, screen) if screen is not None else None


def pressed(context: Context, press: Press) -> Reply | None:
    """Show the screen of a press, or do what it says. None: it leads nowhere (any more)."""
    on_the_way, deed = said(context, press), DEEDS.get(press.action)
    if deed is None:
        return show(context, Next(press, said=on_the_way))
    done = deed(context, press, on_the_way)
    if isinstance(done, Reply):
        return done
    roles = tuple(people_kept.memberships_of(context.tx, context.person.id))
    return show(replace(context, memberships=roles), done)


def typed(context: Context, shown: AskedScreen, text: str) -> Reply | None:
    """What a text that names no button says to the step. None: nothing."""
    step = shown.address
    take = TAKES.get(step.action) if step is not None else None
    if step is None or take is None:
        return None
    done = take(context, step, shown.said, text)
    return done if isinstance(done, Reply) else show(context, done)


def photographed(context: Context, shown: AskedScreen, item: Attachment) -> Reply | None:
    """What a photo or file says to the step that its sender saw. None: nothing."""
    step = shown.address
    take = _PHOTOS.get(step.action) if step is not None else None
    if step is None or take is None:
        return None
    return show(context, take(context, step, shown.said, item))


def asked(step: Press | None) -> bool:
    """Whether what is typed on this step is what was asked for, a number too."""
    return step is not None and step.action in _ASKING


def converses(step: Press) -> bool:
    """Whether this step reads the words that lead back and out itself."""
    return step.action in _CONVERSING


def way_out(step: Press) -> Press | None:
    """Where "huỷ" leads from a step; None: to its last button."""
    leave = _LEAVES.get(step.action)
    return leave(step) if leave is not None else None


def show(context: Context, delivery: Next | None) -> Reply | None:
    """The screen of a step. None: it leads nowhere."""
    screen = _screen(context, delivery) if delivery is not None else None
    if delivery is None or screen is None:
        return None
    return shown(context, delivery, screen)


def _screen(context: Context, delivery: Next) -> Screen | None:
    """What a step shows; nothing is changed by it."""
    view = VIEWS.get(delivery.press.action)
    screen = view(context, delivery.press, delivery.said) if view is not None else None
    if screen is None or delivery.above is None:
        return screen
    return Screen(f"{delivery.above}\n\n{screen.text}", screen.rows)


def shown(context: Context, delivery: Next, screen: Screen) -> Reply:
    """A step's screen as a reply: in the place of the pressed message, else below what goes first.

    There is one step with buttons: the message that was it before loses them.
    """
    commands = commands_of(context) if delivery.menu else None
    messages = (*delivery.first, _placed(context, delivery, screen))
    return Reply(messages, toast=delivery.toast, commands=commands, person=context.person.id)


def _placed(context: Context, delivery: Next, screen: Screen) -> Shown:
    pressed_on = context.incoming.message if context.incoming.kind == "press" else None
    before = step_message(context.tx, context.person.id)
    if delivery.first or delivery.enclosures:
        edit, strip = None, pressed_on or before
    else:
        edit, strip = pressed_on, before if before != pressed_on else None
    step, sentence = data_of(delivery.press), asked(delivery.press)
    asks_for = of_step(step, delivery.said, screen, sentence=sentence).to_json()
    return Shown(screen, edit, STEP, strip=strip, enclosures=delivery.enclosures, asks=asks_for)


def said(context: Context, press: Press) -> Said:
    """What was said on the way here, for a button of a step in the same errand."""
    rows = (from_json(row.content) for row in reversed(asks.recent(context.tx, context.person.id)))
    shown = next((one for one in rows if not one.by_itself), NOTHING)
    step = shown.address
    if step is None or all(one.data != data_of(press) for one in shown.buttons):
        return ()
    return shown.said if _errand(step) is _errand(press) else ()


def _errand(press: Press) -> Steps | None:
    found = (one for one in _ERRANDS if press.action in one.views or press.action in one.deeds)
    return next(found, None)
