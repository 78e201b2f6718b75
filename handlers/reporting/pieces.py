"""Which files are taken as evidence, and what becomes of one that could not be kept."""

from datetime import datetime
from pathlib import PurePath
from typing import Literal

from sqlalchemy import Connection

from handlers import telling
from handlers.channel import Attachment
from handlers.criteria_sets import set_of
from storage import evidence, people, reports, rounds

Why = Literal["unclean", "too_big", "not_fetched"]
LARGEST = 20 * 1024 * 1024  # what a bot may fetch from Telegram
# Pictures and films whose place and time can't be taken out; the fetcher looks into them anyway.
_UNCLEAN = frozenset(
    {
        ".heic", ".heif", ".hif", ".avif", ".tif", ".tiff", ".dng", ".jxl", ".jp2", ".psd", ".raw",
        ".cr2", ".nef", ".arw", ".raf", ".mp4", ".mov", ".m4v", ".3gp", ".avi", ".mkv", ".webm",
    }
)  # fmt: skip
_CLEANED = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


def refusal(item: Attachment) -> Why | None:
    """Why a file isn't taken, as far as its size and what it says of itself tell."""
    if (item.size or 0) > LARGEST:
        return "too_big"
    if item.kind == "photo":
        return None
    kind = (item.media_type or "").lower()
    shown = kind.startswith(("image/", "video/")) and kind not in _CLEANED
    return "unclean" if shown or PurePath(item.name or "").suffix.lower() in _UNCLEAN else None


def not_kept(tx: Connection, evidence_id: int, why: Why, now: datetime) -> None:
    """Take a piece away that could not be kept, and tell the one who gave it."""
    piece = evidence.piece(tx, evidence_id)
    if piece is None:
        return
    evidence.remove(tx, evidence_id, by=None, now=now)
    report = reports.report_by_id(tx, piece.report_id)
    round_ = rounds.round_by_id(tx, report.round_id) if report is not None else None
    if piece.given_by is None or report is None or round_ is None:
        return
    person = people.person(tx, piece.given_by)
    indicator = set_of(round_).indicator(piece.indicator)
    short = indicator.text(person.language if person is not None else "vi").short
    way_back = ("piece.button", "edit", report.id, piece.indicator)
    telling.answer(tx, piece.given_by, f"piece.{why}", now, now, {"short": short}, way_back)
