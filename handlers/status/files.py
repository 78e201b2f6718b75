"""The buttons under `/status` that lead to files, and the reply that has one made.

The reply carries only what is to be made: it is done after the commit, outside of the transaction.
"""

from handlers.exports.formats import FORMATS, ExportFormat, formats_for
from handlers.flow.arguments import text
from handlers.flow.channel import Button, Enclosure, Making, Reply, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.next import Next
from handlers.flow.page import Rows, button
from handlers.flow.rights import READER
from handlers.flow.routes import GONE, Loading, action, argument, page
from handlers.status import word_draft
from handlers.status.access import OfRound, runs
from handlers.status.lines import reports_said, to_overview
from handlers.status.view import StatusView
from handlers.texts import plain

_AGAIN = "again"  # pressed on the screen below a file: that screen loses its buttons


def _formats(context: Context, status: StatusView) -> list[ExportFormat]:
    return formats_for(everything=runs(context, status.commune_id))


def _allowed_format(loading: Loading) -> object:
    """An argument: a format that the person may have of this round."""
    allowed = {one.name: one for one in _formats(loading.context, loading.before["status"])}
    return allowed.get(loading.text, GONE)


class _File(OfRound):
    format: ExportFormat = argument(_allowed_format)
    again: str = argument(text)


@page("s.files", OfRound, right=READER)
def files(context: Context, at: OfRound) -> Screen:
    """Every format that the person may have of this round."""
    status = at.status
    title = status.round_title(context.texts)
    text = context.texts.say("exports.files", commune=status.commune, round=title)
    return Screen(text, _rows(context, status))


@action("s.make", _File, right=READER)
def make(context: Context, at: _File) -> Next | Reply:
    """The file that was asked for, with the screen for further ones."""
    status, texts = at.status, context.texts
    missing = at.format.missing(context.tx, status)
    if missing is not None:
        text = texts.say(missing, round=status.round_title(texts))
        return context.shows(Screen(text, _rows(context, status)), edit=False)
    asked = word_draft.asked_before_making(context, status, at.format.name)
    if asked is not None:
        return Next(asked)
    word_draft.note_made(context, status, at.format.name)
    caption = texts.say(
        "exports.caption", commune=status.commune, round=status.round_title(texts),
        met=status.result.met, total=status.result.total, reports=reports_said(status, texts),
    )  # fmt: skip
    making = Making(at.format.name, status.round_id, texts.language)
    shown = Shown(
        Screen(texts.say("exports.more"), _rows(context, status, _AGAIN)),
        remove_keyboard=context.incoming.message if at.again == _AGAIN else None,
        enclosures=(Enclosure(at.format.shown_as, caption, making=making),),
    )
    return Reply((shown,), toast=texts.say("exports.making"), person=context.person.id)


def make_button(context: Context, round_id: int, format_: ExportFormat, again: str = "") -> Button:
    """`📄 Bản Excel`."""
    return make.button(context.texts, format_.button, round_id, format_.name, again)


def format_named(text: str) -> str | None:
    """The name of the format that a typed word means: "excel", "biểu đồ"."""
    wanted = plain(text)
    return next((one.name for one in FORMATS.values() if wanted in {one.name, *one.words}), None)


def _rows(context: Context, status: StatusView, again: str = "") -> Rows:
    buttons = [
        make_button(context, status.round_id, one, again) for one in _formats(context, status)
    ]
    pairs = [tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2)]
    if status.commune_id in context.office_communes:
        document = button(context.texts, "exports.button.word", "s.word", status.round_id)
        pairs.append((document,))
    return (*pairs, (to_overview(status, context.texts),))
