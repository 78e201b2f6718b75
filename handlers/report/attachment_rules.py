"""Which files are taken as evidence, and what becomes of one that could not be kept."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from criteria.definition import Indicator
from handlers.flow.channel import Attachment, Button, Screen
from handlers.flow.press import pack
from handlers.messages.notifications import Notification
from handlers.rounds.criteria_sets import set_of
from handlers.texts import Texts
from storage import evidence, people, reports, rounds

Why = Literal["unclean", "unopened", "unwanted", "too_big", "not_fetched"]
LARGEST = 20 * 1024 * 1024  # what a bot may fetch from Telegram
# What is taken, by what a file says of itself; what it really is shows when it is opened.
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


def refusal(item: Attachment) -> Why | None:
    """Why a file isn't taken, as far as its size and what it says of itself tell."""
    if (item.size or 0) > LARGEST:
        return "too_big"
    ending, kind = PurePath(item.name or "").suffix.lower(), (item.media_type or "").lower()
    if item.kind == "photo" or ending in _TAKEN or kind in _TAKEN_TYPES or not (ending or kind):
        return None
    return "unclean" if kind.startswith("image/") or ending in _OTHER_PICTURES else "unwanted"


@dataclass(frozen=True, slots=True)
class FileNotKept(Notification):
    """A piece of evidence could not be kept; whoever gave it waits for that."""

    why: Why
    report_id: int
    indicator: Indicator
    at_night: bool = True

    def screen(self, texts: Texts) -> Screen:
        """Why, and the way back to the question."""
        short = self.indicator.text(texts.language).short
        way_back = Button(
            texts.say("piece.button"), pack("edit", self.report_id, self.indicator.code)
        )
        return Screen(texts.say(f"piece.{self.why}", short=short), ((way_back,),))


def not_kept(tx: Connection, evidence_id: int, why: Why, now: datetime, zone: ZoneInfo) -> None:
    """Take a piece away that could not be kept, and tell the one who gave it."""
    piece = evidence.piece(tx, evidence_id)
    if piece is None:
        return
    evidence.remove(tx, evidence_id, by=None, now=now)
    report = reports.report_by_id(tx, piece.report_id)
    round_ = rounds.round_by_id(tx, report.round_id) if report is not None else None
    if piece.given_by is None or report is None or round_ is None:
        return
    told = FileNotKept(why, report.id, set_of(round_).indicator(piece.indicator))
    told.put_in(tx, people.people_by_ids(tx, [piece.given_by]), now, zone)
