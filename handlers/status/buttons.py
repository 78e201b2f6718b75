"""The buttons under the overview: the eight that matter most, the others one tap further."""

from handlers.channel import Button, Screen
from handlers.exports.formats import formats_for
from handlers.presses import pack
from handlers.status.files import make_button
from handlers.status.pages import Rows
from handlers.status.picture import Standing
from handlers.turn import Turn

_MOST = 8


def overview_rows(turn: Turn, standing: Standing, *, everything: bool) -> Rows:
    """All that the person can do here, or the seven that matter most and the way to the others."""
    buttons = _buttons(turn, standing, everything=everything)
    if len(buttons) <= _MOST:
        return _in_pairs(buttons)
    more = Button(turn.texts.say("status.button.more"), pack("s.more", standing.round_id))
    return _in_pairs([*buttons[: _MOST - 1], more])


def more_screen(turn: Turn, standing: Standing, *, everything: bool) -> Screen:
    """The buttons that the overview has no room for."""
    texts = turn.texts
    text = texts.say("status.more", commune=standing.commune, round=standing.round)
    further = _buttons(turn, standing, everything=everything)[_MOST - 1 :]
    back = Button(texts.say("status.button.overview"), pack("s.full", standing.round_id))
    return Screen(text, (*_in_pairs(further), (back,)))


def _in_pairs(buttons: list[Button]) -> Rows:
    return tuple(tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2))


def _buttons(turn: Turn, standing: Standing, *, everything: bool) -> list[Button]:
    """What there is to press, by how often it is wanted in a meeting.

    `everything`: the person gets every format of file.
    """
    texts, here = turn.texts, standing.round_id
    own = bool(turn.areas)
    several = turn.operator or len(turn.communes_read) > 1
    first_file, *files = (make_button(turn, here, one) for one in formats_for(everything=False))
    found: list[Button | None] = [
        first_file,
        Button(texts.say("status.button.areas"), pack("s.areas", here)),
        Button(texts.say("status.button.actions"), pack("s.todo", here)),
        _nudge(turn, standing),
        _review(turn, standing),
        _difficulties(turn, standing),
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


def _review(turn: Turn, standing: Standing) -> Button | None:
    if standing.commune_id not in turn.office_communes or standing.closed:
        return None
    waiting = sum(standing.state_of(unit) == "sent" for unit in standing.areas)
    key = "review.button_count" if waiting else "review.button"
    return Button(turn.texts.say(key, count=waiting), pack("v.list", standing.round_id))


def _nudge(turn: Turn, standing: Standing) -> Button | None:
    late = len(standing.areas) - standing.areas_in
    if standing.commune_id not in turn.communes_read or not late or standing.closed:
        return None
    return Button(turn.texts.say("nudge.button", count=late), pack("r.nudge", standing.round_id))


def _difficulties(turn: Turn, standing: Standing) -> Button | None:
    if standing.commune_id not in turn.communes_read or not standing.difficulties:
        return None
    label = turn.texts.say("status.button.difficulties", count=standing.difficulties)
    return Button(label, pack("d.list", standing.commune_id))
