"""The checks of the database: whether it can be opened and written, and problems in its data."""

import asyncio
from collections import Counter
from pathlib import Path

from sqlalchemy import Connection, make_url

from bot.criteria_sets import FOLDER, sets_of
from bot.intake.evidence_files import names_being_kept
from bot.language import gettext as _
from bot.operations.check.codes import short_codes
from bot.operations.check.evidence import evidence_findings, fetching, files_named
from bot.operations.check.messages import messages
from bot.operations.check.result import CheckResult
from bot.operations.folders import (
    why_files_not_writable,
    why_not_writable,
)
from bot.operations.logs import redact
from bot.service.clock import Clock
from bot.service.clock_watch import DOUBTFUL
from bot.settings import Settings
from storage.engine.database import Database
from storage.engine.schema_upgrade import current_revision, head_revision, location_of
from storage.errors import DatabaseBehind, NoDatabase, StorageError
from storage.evidence.evidence_files import files_on_disk
from storage.messages import inbox
from storage.messages.inbox import last_contacts
from storage.personal_data import retention
from storage.rounds import rounds
from storage.rounds.schedules import schedules_without_set


async def database(settings: Settings) -> list[CheckResult]:
    """Check the database and its data; check the evidence on the disk against its rows."""
    url = settings.database_url.get_secret_value()
    parts, place = make_url(url), location_of(url)
    on_disk = await asyncio.to_thread(_evidence_on_disk, settings.data_dir)
    if parts.get_backend_name() == "sqlite":
        why = await asyncio.to_thread(_why_not_written, Path(parts.database or ""))
        if why is not None:
            return [CheckResult("database", ok=False, text=why)]
    try:
        async with Database(url, upgrade=False) as database:
            found = await database.read(lambda tx: _data_results(tx, settings))
            files = await database.read(files_named)
    except NoDatabase:
        text = _(
            "there is none at {place} yet; `run`, `migrate` or `roster import` makes it",
            place=place,
        )
        none_yet = CheckResult("database", ok=True, text=text)
        return [none_yet, *evidence_findings(settings.data_dir, on_disk, ())]
    except DatabaseBehind:
        revision = await asyncio.to_thread(current_revision, url)
        text = _(
            "{place} is at revision {revision}, not {wanted}; stop the bot, then `run` or "
            "`migrate` upgrades it",
            place=place,
            revision=revision,
            wanted=head_revision(),
        )
        return [CheckResult("database", ok=False, text=text)]
    except (StorageError, OSError) as error:
        text = redact(str(error).splitlines()[0], settings.secrets())
        return [CheckResult("database", ok=False, text=f"{place}: {text}")]
    found += await asyncio.to_thread(evidence_findings, settings.data_dir, on_disk, files)
    return [
        CheckResult(
            "database",
            ok=True,
            text=_("{place}, at revision {revision}", place=place, revision=head_revision()),
        ),
        *found,
    ]


def _evidence_on_disk(data_dir: Path) -> list[str]:
    """Return the evidence files on the disk, except those that are being stored now."""
    being_stored = names_being_kept(data_dir)
    return [name for name in files_on_disk(data_dir) if name not in being_stored]


def _why_not_written(file: Path) -> str | None:
    beside = [file.with_name(file.name + end) for end in ("", "-wal", "-shm", ".lock")]
    return why_files_not_writable(beside) or (
        None if file.exists() else why_not_writable(file.parent)
    )


def _data_results(tx: Connection, settings: Settings) -> list[CheckResult]:
    return [
        *_updates(tx), *messages(tx, settings), *fetching(tx, settings), *_schedules(tx, settings),
        *_wrong_clock(tx), *short_codes(tx, settings), _old_rounds(tx, settings),
    ]  # fmt: skip


def _wrong_clock(tx: Connection) -> list[CheckResult]:
    """Check for signs of a wrong clock: it is before a stored time, or closed rounds too early."""
    now, found = Clock().now(), []
    last = max(last_contacts(tx).values(), default=None)
    if last is not None and now < last - DOUBTFUL:
        text = _(
            "it is before {kept:%Y-%m-%d %H:%M} UTC, a time that has passed already; set it right",
            kept=last,
        )
        found.append(CheckResult("clock", ok=False, text=text))
    early = rounds.closed_before_their_end(tx, now)
    if early:
        ids = ", ".join(str(one.id) for one in early)
        text = _(
            "{ids} closed before their end, by a clock that was ahead; run `round reopen`", ids=ids
        )
        found.append(CheckResult("rounds", ok=False, text=text))
    return found


def _old_rounds(tx: Connection, settings: Settings) -> CheckResult:
    """Report how many closed rounds are erased, and how many are due to be erased."""
    erased, due = retention.counts(tx, Clock().now() - settings.rounds_kept)
    text = _(
        "people and their texts stay for {years} years after the close (KEEP_ROUNDS_YEARS);"
        " {erased} rounds erased, {due} due",
        years=settings.keep_rounds_years,
        erased=erased,
        due=due,
    )
    if due:
        text += _("; the bot erases them within an hour, while its clock is trusted")
    return CheckResult("old rounds", ok=True, text=text)


def _updates(tx: Connection) -> list[CheckResult]:
    failed = inbox.failed_count(tx)
    text = (
        _("{failed} that couldn't be handled; the log says why", failed=failed)
        if failed
        else _("none failed")
    )
    return [CheckResult("updates", ok=not failed, text=text)]


def _schedules(tx: Connection, settings: Settings) -> list[CheckResult]:
    """Check for schedules whose criteria set is missing."""
    known = {one.id for one in sets_of(settings.data_dir)[0]}
    missing = Counter(one.criteria_id for one in schedules_without_set(tx, known))
    return [
        CheckResult(
            f"schedule {criteria}", ok=False,
            text=_(
                "{count} can't open rounds, there is no such criteria set; put its file back "
                "into {folder}, or `round schedule --all --off --criteria {criteria}`",
                count=count, folder=settings.data_dir / FOLDER, criteria=criteria
            ),
        )
        for criteria, count in missing.items()
    ]  # fmt: skip
