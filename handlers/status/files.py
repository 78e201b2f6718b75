"""The files of `/status`: their buttons, making a file, the question before a Word file."""

from typing import Annotated

from sqlalchemy import Connection

from handlers.exports.formats import FORMATS, ExportFormat, formats_for
from handlers.flow.arguments import Text, only
from handlers.flow.channel import Button, Enclosure, Making, Reply, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.page import Rows, ScreenBuilder, button, in_rows, to
from handlers.flow.press import Press
from handlers.flow.rights import OFFICER, READER
from handlers.flow.routes import GONE, Loading, Next, action, page, screen
from handlers.officer.access import round_of_office
from handlers.status.lines import reports_text, to_overview
from handlers.status.loading import RoundStatus, runs
from handlers.status.view import StatusView
from handlers.texts import plain
from storage.places import places
from storage.results import word_drafts
from storage.rounds import rounds
from storage.rounds.rounds import Round

_AGAIN = "again"  # pressed on the screen below a file: that screen loses its buttons
LONGEST = 250  # letters of a document's name
FORMAT = "docx"  # an officer is asked for a document before it is made


def formats_of(context: Context, status: StatusView) -> list[ExportFormat]:
    """Return the formats that the person may get of this round."""
    return formats_for(everything=runs(context, status.commune.id))


def _allowed_format(loading: Loading) -> object:
    """Return a format that the person may get of this round; else GONE."""
    allowed = {one.name: one for one in formats_of(loading.context, loading.before["status"])}
    return allowed.get(loading.text, GONE)


AllowedFormat = Annotated[ExportFormat, _allowed_format]


@page("s.files", right=READER)
def files(context: Context, status: RoundStatus) -> Screen:
    """Show every format that the person may get of this round."""
    title = status.round_title(context.texts)
    text = context.texts.say("exports.files", commune=status.commune.name, round=title)
    return Screen(text, _rows(context, status))


@action("s.make", right=READER)
def make(context: Context, status: RoundStatus, format: AllowedFormat, again: Text) -> Next | Reply:
    """Make the file; show the screen for further ones."""
    texts = context.texts
    missing = format.missing(context.tx, status)
    if missing is not None:
        text = texts.say(missing, round=status.round_title(texts))
        return context.shows(Screen(text, _rows(context, status)), edit=False)
    asked = asked_before_making(context, status, format.name)
    if asked is not None:
        return Next(asked)
    note_made(context, status, format.name)
    caption = texts.say(
        "exports.caption", commune=status.commune.name, round=status.round_title(texts),
        met=status.result.met, total=status.result.total, reports=reports_text(status, texts),
    )  # fmt: skip
    making = Making(format.name, status.id, texts.language)
    shown = Shown(
        Screen(texts.say("exports.more"), _rows(context, status, _AGAIN)),
        remove_keyboard=context.incoming.message if again == _AGAIN else None,
        enclosures=(Enclosure(format.shown_as, caption, making=making),),
    )
    return Reply((shown,), toast=texts.say("exports.making"), person=context.person.id)


def make_button(context: Context, round_id: int, format_: ExportFormat, again: str = "") -> Button:
    """Return the button that makes a file: `📄 Bản Excel`."""
    return make.button(context.texts, format_.button, round_id, format_.name, again)


def format_named(text: str) -> str | None:
    """Return the name of the format that a typed word means: "excel", "biểu đồ"; else None."""
    wanted = plain(text)
    return next((one.name for one in FORMATS.values() if wanted in {one.name, *one.words}), None)


def _rows(context: Context, status: StatusView, again: str = "") -> Rows:
    buttons = [make_button(context, status.id, one, again) for one in formats_of(context, status)]
    pairs = [*in_rows(buttons, 2)]
    if status.commune.id in context.office_communes:
        document = button(context.texts, "exports.button.word", "s.word", status.id)
        pairs.append((document,))
    return (*pairs, (to_overview(status, context.texts),))


# A round of the officer's own commune that has begun.
BegunRound = Annotated[Round, only(round_of_office, lambda _, one: one.has_begun)]


def document_in(text: str) -> str | None:
    """Return a typed document's name on one line; None when it is too short or too long."""
    document = " ".join(text.split())
    return document if 3 <= len(document) <= LONGEST else None


def asked_before_making(context: Context, status: StatusView, format_name: str) -> Press | None:
    """Return the question before the round's first Word file of an officer; else None."""
    if format_name != FORMAT or status.commune.id not in context.office_communes:
        return None
    known = word_drafts.draft_of(context.tx, status.id).document
    return ask.at(status.id) if known is None else None


def note_made(context: Context, status: StatusView, format_name: str) -> None:
    """Store the checksum of the Word file's figures, so that `/status` tells when they change."""
    if format_name == FORMAT:
        figures = status.figures_checksum()
        word_drafts.store_made(context.tx, status.id, figures, context.now)


@screen("s.word", right=OFFICER, asks=True)
def ask(context: Context, round: BegunRound) -> Screen:
    """Ask which document the report carries out; show the present one."""
    texts = context.texts
    commune = places.commune(context.tx, round.commune_id).name
    page = ScreenBuilder(context).say("exports.word.ask", commune=commune, round=round.name)
    known = word_drafts.draft_of(context.tx, round.id).document
    if known:
        page.line().say("exports.word.known", document=known)
    else:
        page.line().say("exports.word.example")
    if known is not None:
        page.button("exports.button.docx", to("s.make", round.id, FORMAT))
    earlier = earlier_document(context.tx, round)
    if earlier and earlier != known:
        page.line().say("exports.word.earlier", document=earlier)
        page.row(as_last_time.button(texts, "exports.word.as_last_time", round))
    if known != "":
        page.row(nothing.button(texts, "exports.word.nothing", round))
    return page.button("button.status", to("s.full", round.id)).screen()


@ask.text
def take_document(context: Context, text: str, round: BegunRound) -> Next:
    """Store the typed document on one line."""
    document = document_in(text)
    if document is None:
        return Next(context.here, context.texts.say("exports.word.length", most=LONGEST))
    word_drafts.store_document(context.tx, round.id, document)
    return Next(ask.at(round), context.texts.say("exports.word.kept"))


@action("s.wordold", right=OFFICER)
def as_last_time(context: Context, round: BegunRound) -> Next:
    """Store the document of the previous round."""
    word_drafts.store_document(context.tx, round.id, earlier_document(context.tx, round) or "")
    return Next(ask.at(round), context.texts.say("exports.word.kept"))


@action("s.wordno", right=OFFICER)
def nothing(context: Context, round: BegunRound) -> Next:
    """Store that there is no document; the report then names the criteria set."""
    word_drafts.store_document(context.tx, round.id, "")
    return Next(ask.at(round), context.texts.say("exports.word.without"))


def earlier_document(tx: Connection, round_: Round) -> str | None:
    """Return the document of the previous round's report; None without one."""
    before = rounds.round_before(tx, round_)
    return word_drafts.draft_of(tx, before.id).document if before is not None else None
