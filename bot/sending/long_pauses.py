"""Long pauses that Telegram asks for, in a file of DATA_DIR: `check` tells them beside the bot."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from bot.operations.check_result import CheckResult

log = structlog.get_logger(__name__)

FILE = "told-to-wait.json"


def keep_pauses(folder: Path, pauses: Sequence[tuple[str, float]]) -> None:
    """Write down what waits and for how many seconds, in the place of what was written before."""
    now = datetime.now(UTC)
    lines = [[what, (now + timedelta(seconds=seconds)).isoformat()] for what, seconds in pauses]
    unfinished = folder / f".{FILE}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(json.dumps(lines), encoding="utf-8")
        unfinished.replace(folder / FILE)
    except OSError as error:  # the log and /readyz tell it too
        log.warning("pauses not written down", error=type(error).__name__)


def kept_pauses(folder: Path) -> list[str]:
    """What waits still, each in words; nothing when there is no such file."""
    now = datetime.now(UTC)
    try:
        lines = json.loads((folder / FILE).read_text(encoding="utf-8"))
        ends = [(str(what), datetime.fromisoformat(until)) for what, until in lines]
    except (OSError, ValueError, TypeError):
        return []
    return [in_words(what, (end - now).total_seconds()) for what, end in ends if end > now]


def in_words(what: str, seconds: float) -> str:
    """A pause as /readyz and `check` print it."""
    return f"{what} for another {seconds:.0f} seconds"


def told_to_wait(pauses: Sequence[str]) -> list[CheckResult]:
    """What `check` says of pauses."""
    if not pauses:
        return []
    text = f"Telegram refuses {'; '.join(pauses)}; the bot asks once a minute whether it is over"
    return [CheckResult("told to wait", ok=False, text=text)]
