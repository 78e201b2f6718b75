"""The evidence of a report at hand: pictures and files in the chat, links in the text."""

from handlers.flow.channel import Button, Enclosure, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import page_of
from handlers.flow.press import Press, pack
from handlers.report.view import ReportView
from handlers.review.cases import case_read, name_of
from handlers.review.screens import onward_row
from handlers.texts import Texts
from storage import evidence
from storage.evidence import Evidence

_PAGE = 6


def _named(context: Context, press: Press, said: Said) -> Screen | None:
    """What there is, by question."""
    found = _found(context, press)
    if found is None:
        return None
    view, pieces, page, pages = found
    texts, here = context.texts, view.report.id
    lines: list[str] = [texts.say("review.evidence.title", unit=name_of(view, texts)), ""]
    lines += [_line(view, piece, texts) for piece in pieces]
    if not pieces:
        lines.append(texts.say("review.evidence.none"))
    rows = onward_row(pages, page, lambda n: pack("v.evid", here, n), texts)
    back = pack("s.area", view.round.id, view.unit.id)  # for who only reads
    if not view.unit.office and view.unit.commune_id in context.office_communes:
        back = pack("v.one", here)
    rows.append((Button(texts.say("review.button.report"), back),))
    return Screen("\n".join(lines), tuple(rows))


def _shown(context: Context, press: Press, said: Said) -> Next | None:
    """The pieces themselves, then the screen that names them, as new messages."""
    found = _found(context, press)
    if found is None:
        return None
    view, pieces, _, _ = found
    enclosures = tuple(
        Enclosure(
            "photo" if piece.kind == "photo" else "file",
            context.texts.say(
                "review.evidence.caption",
                number=view.number_of(piece.indicator),
                short=view.indicator(piece.indicator).text(context.texts.language).short,
                unit=name_of(view, context.texts),
            ),
            path=piece.path,
            reference=piece.channel_reference,
            name=piece.original_name,
        )
        for piece in pieces
        if piece.kind != "link" and not _on_its_way(piece)
    )
    return Next(press, enclosures=enclosures)


def _found(context: Context, press: Press) -> tuple[ReportView, list[Evidence], int, int] | None:
    view = case_read(context, press.number(0))
    if view is None:
        return None
    every = evidence.evidence_of(context.tx, view.report.id)
    every.sort(key=lambda piece: (view.number_of(piece.indicator), piece.id))
    pieces, page, pages = page_of(every, press.number(1) or 0, _PAGE)
    return view, list(pieces), page, pages


def _on_its_way(piece: Evidence) -> bool:
    """Whether it can't be shown yet: a file not before it was cleaned.

    Of a photo that was sent as one Telegram itself has taken out where and when it was taken.
    """
    if piece.path is not None or piece.kind == "link":
        return False
    return piece.kind != "photo" or piece.channel_reference is None


def _line(view: ReportView, piece: Evidence, texts: Texts) -> str:
    coming = "late" if piece.fetch_tries else "coming"
    return texts.say(
        f"review.evidence.{coming if _on_its_way(piece) else piece.kind}",
        number=view.number_of(piece.indicator),
        short=view.indicator(piece.indicator).text(texts.language).short,
        name=piece.original_name or "",
        link=piece.link or "",
    )


STEPS = Steps(views={"v.evid": _named}, deeds={"v.evid": _shown})
