"""The buttons under `/status` that lead to files, and the reply that has one made.

The reply carries only what is to be made: it is done after the commit, outside of the transaction.
"""

from handlers.exports.formats import FORMATS, ExportFormat, formats_for
from handlers.flow.channel import Button, Enclosure, Making, Reply, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.press import Press, pack
from handlers.status.view import StatusView
from handlers.texts import plain

MAKE = "s.make"
_AGAIN = "again"  # pressed on the screen below a file: that screen loses its buttons


def make_button(context: Context, round_id: int, format_: ExportFormat, again: str = "") -> Button:
    """`📄 Bản Excel`."""
    return Button(context.texts.say(format_.button), pack(MAKE, round_id, format_.name, again))


def files_screen(context: Context, status: StatusView, *, everything: bool) -> Screen:
    """Every format that the person may have of this round."""
    texts = context.texts
    text = texts.say("exports.files", commune=status.commune, round=status.round)
    return Screen(text, _rows(context, status, "", everything=everything))


def exported(
    context: Context, status: StatusView, press: Press, *, everything: bool
) -> Reply | None:
    """The file that was asked for, with the screen for further ones; None: not for this person."""
    allowed = {one.name: one for one in formats_for(everything=everything)}
    format_ = allowed.get(press.text(1))
    if format_ is None:
        return None
    missing = format_.missing(context.tx, status)
    if missing is not None:
        text = context.texts.say(missing, round=status.round)
        return context.shows(
            Screen(text, _rows(context, status, "", everything=everything)), edit=False
        )
    texts = context.texts
    caption = texts.say(
        "exports.caption", commune=status.commune, round=status.round, met=status.result.met,
        total=status.result.total, done=status.areas_in, areas=len(status.areas),
    )  # fmt: skip
    making = Making(format_.name, status.round_id, texts.language)
    screen = Screen(
        texts.say("exports.more"), _rows(context, status, _AGAIN, everything=everything)
    )
    shown = Shown(
        screen,
        strip=context.incoming.message if press.text(2) == _AGAIN else None,
        enclosures=(Enclosure(format_.shown_as, caption, making=making),),
    )
    return Reply((shown,), toast=texts.say("exports.making"), person=context.person.id)


def format_named(text: str) -> str | None:
    """The name of the format that a typed word means: "excel", "biểu đồ"."""
    wanted = plain(text)
    return next((one.name for one in FORMATS.values() if wanted in {one.name, *one.words}), None)


def _rows(
    context: Context, status: StatusView, again: str, *, everything: bool
) -> tuple[tuple[Button, ...], ...]:
    buttons = [
        make_button(context, status.round_id, one, again)
        for one in formats_for(everything=everything)
    ]
    pairs = [tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2)]
    overview = Button(context.texts.say("status.button.overview"), pack("s.full", status.round_id))
    return (*pairs, (overview,))
