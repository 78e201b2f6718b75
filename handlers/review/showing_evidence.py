"""The evidence of a report at hand: pictures and files in the chat, links in the text."""

from handlers.channel import Button, Enclosure, Screen
from handlers.presses import Press, pack
from handlers.reporting.desk import Desk
from handlers.review.cases import case_of, case_read, name_of
from handlers.review.screens import onward_row
from handlers.status.pages import page_of
from handlers.steps import Next, Said, Steps
from handlers.texts import Texts
from handlers.turn import Turn
from storage import evidence
from storage.evidence import Evidence

_PAGE = 6


def _named(turn: Turn, press: Press, said: Said) -> Screen | None:
    """What there is, by question."""
    found = _found(turn, press)
    if found is None:
        return None
    desk, pieces, page, pages = found
    texts, here = turn.texts, desk.report.id
    lines: list[str] = [texts.say("review.evidence.title", unit=name_of(desk, texts)), ""]
    lines += [_line(desk, piece, texts) for piece in pieces]
    if not pieces:
        lines.append(texts.say("review.evidence.none"))
    rows = onward_row(pages, page, lambda n: pack("v.evid", here, n), texts)
    back = pack("s.area", desk.round.id, desk.unit.id)  # for who only reads
    if case_of(turn, here) is not None:
        back = pack("v.one", here)
    rows.append((Button(texts.say("review.button.report"), back),))
    return Screen("\n".join(lines), tuple(rows))


def _shown(turn: Turn, press: Press, said: Said) -> Next | None:
    """The pieces themselves, then the screen that names them, as new messages."""
    found = _found(turn, press)
    if found is None:
        return None
    desk, pieces, _, _ = found
    enclosures = tuple(
        Enclosure(
            "photo" if piece.kind == "photo" else "file",
            turn.texts.say(
                "review.evidence.caption",
                number=desk.number_of(piece.indicator),
                short=desk.indicator(piece.indicator).text(turn.texts.language).short,
                unit=name_of(desk, turn.texts),
            ),
            path=piece.path,
            reference=piece.channel_reference,
            name=piece.original_name,
        )
        for piece in pieces
        if piece.kind != "link" and not _on_its_way(piece)
    )
    return Next(press, enclosures=enclosures)


def _found(turn: Turn, press: Press) -> tuple[Desk, list[Evidence], int, int] | None:
    desk = case_read(turn, press.number(0))
    if desk is None:
        return None
    every = evidence.evidence_of(turn.tx, desk.report.id)
    every.sort(key=lambda piece: (desk.number_of(piece.indicator), piece.id))
    pieces, page, pages = page_of(every, press.number(1) or 0, _PAGE)
    return desk, list(pieces), page, pages


def _on_its_way(piece: Evidence) -> bool:
    """Whether it can't be shown yet: a file not before it was cleaned.

    Of a photo that was sent as one Telegram itself has taken out where and when it was taken.
    """
    if piece.path is not None or piece.kind == "link":
        return False
    return piece.kind != "photo" or piece.channel_reference is None


def _line(desk: Desk, piece: Evidence, texts: Texts) -> str:
    coming = "late" if piece.fetch_tries else "coming"
    return texts.say(
        f"review.evidence.{coming if _on_its_way(piece) else piece.kind}",
        number=desk.number_of(piece.indicator),
        short=desk.indicator(piece.indicator).text(texts.language).short,
        name=piece.original_name or "",
        link=piece.link or "",
    )


STEPS = Steps(views={"v.evid": _named}, deeds={"v.evid": _shown})
