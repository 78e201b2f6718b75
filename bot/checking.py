"""`check`: looks at everything the bot needs and says what is wrong, without changing anything."""

import asyncio
import socket
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, make_url
from telegram import WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.checking_evidence import fetching, room
from bot.checking_messages import messages
from bot.connecting import opened_bot
from bot.criteria_sets import FOLDER, sets_of
from bot.ending import Ending
from bot.finding import Finding
from bot.folders import why_not_all_ours, why_not_as_root, why_not_writable
from bot.logs import redact
from bot.readiness import OK
from bot.settings import Settings
from bot.told_to_wait import kept_pauses, told_to_wait
from storage import inbox
from storage.database import Database
from storage.errors import DatabaseBehind, NoDatabase, StorageError
from storage.migrating import current_revision, place_of
from storage.private_files import readable_by_others
from storage.revisions import head_revision
from storage.schedules import schedules_without_set

SECONDS = 15


async def check_all(settings: Settings) -> list[Finding]:
    """Everything in turn; one thing that is wrong doesn't hide the others."""
    checks: Sequence[Callable[[Settings], Awaitable[list[Finding]]]] = (
        _settings,
        _files,
        _data,
        _database,
        _criteria,
        _telegram,
        _pauses,
        _port,
    )
    found = [finding for check in checks for finding in await check(settings)]
    return [replace(one, text=redact(one.text, settings.secrets())) for one in found]


async def _settings(settings: Settings) -> list[Finding]:
    if settings.telegram_bot_token is None:
        return [Finding("settings", ok=False, text="TELEGRAM_BOT_TOKEN is not set")]
    way = f"webhook {settings.webhook_url}" if settings.webhook_url else "long polling"
    proxy = "through a proxy" if settings.proxy else "directly"
    return [Finding("settings", ok=True, text=f"{way}, {settings.telegram_api_url} {proxy}")]


async def _database(settings: Settings) -> list[Finding]:
    url = settings.database_url.get_secret_value()
    parts, place = make_url(url), place_of(url)
    if parts.get_backend_name() == "sqlite":
        why = await asyncio.to_thread(_why_not_written, Path(parts.database or ""))
        if why is not None:
            return [Finding("database", ok=False, text=why)]
    try:
        async with Database(url, upgrade=False) as database:
            found = await database.read(lambda tx: _standing(tx, settings))
    except NoDatabase:
        text = f"there is none at {place} yet; `run`, `migrate` or `roster import` makes it"
        return [Finding("database", ok=True, text=text)]
    except DatabaseBehind:
        revision = await asyncio.to_thread(current_revision, url)
        text = (
            f"{place} is at revision {revision}, not {head_revision()}; stop the bot, then `run`"
            " or `migrate` upgrades it"
        )
        return [Finding("database", ok=False, text=text)]
    except (StorageError, OSError) as error:
        text = redact(str(error).splitlines()[0], settings.secrets())
        return [Finding("database", ok=False, text=f"{place}: {text}")]
    return [Finding("database", ok=True, text=f"{place}, at revision {head_revision()}"), *found]


def _why_not_written(file: Path) -> str | None:
    beside = [file.with_name(file.name + end) for end in ("", "-wal", "-shm", ".lock")]
    return why_not_all_ours(beside) or (None if file.exists() else why_not_writable(file.parent))


async def _data(settings: Settings) -> list[Finding]:
    """Where evidence and nightly backups go."""
    why = await asyncio.to_thread(why_not_writable, settings.data_dir)
    why = why or await asyncio.to_thread(why_not_as_root, settings.data_dir)
    written = Finding("data", ok=why is None, text=why or f"{settings.data_dir} can be written")
    return [written, await asyncio.to_thread(room, settings.data_dir)]


async def _files(settings: Settings) -> list[Finding]:
    """What only the program's own user should be able to read."""
    url = make_url(settings.database_url.get_secret_value())
    database = url.database if url.get_backend_name() == "sqlite" else None
    private = [Path(".env"), settings.data_dir, *([Path(database)] if database else [])]
    return await asyncio.to_thread(_open_to_others, private)


def _open_to_others(private: Sequence[Path]) -> list[Finding]:
    there = [path for path in private if path.exists()]
    open_ = [str(path) for path in there if readable_by_others(path)]
    if open_:
        text = f"others on this machine can read {', '.join(open_)}; chmod go= them"
        return [Finding("files", ok=False, text=text)]
    return [Finding("files", ok=True, text="only the program's own user can read them")]


