"""The `check` command: checks everything that the bot needs, without changing anything."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import make_url

from bot.bots_file import FILE as BOTS_FILE
from bot.criteria_sets import sets_of
from bot.language import gettext as _
from bot.operations.check.alarm import alarm_results
from bot.operations.check.bots import bots
from bot.operations.check.database import database
from bot.operations.check.evidence import room
from bot.operations.check.result import CheckResult
from bot.operations.check.telegram import SECONDS, pauses, telegram
from bot.operations.folders import (
    why_not_as_root,
    why_not_usable,
)
from bot.operations.logs import redact
from bot.operations.readiness import OK
from bot.operations.unknown_settings import unknown_settings
from bot.settings import Settings
from storage.evidence.evidence_files import FOLDER as EVIDENCE
from storage.private_files import PERMISSIONS, readable_by_others


async def check_all(settings: Settings) -> list[CheckResult]:
    """Return the results of all checks; a failed check doesn't stop the others."""
    checks: Sequence[Callable[[Settings], Awaitable[list[CheckResult]]]] = (
        _settings,
        _names,
        _files,
        _data,
        database,
        _criteria,
        telegram,
        bots,
        alarm_results,
        pauses,
        _port,
    )
    found = [finding for check in checks for finding in await check(settings)]
    return [replace(one, text=redact(one.text, settings.secrets())) for one in found]


async def _settings(settings: Settings) -> list[CheckResult]:
    if settings.telegram_bot_token is None:
        if (settings.data_dir / BOTS_FILE).exists():
            text = _("no Telegram bot, only those of bots.toml")
            return [CheckResult("settings", ok=True, text=text)]
        return [CheckResult("settings", ok=False, text=_("TELEGRAM_BOT_TOKEN is not set"))]
    way = (
        _("webhook {webhook_url}", webhook_url=settings.webhook_url)
        if settings.webhook_url
        else _("long polling")
    )
    proxy = _("through a proxy") if settings.proxy else _("directly")
    return [CheckResult("settings", ok=True, text=f"{way}, {settings.telegram_api_url} {proxy}")]


async def _names(settings: Settings) -> list[CheckResult]:
    """Check for names in .env that are no settings."""
    unknown = await asyncio.to_thread(unknown_settings)
    if not unknown:
        return []
    each = [
        _("{name} (is {nearest} meant?)", name=name, nearest=nearest)
        for name, nearest in unknown.items()
    ]
    text = _("no setting, so without effect: {names}", names=", ".join(each))
    return [CheckResult("names in .env", ok=False, text=text)]


async def _data(settings: Settings) -> list[CheckResult]:
    """Check DATA_DIR, which contains the evidence and the nightly backups."""
    why = await asyncio.to_thread(why_not_usable, settings.data_dir, EVIDENCE)
    why = why or await asyncio.to_thread(why_not_as_root, settings.data_dir)
    written = CheckResult(
        "data",
        ok=why is None,
        text=why or _("{data_dir} can be written", data_dir=settings.data_dir),
    )
    return [written, await asyncio.to_thread(room, settings.data_dir)]


async def _files(settings: Settings) -> list[CheckResult]:
    """Check the permissions of files that only the program's own user should read."""
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


async def _criteria(settings: Settings) -> list[CheckResult]:
    sets, invalid = await asyncio.to_thread(sets_of, settings.data_dir)
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
            for one in invalid
        ),
    ]


async def _port(settings: Settings) -> list[CheckResult]:
    if settings.address is None:
        return []
    host, port = settings.address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        # As the web server does, so that a port that was just released counts as free.
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
    """Check which program has the port: the bot (show its readiness) or another program."""
    import aiohttp

    limit = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=limit) as session, session.get(address) as answer:
            state = await answer.json()
            ready, pauses_ = state.pop("ready"), state.pop("told_to_wait", [])
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
    if pauses_:
        text += _("; Telegram refuses {told}", told="; ".join(pauses_))
    return CheckResult("running", ok=ready, text=text)
