"""What the commune's Word report carries out: asked once a round, before the first file is made."""

from sqlalchemy import Connection

from handlers.flow.channel import Screen
from handlers.flow.context import Context
from handlers.flow.next import Next
from handlers.flow.page import Page, to
from handlers.flow.press import Press
from handlers.flow.rights import OFFICER
from handlers.flow.routes import GONE, Arguments, Loading, action, argument, screen
from handlers.status.view import StatusView
from storage import places, rounds, word_drafts
from storage.rounds import Round

LONGEST = 250  # letters of a document's name
FORMAT = "docx"


def _begun_round_of_office(loading: Loading) -> object:
    """An argument: a round of the officer's own commune that has begun."""
    context, number = loading.context, loading.number
    round_ = rounds.round_by_id(context.tx, number) if number is not None else None
    if round_ is None or round_.state in {"planned", "cancelled"}:
        return GONE
    return round_ if round_.commune_id in context.office_communes else GONE


class _At(Arguments):
    round: Round = argument(_begun_round_of_office)


def document_in(text: str) -> str | None:
    """The document that a text names, on one line; None for what is too short or too long."""
    document = " ".join(text.split())
    return document if 3 <= len(document) <= LONGEST else None


def asked_before_making(context: Context, status: StatusView, format_name: str) -> Press | None:
    """The screen that an officer answers before the round's first Word file; else None."""
    if format_name != FORMAT or status.commune_id not in context.office_communes:
        return None
    known = word_drafts.draft_of(context.tx, status.round_id).document
    return ask.at(status.round_id) if known is None else None


def note_made(context: Context, status: StatusView, format_name: str) -> None:
    """Store of which figures the Word file is made: `/status` tells when they change."""
    if format_name == FORMAT:
        figures = status.figures_checksum()
        word_drafts.keep_made(context.tx, status.round_id, figures, context.now)


@screen("s.word", _At, right=OFFICER, asks=True)
def ask(context: Context, at: _At) -> Screen:
    """Which document the report carries out; what is known already stands there."""
    texts, round_ = context.texts, at.round
    commune = places.commune(context.tx, round_.commune_id).name
    page = Page(context).say("exports.word.ask", commune=commune, round=round_.name)
    known = word_drafts.draft_of(context.tx, round_.id).document
    if known:
        page.line().say("exports.word.known", document=known)
    else:
        page.line().say("exports.word.example")
    if known is not None:
        page.button("exports.button.docx", to("s.make", round_.id, FORMAT))
    earlier = earlier_document(context.tx, round_)
    if earlier and earlier != known:
        page.line().say("exports.word.earlier", document=earlier)
        page.row(as_last_time.button(texts, "exports.word.as_last_time", at))
    if known != "":
        page.row(nothing.button(texts, "exports.word.nothing", at))
    return page.button("button.status", to("s.full", round_.id)).screen()


@ask.text
def take_document(context: Context, at: _At, text: str) -> Next:
    """The document as it was typed, on one line."""
    document = document_in(text)
    if document is None:
        return Next(context.here, context.texts.say("exports.word.length", most=LONGEST))
    word_drafts.keep_document(context.tx, at.round.id, document)
    return Next(ask.at(at), context.texts.say("exports.word.kept"))


@action("s.wordold", _At, right=OFFICER)
def as_last_time(context: Context, at: _At) -> Next:
    """The document of the round before."""
    word_drafts.keep_document(context.tx, at.round.id, earlier_document(context.tx, at.round) or "")
    return Next(ask.at(at), context.texts.say("exports.word.kept"))


@action("s.wordno", _At, right=OFFICER)
def nothing(context: Context, at: _At) -> Next:
    """No document is named: the report carries out the criteria set."""
    word_drafts.keep_document(context.tx, at.round.id, "")
    return Next(ask.at(at), context.texts.say("exports.word.without"))


def earlier_document(tx: Connection, round_: Round) -> str | None:
    """What the report of the round before carried out."""
    before = rounds.round_before(tx, round_)
    return word_drafts.draft_of(tx, before.id).document if before is not None else None
