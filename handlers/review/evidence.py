"""The evidence of a report at hand: pictures and files in the chat, links in the text."""

from collections.abc import Sequence
from typing import Annotated

from handlers.flow.channel import Enclosure, Screen
from handlers.flow.context import Context
from handlers.flow.page import Page, to
from handlers.flow.rights import READER
from handlers.flow.routes import Next, screen
from handlers.report.view import ReportView
from handlers.review.cases import sent_report
from handlers.review.screens import one_report
from handlers.texts import Html, Texts
from storage.evidence import evidence
from storage.evidence.evidence import WHOLE_REPORT, Evidence

_PAGE = 6

# The report, for who leads or runs its commune.
ReadReport = Annotated[
    ReportView, sent_report(lambda context, unit: unit.commune_id in context.communes_read)
]


@screen("v.evid", right=READER)
def named_pieces(context: Context, view: ReadReport) -> Screen:
    """Show the names of the pieces, by question."""
    texts = context.texts
    made = Page(context).say("review.evidence.title", unit=texts.unit(view.unit)).line()
    pieces = made.paged(_pieces(context, view), _PAGE)
    for _, piece in pieces:
        made.line(piece_line(view, piece, texts))
    if not pieces:
        made.say("review.evidence.none")
    made.turned(named_pieces, view)
    reviews = not view.unit.office and view.unit.commune_id in context.office_communes
    to_values = to("s.area", view.round.id, view.unit.id)  # for who only reads
    made.button("review.button.report", one_report.at(view) if reviews else to_values)
    return made.screen()


@named_pieces.pressed
def send_pieces(context: Context, view: ReadReport) -> Next:
    """Send the pieces themselves, then the screen that names them, as new messages."""
    texts = context.texts
    enclosures = tuple(
        Enclosure(
            "photo" if piece.kind == "photo" else "file",
            _caption(view, piece, texts),
            path=piece.path,
            reference=piece.channel_reference,
            name=piece.original_name,
        )
        for _, piece in Page(context).paged(_pieces(context, view), _PAGE)
        if piece.kind != "link" and not on_its_way(piece)
    )
    return Next(context.here, enclosures=enclosures)


def _pieces(context: Context, view: ReportView) -> Sequence[Evidence]:
    every = evidence.evidence_of(context.tx, view.id)
    return sorted(every, key=lambda piece: (view.number_of(piece.indicator), piece.id))


def on_its_way(piece: Evidence) -> bool:
    """Whether it can't be shown yet: a file not before it was cleaned.

    Of a photo that was sent as one Telegram itself has taken out where and when it was taken.
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


def _what(view: ReportView, piece: Evidence, texts: Texts) -> Html:
    """The question that a piece belongs to, or the whole paper sheet."""
    if piece.indicator == WHOLE_REPORT:
        return texts.say("sheet.whole")
    number, short = view.number_of(piece.indicator), texts.short(view.indicator(piece.indicator))
    return texts.say("review.evidence.question", number=number, short=short)


def piece_line(view: ReportView, piece: Evidence, texts: Texts) -> str:
    """What a piece is and to which question it belongs."""
    coming = "late" if piece.fetch_tries else "coming"
    return texts.say(
        f"review.evidence.{coming if on_its_way(piece) else piece.kind}",
        what=_what(view, piece, texts),
        name=piece.original_name or "",
        link=piece.link or "",
    )
