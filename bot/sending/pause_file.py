"""Long pauses that Telegram demands (retry_after), stored in DATA_DIR for the `check` command."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from bot.language import Words
from bot.language import gettext as _
from bot.operations.check.result import CheckResult

log = structlog.get_logger(__name__)

FILE = "told-to-wait.json"


def write_pauses(folder: Path, pauses: Sequence[tuple[str, float]]) -> None:
    """Store which calls must pause and for how many seconds; it replaces the stored pauses."""
    now = datetime.now(UTC)
    lines = [[what, (now + timedelta(seconds=seconds)).isoformat()] for what, seconds in pauses]
    unfinished = folder / f".{FILE}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Write and rename, because `check` must never read an incomplete file.
        unfinished.write_text(json.dumps(lines), encoding="utf-8")
        unfinished.replace(folder / FILE)
    except OSError as error:  # the log and /readyz show the pauses, too
        log.warning("pauses not stored", error=type(error).__name__)


def read_pauses(folder: Path) -> list[str]:
    """Return a sentence for each stored pause that isn't over; none without a file."""
    now = datetime.now(UTC)
    try:
        lines = json.loads((folder / FILE).read_text(encoding="utf-8"))
        ends = [(str(what), datetime.fromisoformat(until)) for what, until in lines]
    except (OSError, ValueError, TypeError):
        return []
    return [pause_text(what, (end - now).total_seconds(), _) for what, end in ends if end > now]


def pause_text(what: str, seconds: float, words: Words = str.format) -> str:
    """Return a sentence about a pause, in English; `check` passes other `words` to translate it."""
    return words("{what} for another {seconds:.0f} seconds", what=what, seconds=seconds)


def pauses_result(pauses: Sequence[str]) -> list[CheckResult]:
    """Return the result of `check` for these pauses; none without a pause."""
    if not pauses:
        return []
    text = _(
        "Telegram refuses {pauses}; the bot asks once a minute whether it is over",
        pauses="; ".join(pauses),
    )
    return [CheckResult("told to wait", ok=False, text=text)]
