"""What `check` says about evidence: what Telegram hasn't given yet, and how much room there is."""

from pathlib import Path

from sqlalchemy import Connection

from bot.finding import Finding
from bot.folders import free_bytes
from bot.settings import Settings
from handlers.reporting.allowances import LEAST_ROOM, MEGABYTE, OF_A_ROUND
from storage import evidence_totals

_EARLY = 0.8  # of what a round may have


def fetching(tx: Connection, settings: Settings) -> list[Finding]:
    """What is still to be fetched, and the rounds that have nearly all they may have."""
    backlog = evidence_totals.backlog(tx)
    if backlog.oldest_late is None:
        text = f"{backlog.waiting} files to be fetched" if backlog.waiting else "all is fetched"
        found = [Finding("evidence fetched", ok=True, text=text)]
    else:
        since = f"{backlog.oldest_late.astimezone(settings.timezone):%Y-%m-%d %H:%M}"
        text = (
            f"{backlog.late} files couldn't be fetched from Telegram yet, the oldest was given "
            f"{since}; each is tried for a day, the log says why it fails"
        )
        found = [Finding("evidence fetched", ok=False, text=text)]
    for one in evidence_totals.of_open_rounds(tx):
        pieces, size = one.total.pieces, one.total.size
        if pieces >= _EARLY * OF_A_ROUND.pieces or size >= _EARLY * OF_A_ROUND.size:
            text = (
                f"{one.commune}, {one.round}: {pieces} pieces, {size // MEGABYTE} MB; nothing is "
                f"taken beyond {OF_A_ROUND.pieces} pieces or {OF_A_ROUND.size // MEGABYTE} MB"
            )
            found.append(Finding("evidence of a round", ok=False, text=text))
    return found


def room(folder: Path) -> Finding:
    """Whether the disk of DATA_DIR takes evidence; it warns at twice what has to stay free."""
    free = free_bytes(folder)
    text = f"{free // MEGABYTE} MB free"
    if free >= 2 * LEAST_ROOM:
        return Finding("room", ok=True, text=text)
    text += f"; evidence isn't taken below {LEAST_ROOM // MEGABYTE} MB: make room"
    return Finding("room", ok=False, text=text)
