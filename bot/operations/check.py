"""`check`: tests everything that the bot needs and reports what is wrong; it changes nothing."""

import asyncio
import os
import socket
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Connection, make_url
from telegram import WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.bots_file import FILE as BOTS_FILE
from bot.criteria_sets import FOLDER, sets_of
from bot.intake.evidence_files import names_being_kept
from bot.language import gettext as _
from bot.operations.check_alarm import alarm_results
from bot.operations.check_bots import bots
from bot.operations.check_codes import short_codes
from bot.operations.check_evidence import evidence_findings, fetching, files_named, room
from bot.operations.check_messages import messages
from bot.operations.check_result import CheckResult
from bot.operations.folders import (
    why_not_all_ours,
    why_not_as_root,
    why_not_usable,
    why_not_writable,
)
from bot.operations.logs import redact
from bot.operations.readiness import OK
from bot.operations.unknown_settings import unknown_settings
from bot.sending.pause_file import pauses_result, read_pauses
from bot.service.clock import Clock
from bot.service.clock_watch import DOUBTFUL, ClockWatch
from bot.settings import Settings
from bot.telegram.connecting import opened_bot
from bot.telegram.proxy_errors import ProxyFailed
from storage import inbox, rounds
from storage.engine.database import Database
from storage.engine.schema_upgrade import current_revision, head_revision, location_of
from storage.errors import DatabaseBehind, NoDatabase, StorageError
from storage.evidence_files import FOLDER as EVIDENCE
from storage.evidence_files import files_on_disk
from storage.inbox import last_contacts
from storage.personal_data import retention
from storage.private_files import PERMISSIONS, readable_by_others
from storage.schedules import schedules_without_set

SECONDS = 15


async def check_all(settings: Settings) -> list[CheckResult]:
    """The results of all checks; a failed check doesn't stop the others."""
    checks: Sequence[Callable[[Settings], Awaitable[list[CheckResult]]]] = (
        _settings,
        _names,
        _files,
        _data,
        _database,
        _criteria,
        _telegram,
        bots,
        alarm_results,
        _pauses,
        _port,
    )
    found = [finding for check in checks for finding in await check(settings)]
    return [replace(one, text=redact(one.text, settings.secrets())) for one in found]


async def _settings(settings: Settings) -> list[CheckResult]:
    if settings.telegram_bot_token is None:
        if (settings.data_dir / BOTS_FILE).exists():
            said = _("no Telegram bot, only those of bots.toml")
            return [CheckResult("settings", ok=True, text=said)]
        return [CheckResult("settings", ok=False, text=_("TELEGRAM_BOT_TOKEN is not set"))]
    way = (
        _("webhook {webhook_url}", webhook_url=settings.webhook_url)
        if settings.webhook_url
        else _("long polling")
    )
    proxy = _("through a proxy") if settings.proxy else _("directly")
    return [CheckResult("settings", ok=True, text=f"{way}, {settings.telegram_api_url} {proxy}")]


async def _names(settings: Settings) -> list[CheckResult]:
    """Names in .env that are none of the settings."""
    unknown = await asyncio.to_thread(unknown_settings)
    if not unknown:
        return []
    each = [
        _("{name} (is {nearest} meant?)", name=name, nearest=nearest)
        for name, nearest in unknown.items()
    ]
    text = _("no setting, so without effect: {names}", names=", ".join(each))
    return [CheckResult("names in .env", ok=False, text=text)]


async def _database(settings: Settings) -> list[CheckResult]:
    url = settings.database_url.get_secret_value()
    parts, place = make_url(url), location_of(url)
    on_disk = await asyncio.to_thread(_evidence_on_disk, settings.data_dir)
    if parts.get_backend_name() == "sqlite":
        why = await asyncio.to_thread(_why_not_written, Path(parts.database or ""))
        if why is not None:
            return [CheckResult("database", ok=False, text=why)]
    try:
        async with Database(url, upgrade=False) as database:
            found = await database.read(lambda tx: _standing(tx, settings))
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
    """The evidence files on the disk, except those that are being stored now."""
    being_kept = names_being_kept(data_dir)
    return [name for name in files_on_disk(data_dir) if name not in being_kept]


