"""The status by command and by word: what is typed opens what the buttons open."""

from collections.abc import Iterator, Sequence

from handlers.channel import Button, Reply
from handlers.presses import Press, packed, unpack
from handlers.status.areas import same_name_screen
from handlers.status.communes import first_turned
from handlers.status.files import MAKE, format_named
from handlers.status.loading import picture_of, rounds_shown, with_last
from handlers.status.picture import Picture
from handlers.status.routing import (
    SCREENS,
    commune_named,
    opened,
    own_status,
    readable_communes,
    why_screen,
)
from handlers.status.supposing import asked, how_screen, supposed, which_screen
from handlers.texts import plain
from handlers.turn import Turn
from storage import places
from storage.places import Commune


def status_command(turn: Turn, argument: str) -> Reply:
    """`/status`: the commune for who leads or runs one, all communes for operators, else my area.

    A word after it opens what the buttons open: "khu 5", "HT1", "việc", "zalo", "excel".
    """
    if not argument:
        return turn.shows(own_status(turn), edit=False)
    picture = _only_picture(turn)
    return _named(turn, argument, _several(turn), picture) or _own(turn, picture)


def export_command(turn: Turn, argument: str) -> Reply:
    """`/xuat`: the files of the one round that is shown; "excel" after it has that one made."""
    wanted = argument if format_named(argument) else "files"
    picture = _only_picture(turn)
    return _named(turn, wanted, _several(turn), picture) or _own(turn, picture)


def suppose_command(turn: Turn, argument: str) -> Reply:
    """`/neu Khu 5 90%`: what the result would be; it asks for the indicator when none is named."""
    picture = _only_picture(turn)
    if picture is None:
        return turn.shows(own_status(turn), edit=False)
    given = asked(picture, argument, turn.texts)
    if given is None or not given.units:
        return turn.shows(how_screen(picture, turn.texts), edit=False)
    if len(given.units) > 1:
        return turn.shows(which_screen(picture, given, turn.texts), edit=False)
    here = (packed(picture.round_id), packed(given.units[0]), given.code, given.value)
    screen = supposed(picture, Press("s.if", here), turn.texts)
    return turn.shows(screen or how_screen(picture, turn.texts), edit=False)


def why_command(turn: Turn, argument: str) -> Reply:
    """`/visao`: what changed since yesterday, and why; "7" after it since seven days ago."""
    picture = _only_picture(turn)
    days = int(argument) if argument in _DAYS else 1
    here = (packed(picture.round_id), packed(days)) if picture is not None else ()
    screen = why_screen(turn, picture, Press("s.why", here)) if picture is not None else None
    return turn.shows(screen, edit=False) if screen is not None else _own(turn, picture)


_BESIDE_LAST = frozenset({"s.full", "s.inds", "s.ind"})
_DAYS = frozenset(str(days) for days in range(1, 100))
_WORDS = {
    "khu": "s.areas",
    "areas": "s.areas",
    "chỉ tiêu": "s.inds",
    "indicators": "s.inds",
    "việc": "s.todo",
    "todo": "s.todo",
    "zalo": "s.copy",
    "copy": "s.copy",
    "tệp": "s.files",
    "files": "s.files",
}


def status_typed(turn: Turn, text: str) -> Press | Reply | None:
    """What typed text opens of the status: a button's press, an area, an indicator."""
    if not turn.communes_read and not turn.operator:
        return None
    picture, readable, wanted = _only_picture(turn), _several(turn), plain(text)
    for button in _captions(turn, readable, picture):
        press = unpack(button.data or "")
        if press is not None and press.action != "home" and plain(button.label) == wanted:
            return _of_picture(turn, press, picture) or press
    return _named(turn, text, readable, picture)


def _of_picture(turn: Turn, press: Press, picture: Picture | None) -> Reply | None:
    """What a button of the picture's own round shows; None for any other button."""
    if picture is None or press.number(0) != picture.round_id:
        return None
    return _opened(turn, press, picture) if press.action in {*SCREENS, MAKE} else None


def _opened(turn: Turn, press: Press, picture: Picture) -> Reply | None:
    if press.action in _BESIDE_LAST:
        picture = with_last(turn.tx, picture)
    return opened(turn, press, picture, edit=False)


def _own(turn: Turn, picture: Picture | None) -> Reply:
    return turn.shows(
        own_status(turn, with_last(turn.tx, picture) if picture is not None else None), edit=False
    )


def _several(turn: Turn) -> list[Commune]:
    """The communes whose table the person sees first; none for who sees one commune."""
    several = turn.operator or len(turn.communes_read) > 1
    return readable_communes(turn) if several else []


def _captions(turn: Turn, readable: Sequence[Commune], picture: Picture | None) -> Iterator[Button]:
    """The buttons of the person's own status, and those that it has no room for.

    Of the table of communes without their names, which are found by `commune_named`.
    """
    if readable:
        yield from (button for row in first_turned(readable, turn.texts) for button in row)
        return
    buttons = [button for row in own_status(turn, picture).rows for button in row]
    yield from buttons
    presses = (unpack(button.data or "") for button in buttons)
    further = next((one for one in presses if one is not None and one.action == "s.more"), None)
    reply = _of_picture(turn, further, picture) if further is not None else None
    for shown in reply.shown if reply is not None else ():
        yield from (button for row in shown.screen.rows for button in row)


def _named(
    turn: Turn, argument: str, readable: Sequence[Commune], picture: Picture | None
) -> Reply | None:
    """The screen that a typed word names: a commune of several, else what is in the one round."""
    commune = commune_named(turn, readable, argument) if readable else None
    if commune is not None:
        return turn.shows(commune, edit=False)
    if picture is None:
        return None
    word, here = argument.strip().lower(), packed(picture.round_id)
    press = None
    if word in _WORDS:
        press = Press(_WORDS[word], (here,))
    elif format_ := format_named(argument):
        press = Press(MAKE, (here, format_))
    elif code := next((c.code for c in picture.result.indicators if c.code.lower() == word), None):
        press = Press("s.ind", (here, code))
    else:
        named_so = places.areas_named(turn.tx, picture.commune_id, argument)
        same = [one.id for one in named_so if one.id in picture.areas]
        if len(same) > 1:
            return turn.shows(same_name_screen(picture, same, turn.texts), edit=False)
        press = Press("s.area", (here, packed(same[0]))) if same else None
    return _opened(turn, press, picture) if press is not None else None


def _only_picture(turn: Turn) -> Picture | None:
    """Of the one round that is shown of the one commune; None where there are several, or none.

    Without the round before: few of the screens that are opened by a word show it.
    """
    communes = turn.communes_read
    found = rounds_shown(turn.tx, communes[0], turn.now) if len(communes) == 1 else ()
    return picture_of(turn.tx, found[0], turn.now, last=False) if len(found) == 1 else None