def _standing(tx: Connection, settings: Settings) -> list[Finding]:
    return [
        *_updates(tx), *messages(tx, settings), *fetching(tx, settings), *_schedules(tx, settings),
    ]  # fmt: skip


def _updates(tx: Connection) -> list[Finding]:
    failed = inbox.failed_count(tx)
    text = f"{failed} that couldn't be handled; the log says why" if failed else "none failed"
    return [Finding("updates", ok=not failed, text=text)]


def _schedules(tx: Connection, settings: Settings) -> list[Finding]:
    """Schedules that wait for a criteria set; where the sets can't be read `criteria` says so."""
    try:
        known = {one.id for one in sets_of(settings.data_dir)}
    except Ending:
        return []
    gone = Counter(one.criteria_id for one in schedules_without_set(tx, known))
    return [
        Finding(
            f"schedule {criteria}", ok=False,
            text=f"{count} can't open rounds, there is no such criteria set; put its file back "
            f"into {settings.data_dir / FOLDER}, or"
            f" `round schedule --all --off --criteria {criteria}`",
        )
        for criteria, count in gone.items()
    ]  # fmt: skip


async def _criteria(settings: Settings) -> list[Finding]:
    try:
        sets = await asyncio.to_thread(sets_of, settings.data_dir)
    except Ending as ending:
        return [Finding("criteria", ok=False, text=str(ending))]
    return [
        Finding(f"criteria {one.id}", ok=True, text=f"{len(one.criteria.indicators)} indicators")
        for one in sets
    ]


async def _telegram(settings: Settings) -> list[Finding]:
    if settings.telegram_bot_token is None:
        return []
    try:
        async with asyncio.timeout(SECONDS), opened_bot(settings) as (bot, _):
            me = await bot.get_me()
            hook = await bot.get_webhook_info()
    except InvalidToken:
        return [Finding("telegram", ok=False, text="refuses TELEGRAM_BOT_TOKEN")]
    except (TelegramError, TimeoutError) as error:
        reason = str(error) or "no answer"
        text = f"{settings.telegram_api_url} can't be reached ({reason}); is a proxy needed?"
        return [Finding("telegram", ok=False, text=text)]
    reached = Finding("telegram", ok=True, text=f"reached; the bot is @{me.username}")
    return [reached, _webhook(settings, hook)]


async def _pauses(settings: Settings) -> list[Finding]:
    return told_to_wait(await asyncio.to_thread(kept_pauses, settings.data_dir))


def _webhook(settings: Settings, hook: WebhookInfo) -> Finding:
    wanted = settings.webhook_url or ""
    waiting = f"{hook.pending_update_count} updates wait"
    if hook.last_error_message and wanted:
        text = f"Telegram's last call failed: {hook.last_error_message}; {waiting}"
        return Finding("webhook", ok=False, text=text)
    if hook.url != wanted:
        text = f"{hook.url or 'none'} is set, {wanted or 'none'} wanted; `run` sets it; {waiting}"
        return Finding("webhook", ok=True, text=text)
    return Finding("webhook", ok=True, text=f"{wanted or 'none'}, as wanted; {waiting}")


async def _port(settings: Settings) -> list[Finding]:
    if settings.address is None:
        return []
    host, port = settings.address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            taken = f"{host}:{port} can't be taken ({error.strerror})"
        else:
            return [Finding("port", ok=True, text=f"{host}:{port} is free")]
    name = f"[{host}]" if ":" in host else host
    return [await _running(f"http://{name}:{port}/readyz", taken)]


async def _running(address: str, taken: str) -> Finding:
    """What has taken the port: the bot, which says how it does, or something else."""
    import aiohttp

    limit = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=limit) as session, session.get(address) as answer:
            state = await answer.json()
            ready, told = state.pop("ready"), state.pop("told_to_wait", [])
            parts = state.items()
    except (aiohttp.ClientError, TimeoutError, ValueError, AttributeError, KeyError):
        return Finding("port", ok=False, text=f"{taken}, by another program; choose another port")
    wrong = "; ".join(f"{part}: {why}" for part, why in parts if why != OK)
    text = "the bot runs and is ready" if ready else f"the bot runs and isn't ready: {wrong}"
    if told:
        text += f"; Telegram refuses {'; '.join(told)}"
    return Finding("running", ok=ready, text=text)