def _why_not_written(file: Path) -> str | None:
    beside = [file.with_name(file.name + end) for end in ("", "-wal", "-shm", ".lock")]
    return why_not_all_ours(beside) or (None if file.exists() else why_not_writable(file.parent))


async def _data(settings: Settings) -> list[CheckResult]:
    """DATA_DIR, which has the evidence and the nightly backups."""
    why = await asyncio.to_thread(why_not_usable, settings.data_dir, EVIDENCE)
    why = why or await asyncio.to_thread(why_not_as_root, settings.data_dir)
    written = CheckResult(
        "data",
        ok=why is None,
        text=why or _("{data_dir} can be written", data_dir=settings.data_dir),
    )
    return [written, await asyncio.to_thread(room, settings.data_dir)]


async def _files(settings: Settings) -> list[CheckResult]:
    """The permissions of files that only the program's own user should read."""
    url = make_url(settings.database_url.get_secret_value())
    database = url.database if url.get_backend_name() == "sqlite" else None
    private = [Path(".env"), settings.data_dir, *([Path(database)] if database else [])]
    return await asyncio.to_thread(_open_to_others, private)


def _open_to_others(private: Sequence[Path]) -> list[CheckResult]:
    if not PERMISSIONS:
        text = _("not checked: on Windows their folder decides who can read them")
        return [CheckResult("files", ok=True, text=text)]
    there = [path for path in private if path.exists()]
    open_ = [str(path) for path in there if readable_by_others(path)]
    if open_:
        text = _("others on this machine can read {open}; chmod go= them", open=", ".join(open_))
        return [CheckResult("files", ok=False, text=text)]
    return [CheckResult("files", ok=True, text=_("only the program's own user can read them"))]


def _standing(tx: Connection, settings: Settings) -> list[CheckResult]:
    return [
        *_updates(tx), *messages(tx, settings), *fetching(tx, settings), *_schedules(tx, settings),
        *_by_wrong_clock(tx), *short_codes(tx, settings), _old_rounds(tx, settings),
    ]  # fmt: skip


