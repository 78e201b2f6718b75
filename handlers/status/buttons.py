"""The buttons under the overview: the eight that matter most, the others one tap further."""

from handlers.exports.formats import formats_for
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import Rows
from handlers.flow.press import pack
from handlers.status.files import make_button
from handlers.status.view import Standing

_MOST = 8


def overview_rows(context: Context, standing: Standing, *, everything: bool) -> Rows:
    """All that the person can do here, or the seven that matter most and the way to the others."""
    buttons = _buttons(context, standing, everything=everything)
    if len(buttons) <= _MOST:
        return _in_pairs(buttons)
    more = Button(context.texts.say("status.button.more"), pack("s.more", standing.round_id))
    return _in_pairs([*buttons[: _MOST - 1], more])


def more_screen(context: Context, standing: Standing, *, everything: bool) -> Screen:
    """The buttons that the overview has no room for."""
    texts = context.texts
    text = texts.say("status.more", commune=standing.commune, round=standing.round)
    further = _buttons(context, standing, everything=everything)[_MOST - 1 :]
    back = Button(texts.say("status.button.overview"), pack("s.full", standing.round_id))
    return Screen(text, (*_in_pairs(further), (back,)))


def _in_pairs(buttons: list[Button]) -> Rows:
    return tuple(tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2))


def _buttons(context: Context, standing: Standing, *, everything: bool) -> list[Button]:
    """What there is to press, by how often it is wanted in a meeting.

    `everything`: the person gets every format of file.
    """
    texts, here = context.texts, standing.round_id
    own = bool(context.areas)
    several = context.operator or len(context.communes_read) > 1
    first_file, *files = (make_button(context, here, one) for one in formats_for(everything=False))
    found: list[Button | None] = [
        first_file,
        Button(texts.say("status.button.areas"), pack("s.areas", here)),
        Button(texts.say("status.button.actions"), pack("s.todo", here)),
        _nudge(context, standing),
        _review(context, standing),
        _difficulties(context, standing),
        *files,
        Button(texts.say("status.button.communes"), pack("s.all")) if several else None,
        Button(texts.say("status.button.copy"), pack("s.copy", here)),
        Button(texts.say("status.button.indicators"), pack("s.inds", here)),
        Button(texts.say("status.button.why"), pack("s.why", here)),
        Button(texts.say("status.button.own"), pack("s.own")) if own else None,
        Button(texts.say("status.button.files"), pack("s.files", here)) if everything else None,
        Button(texts.say("button.home"), pack("home")),
    ]
    return [one for one in found if one is not None]


def _review(context: Context, standing: Standing) -> Button | None:
    if standing.commune_id not in context.office_communes or standing.closed:
        return None
    waiting = sum(standing.state_of(unit) == "sent" for unit in standing.areas)
    key = "review.button_count" if waiting else "review.button"
    return Button(context.texts.say(key, count=waiting), pack("v.list", standing.round_id))


def _nudge(context: Context, standing: Standing) -> Button | None:
    late = len(standing.areas) - standing.areas_in
    if standing.commune_id not in context.communes_read or not late or standing.closed:
        return None
    return Button(context.texts.say("nudge.button", count=late), pack("r.nudge", standing.round_id))


def _difficulties(context: Context, standing: Standing) -> Button | None:
    if standing.commune_id not in context.communes_read or not standing.difficulties:
        return None
    label = context.texts.say("status.button.difficulties", count=standing.difficulties)
    return Button(label, pack("d.list", standing.commune_id))
