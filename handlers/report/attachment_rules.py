"""Which files are accepted as evidence, their limits, and the removal of unusable ones.

An area sends about forty photos a round, of 0.2 MB each after Telegram's compression. The limits
ensure that neither a person nor a round fills the disk.
"""

from datetime import datetime
from pathlib import PurePath
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from handlers.flow.channel import Attachment
from handlers.flow.context import Context
from handlers.messages.notifications import Address, Notification, ReplyNotification, sentence
from handlers.rounds.criteria_sets import set_of
from handlers.texts import Texts
from storage.evidence import evidence, evidence_totals
from storage.evidence.evidence_totals import Total
from storage.people import people
from storage.reports import reports
from storage.reports.reports import Report
from storage.rounds import rounds

Why = Literal["unclean", "unopened", "unwanted", "too_big", "not_fetched"]
LARGEST = 20 * 1024 * 1024  # the limit of Telegram for downloads by bots
# Accepted by name and type; the content is checked when the file is opened.
_TAKEN = frozenset(
    {
        ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".heic", ".heif", ".hif",
        ".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp",
    }
)  # fmt: skip
_TAKEN_TYPES = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif", "application/pdf"}
)
_OTHER_PICTURES = frozenset(
    {
        ".avif", ".gif", ".bmp", ".tif", ".tiff", ".dng", ".jxl", ".jp2", ".psd", ".raw",
        ".cr2", ".cr3", ".nef", ".arw", ".raf", ".x3f",
    }
)  # fmt: skip

MEGABYTE = 1_000_000
OF_A_DAY = Total(100, 200 * MEGABYTE)  # of one person; an officer sends for several areas
OF_A_ROUND = Total(5_000, 5_000 * MEGABYTE)
LEAST_ROOM = 1_000 * MEGABYTE  # remains free on the disk for answers and backups
Full = Literal["full_day", "full_round", "full_disk"]


def refusal(item: Attachment) -> Why | None:
    """Return why a file is refused by its size, name and type; None when it isn't."""
    if (item.size or 0) > LARGEST:
        return "too_big"
    ending, kind = PurePath(item.name or "").suffix.lower(), (item.media_type or "").lower()
    if item.kind == "photo" or ending in _TAKEN or kind in _TAKEN_TYPES or not (ending or kind):
        return None
    return "unclean" if kind.startswith("image/") or ending in _OTHER_PICTURES else "unwanted"


def keep_attachment(context: Context, report: Report, code: str, item: Attachment) -> None:
    """Store a photo or file as evidence of an indicator, or of the whole report."""
    evidence.add_attachment(
        context.tx, report, code, kind=item.kind, reference=item.reference, name=item.name,
        media_type=item.media_type, size=item.size, **context.authorship,
    )  # fmt: skip


def not_kept(tx: Connection, evidence_id: int, why: Why, now: datetime, zone: ZoneInfo) -> None:
    """Delete a piece that can't be used, and tell the person who sent it."""
    piece = evidence.piece(tx, evidence_id)
    if piece is None:
        return
    evidence.remove(tx, evidence_id, by=None, now=now, way="clock")
    report = reports.report_by_id(tx, piece.report_id)
    if piece.given_by is None or report is None:
        return
    criteria = set_of(rounds.known_round(tx, report.round_id))

    def short(texts: Texts) -> str:
        if piece.indicator == evidence.WHOLE_REPORT:
            return texts.say("sheet.whole")
        return texts.short(criteria.indicator(piece.indicator))

    whole = piece.indicator == evidence.WHOLE_REPORT
    way_back: Address = ("piece.button", "edit", report.id, piece.indicator)
    if whole:
        way_back = ("button.report", "rep")
    text = sentence(f"piece.{why}", zone, way_back, short=short)
    whom = people.people_by_ids(tx, [piece.given_by])
    Notification(text, ReplyNotification).put_in(tx, whom, now, zone)


def no_room(context: Context, round_id: int, size: int) -> Full | None:
    """Return why another piece of `size` bytes is refused now; None when it isn't."""
    if context.deployment.room() - size < LEAST_ROOM:
        return "full_disk"
    local = context.now.astimezone(context.deployment.zone)
    today = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if _passes(evidence_totals.given_by(context.tx, context.person.id, today), size, OF_A_DAY):
        return "full_day"
    if _passes(evidence_totals.of_round(context.tx, round_id), size, OF_A_ROUND):
        return "full_round"
    return None


def _passes(total: Total, size: int, most: Total) -> bool:
    return total.pieces >= most.pieces or total.size + size > most.size
