"""From presses, typed texts and photos to the steps of every errand beside the report."""

from dataclasses import replace

from handlers import confirming, my_data
from handlers.asked import NOTHING, AskedScreen, from_json, of_step
from handlers.channel import Attachment, Reply, Screen, Shown
from handlers.difficulties import raising, reading, settling
from handlers.home import commands_of
from handlers.managing import (
    handing,
    hub,
    invitations,
    inviting,
    leaving,
    people,
    remaining,
    reminding,
    reopening,
    rounds,
    scheduling,
    unreachable,
)
from handlers.noticing import following, writing
from handlers.opening import flow
from handlers.operating import home as desk
from handlers.operating import inviting as first_inviting
from handlers.operating import sharing
from handlers.presses import Press
from handlers.reporting import counting, practising, telling_how
from handlers.review import accepting, behalf, correcting, returning, showing_evidence, totals
from handlers.review import screens as reviewing
from handlers.steps import (
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
from handlers.turn import Turn
from storage import asks
from storage import people as people_kept

_ERRANDS: tuple[Steps, ...] = tuple(
    module.STEPS
    for module in (
        hub, people, handing, invitations, inviting, rounds, scheduling, reopening,
        leaving, unreachable, remaining, reminding, following, writing,
        reviewing, accepting, returning, correcting, totals, behalf, showing_evidence,
        flow, desk, first_inviting, sharing,
        raising, reading, settling,
        confirming, counting, telling_how, practising, my_data,
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


def looked_at(turn: Turn, press: Press) -> tuple[Next, Screen] | None:
    """The screen that a press shows, not a reply yet (see `shown`). None: it leads nowhere."""
    following = Next(press, said=said(turn, press))
    screen = _screen(turn, following)
    return (following, screen) if screen is not None else None


def pressed(turn: Turn, press: Press) -> Reply | None:
    """Show the screen of a press, or do what it says. None: it leads nowhere (any more)."""
    on_the_way, deed = said(turn, press), DEEDS.get(press.action)
    if deed is None:
        return show(turn, Next(press, said=on_the_way))
    done = deed(turn, press, on_the_way)
    if isinstance(done, Reply):
        return done
    roles = tuple(people_kept.memberships_of(turn.tx, turn.person.id))
    return show(replace(turn, memberships=roles), done)


def typed(turn: Turn, shown: AskedScreen, text: str) -> Reply | None:
    """What a text that names no button says to the step. None: nothing."""
    step = shown.address
    take = TAKES.get(step.action) if step is not None else None
    if step is None or take is None:
        return None
    done = take(turn, step, shown.said, text)
    return done if isinstance(done, Reply) else show(turn, done)


def photographed(turn: Turn, shown: AskedScreen, item: Attachment) -> Reply | None:
    """What a photo or file says to the step that its sender saw. None: nothing."""
    step = shown.address
    take = _PHOTOS.get(step.action) if step is not None else None
    if step is None or take is None:
        return None
    return show(turn, take(turn, step, shown.said, item))


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


def show(turn: Turn, following: Next | None) -> Reply | None:
    """The screen of a step. None: it leads nowhere."""
    screen = _screen(turn, following) if following is not None else None
    if following is None or screen is None:
        return None
    return shown(turn, following, screen)


def _screen(turn: Turn, following: Next) -> Screen | None:
    """What a step shows; nothing is changed by it."""
    view = VIEWS.get(following.press.action)
    screen = view(turn, following.press, following.said) if view is not None else None
    if screen is None or following.above is None:
        return screen
    return Screen(f"{following.above}\n\n{screen.text}", screen.rows)


def shown(turn: Turn, following: Next, screen: Screen) -> Reply:
    """A step's screen as a reply: in the place of the pressed message, else below what goes first.

    There is one step with buttons: the message that was it before loses them.
    """
    commands = commands_of(turn) if following.menu else None
    messages = (*following.first, _placed(turn, following, screen))
    return Reply(messages, toast=following.toast, commands=commands, person=turn.person.id)


def _placed(turn: Turn, following: Next, screen: Screen) -> Shown:
    pressed_on = turn.incoming.message if turn.incoming.kind == "press" else None
    before = step_message(turn.tx, turn.person.id)
    if following.first or following.enclosures:
        edit, strip = None, pressed_on or before
    else:
        edit, strip = pressed_on, before if before != pressed_on else None
    step, sentence = data_of(following.press), asked(following.press)
    asks_for = of_step(step, following.said, screen, sentence=sentence).to_json()
    return Shown(screen, edit, STEP, strip=strip, enclosures=following.enclosures, asks=asks_for)


def said(turn: Turn, press: Press) -> Said:
    """What was said on the way here, for a button of a step in the same errand."""
    rows = (from_json(row.content) for row in reversed(asks.recent(turn.tx, turn.person.id)))
    shown = next((one for one in rows if not one.by_itself), NOTHING)
    step = shown.address
    if step is None or all(one.data != data_of(press) for one in shown.buttons):
        return ()
    return shown.said if _errand(step) is _errand(press) else ()


def _errand(press: Press) -> Steps | None:
    found = (one for one in _ERRANDS if press.action in one.views or press.action in one.deeds)
    return next(found, None)
