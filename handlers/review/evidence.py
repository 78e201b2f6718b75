"""The evidence of a report: pictures and files as messages, links in the text."""

from collections.abc import Sequence
from typing import Annotated

from handlers.flow.channel import Enclosure, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.rights import READER
from handlers.flow.routes import Next, screen
from handlers.report.view import ReportView
from handlers.review.cases import sent_report
from handlers.review.screens import one_report
from handlers.texts import Html, Texts
from storage.evidence import evidence
from storage.evidence.evidence import WHOLE_REPORT, Evidence

_PAGE = 6

# A report, for an officer or leader of its commune.
ReadReport = Annotated[
    ReportView, sent_report(lambda context, unit: unit.commune_id in context.communes_read)
]


@screen("v.evid", right=READER)
def named_pieces(context: Context, view: ReadReport) -> Screen:
    """Show the names of the pieces, by question."""
    texts = context.texts
    page = ScreenBuilder(context).say("review.evidence.title", unit=texts.unit(view.unit)).line()
    pieces = page.paged(_pieces(context, view), _PAGE)
    for _, piece in pieces:
        page.line(piece_line(view, piece, texts))
    if not pieces:
        page.say("review.evidence.none")
    page.turned(named_pieces, view)
    reviews = not view.unit.office and view.unit.commune_id in context.office_communes
    to_values = to("s.area", view.round.id, view.unit.id)  # for a leader
    page.button("review.button.report", one_report.at(view) if reviews else to_values)
    return page.screen()


@named_pieces.pressed
def send_pieces(context: Context, view: ReadReport) -> Next:
    """Send the pieces, then the screen with their names, as new messages."""
    texts = context.texts
    enclosures = tuple(
        Enclosure(
            "photo" if piece.kind == "photo" else "file",
            _caption(view, piece, texts),
            path=piece.path,
            reference=piece.channel_reference,
            name=piece.original_name,
        )
        for _, piece in ScreenBuilder(context).paged(_pieces(context, view), _PAGE)
        if piece.kind != "link" and not in_progress(piece)
    )
    return Next(context.here, enclosures=enclosures)


def _pieces(context: Context, view: ReportView) -> Sequence[Evidence]:
    every = evidence.evidence_of(context.tx, view.id)
    return sorted(every, key=lambda piece: (view.number_of(piece.indicator), piece.id))


def in_progress(piece: Evidence) -> bool:
    """Return whether a piece can't be shown yet, because its metadata is not removed.

    Telegram itself removes place and time from pictures that are sent as photos.
    """
    if piece.path is not None or piece.kind == "link":
        return False
    return piece.kind != "photo" or piece.channel_reference is None


def _caption(view: ReportView, piece: Evidence, texts: Texts) -> str:
    unit = texts.unit(view.unit)
    if piece.indicator == WHOLE_REPORT:
        return texts.say("sheet.caption", unit=unit)
    number, short = view.number_of(piece.indicator), texts.short(view.indicator(piece.indicator))
    return texts.say("review.evidence.caption", number=number, short=short, unit=unit)


def _question_text(view: ReportView, piece: Evidence, texts: Texts) -> Html:
    """Return the question that a piece belongs to, or "the whole paper sheet"."""
    if piece.indicator == WHOLE_REPORT:
        return texts.say("sheet.whole")
    number, short = view.number_of(piece.indicator), texts.short(view.indicator(piece.indicator))
    return texts.say("review.evidence.question", number=number, short=short)


def piece_line(view: ReportView, piece: Evidence, texts: Texts) -> str:
    """Return a line with a piece's kind, its state and its question."""
    coming = "late" if piece.fetch_tries else "coming"
    return texts.say(
        f"review.evidence.{coming if in_progress(piece) else piece.kind}",
        what=_question_text(view, piece, texts),
        name=piece.original_name or "",
        link=piece.link or "",
    )