def _by_wrong_clock(tx: Connection) -> list[CheckResult]:
    """Traces of a wrong clock: a present time before a stored one, rounds closed too early."""
    now, found = Clock().now(), []
    kept = max(last_contacts(tx).values(), default=None)
    if kept is not None and now < kept - DOUBTFUL:
        text = _(
            "it is before {kept:%Y-%m-%d %H:%M} UTC, a time that has passed already; set it right",
            kept=kept,
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
    """How many closed rounds are erased, and how many should be."""
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
    """Schedules whose criteria set is missing."""
    known = {one.id for one in sets_of(settings.data_dir)[0]}
    gone = Counter(one.criteria_id for one in schedules_without_set(tx, known))
    return [
        CheckResult(
            f"schedule {criteria}", ok=False,
            text=_(
                "{count} can't open rounds, there is no such criteria set; put its file back "
                "into {folder}, or `round schedule --all --off --criteria {criteria}`",
                count=count, folder=settings.data_dir / FOLDER, criteria=criteria
            ),
        )
        for criteria, count in gone.items()
    ]  # fmt: skip


async def _criteria(settings: Settings) -> list[CheckResult]:
    sets, aside = await asyncio.to_thread(sets_of, settings.data_dir)
    return [
        *(
            CheckResult(
                f"criteria {one.id}",
                ok=True,
                text=_("{count} indicators", count=len(one.criteria.indicators)),
            )
            for one in sets
        ),
        *(
            CheckResult("criteria", ok=False, text=_("left aside: {why}", why=one.why))
            for one in aside
        ),
    ]


async def _telegram(settings: Settings) -> list[CheckResult]:
    if settings.telegram_bot_token is None:
        return []
    try:
        watch = ClockWatch(Clock())
        async with asyncio.timeout(SECONDS), opened_bot(settings, watch=watch) as (bot, _request):
            me = await bot.get_me()
            hook = await bot.get_webhook_info()
    except InvalidToken:
        return [CheckResult("telegram", ok=False, text=_("refuses TELEGRAM_BOT_TOKEN"))]
    except ProxyFailed as error:
        text = _(
            "{place}: {trouble}; correct TELEGRAM_PROXY_URL, or ask who keeps the proxy",
            place=_host_of(settings.proxy or ""),
            trouble=error.told(),
        )
        return [CheckResult("proxy", ok=False, text=text)]
    except (TelegramError, TimeoutError) as error:
        reason = str(error) or _("no answer")
        text = _(
            "{address} can't be reached ({reason}); {advice}",
            address=settings.telegram_api_url,
            reason=reason,
            advice=_way_out(settings),
        )
        return [CheckResult("telegram", ok=False, text=text)]
    reached = CheckResult(
        "telegram", ok=True, text=_("reached; the bot is @{username}", username=me.username)
    )
    wrong = watch.trouble(_)
    clock = CheckResult("clock", ok=wrong is None, text=wrong or _("it agrees with Telegram's"))
    return [reached, clock, _webhook(settings, hook)]


def _host_of(proxy: str) -> str:
    """Host and port of the proxy, without its password."""
    return urlsplit(proxy).netloc.rpartition("@")[2]


def _way_out(settings: Settings) -> str:
    """What to look at where Telegram isn't reached."""
    return _("look at the proxy too") if settings.proxy else _("is a proxy needed?")


async def _pauses(settings: Settings) -> list[CheckResult]:
    return pauses_result(await asyncio.to_thread(read_pauses, settings.data_dir))


def _webhook(settings: Settings, hook: WebhookInfo) -> CheckResult:
    wanted = settings.webhook_url or ""
    waiting = _("{count} updates wait", count=hook.pending_update_count)
    if hook.last_error_message and wanted:
        text = _(
            "Telegram's last call failed: {last_error_message}; {waiting}",
            last_error_message=hook.last_error_message,
            waiting=waiting,
        )
        return CheckResult("webhook", ok=False, text=text)
    if hook.url != wanted:
        text = _(
            "{url} is set, {wanted} wanted; `run` sets it; {waiting}",
            url=hook.url or _("none"),
            wanted=wanted or _("none"),
            waiting=waiting,
        )
        return CheckResult("webhook", ok=True, text=text)
    return CheckResult(
        "webhook",
        ok=True,
        text=_("{wanted}, as wanted; {waiting}", wanted=wanted or _("none"), waiting=waiting),
    )


async def _port(settings: Settings) -> list[CheckResult]:
    if settings.address is None:
        return []
    host, port = settings.address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        # As the web server does it: a port that was just released counts as free.
        if os.name == "posix":
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            taken = _(
                "{host}:{port} can't be taken ({strerror})",
                host=host,
                port=port,
                strerror=error.strerror,
            )
        else:
            return [
                CheckResult("port", ok=True, text=_("{host}:{port} is free", host=host, port=port))
            ]
    name = f"[{host}]" if ":" in host else host
    return [await _running(f"http://{name}:{port}/readyz", taken)]


async def _running(address: str, taken: str) -> CheckResult:
    """Which program has the port: the bot, then with its readiness, or another one."""
    import aiohttp

    limit = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=limit) as session, session.get(address) as answer:
            state = await answer.json()
            ready, told = state.pop("ready"), state.pop("told_to_wait", [])
            parts = state.items()
    except (aiohttp.ClientError, TimeoutError, ValueError, AttributeError, KeyError):
        return CheckResult(
            "port",
            ok=False,
            text=_("{taken}, by another program; choose another port", taken=taken),
        )
    wrong = "; ".join(f"{part}: {why}" for part, why in parts if why != OK)
    text = (
        _("the bot runs and is ready")
        if ready
        else _("the bot runs and isn't ready: {wrong}", wrong=wrong)
    )
    if told:
        text += _("; Telegram refuses {told}", told="; ".join(told))
    return CheckResult("running", ok=ready, text=text)
