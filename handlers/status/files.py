"""The buttons under `/status` that lead to files, and the reply that has one made.

The reply carries only what is to be made: it is done after the commit, outside of the transaction.
"""

from handlers.channel import Button, Enclosure, Making, Reply, Screen, Shown
from handlers.exports.formats import FORMATS, ExportFormat, formats_for
from handlers.presses import Press, pack
from handlers.status.picture import Picture
from handlers.texts import plain
from handlers.turn import Turn

MAKE = "s.make"
_AGAIN = "again"  # pressed on the screen below a file: that screen loses its buttons


def make_button(turn: Turn, round_id: int, format_: ExportFormat, again: str = "") -> Button:
    """`📄 Bản Excel`."""
    return Button(turn.texts.say(format_.button), pack(MAKE, round_id, format_.name, again))


def files_screen(turn: Turn, picture: Picture, *, everything: bool) -> Screen:
    """Every format that the person may have of this round."""
    texts = turn.texts
    text = texts.say("exports.files", commune=picture.commune, round=picture.round)
    return Screen(text, _rows(turn, picture, "", everything=everything))


def exported(turn: Turn, picture: Picture, press: Press, *, everything: bool) -> Reply | None:
    """The file that was asked for, with the screen for further ones; None: not for this person."""
    allowed = {one.name: one for one in formats_for(everything=everything)}
    format_ = allowed.get(press.text(1))
    if format_ is None:
        return None
    missing = format_.missing(turn.tx, picture)
    if missing is not None:
        text = turn.texts.say(missing, round=picture.round)
        return turn.shows(Screen(text, _rows(turn, picture, "", everything=everything)), edit=False)
    texts = turn.texts
    caption = texts.say(
        "exports.caption", commune=picture.commune, round=picture.round, met=picture.result.met,
        total=picture.result.total, done=picture.areas_in, areas=len(picture.areas),
    )  # fmt: skip
    making = Making(format_.name, picture.round_id, texts.language)
    screen = Screen(texts.say("exports.more"), _rows(turn, picture, _AGAIN, everything=everything))
    shown = Shown(
        screen,
        strip=turn.incoming.message if press.text(2) == _AGAIN else None,
        enclosures=(Enclosure(format_.shown_as, caption, making=making),),
    )
    return Reply((shown,), toast=texts.say("exports.making"), person=turn.person.id)


def format_named(text: str) -> str | None:
    """The name of the format that a typed word means: "excel", "biểu đồ"."""
    wanted = plain(text)
    return next((one.name for one in FORMATS.values() if wanted in {one.name, *one.words}), None)


def _rows(
    turn: Turn, picture: Picture, again: str, *, everything: bool
) -> tuple[tuple[Button, ...], ...]:
    buttons = [
        make_button(turn, picture.round_id, one, again)
        for one in formats_for(everything=everything)
    ]
    pairs = [tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2)]
    overview = Button(turn.texts.say("status.button.overview"), pack("s.full", picture.round_id))
    return (*pairs, (overview,))
