"""The checks of the bots in bots.toml: token, webhook, plan."""

import asyncio

import aiohttp
from sqlalchemy import Connection

from bot.bots_file import FILE
from bot.language import gettext as _
from bot.operations.check.result import CheckResult
from bot.service.clock import Clock
from bot.settings import Settings
from bot.zalo.client import WrongToken, ZaloClient, ZaloError
from bot.zalo.component import BY_POLLING
from bot.zalo.quota import NEARLY, month_of
from bot.zalo.set_up import ZaloBot, zalo_bots, zalo_session
from storage.engine.database import Database
from storage.errors import NoDatabase, StorageError
from storage.messages import bot_usage
from storage.people.addresses import people_at
from storage.private_files import readable_by_others

SECONDS = 20


async def bots(settings: Settings) -> list[CheckResult]:
    """Return a result for each bot of bots.toml, and one for each mistake in the file."""
    known, wrong = zalo_bots(settings)
    found = [CheckResult("bots", ok=False, text=one) for one in wrong]
    file = settings.data_dir / FILE
    if not known:
        return found
    if readable_by_others(file):
        text = _("others on this machine can read {open}; chmod go= them", open=file)
        found.append(CheckResult("bots", ok=False, text=text))
    async with zalo_session() as session:
        found += await asyncio.gather(*(_bot(one, session) for one in known))
    try:
        url = settings.database_url.get_secret_value()
        async with Database(url, upgrade=False) as database:
            found += await database.read(lambda tx: [_plan(tx, one) for one in known])
    except (NoDatabase, StorageError, OSError):
        pass  # the check of the database reports it
    return found


async def _bot(bot: ZaloBot, session: aiohttp.ClientSession) -> CheckResult:
    client = ZaloClient(session, bot.token, bot.url)
    try:
        async with asyncio.timeout(SECONDS):
            me = await client.get_me()
            webhook = await client.get_webhook()
    except WrongToken:
        text = _("Zalo refuses its token; `bot remove` it and `bot add` it with the new one")
        return CheckResult(f"bot {bot.name}", ok=False, text=text)
    except (ZaloError, TimeoutError) as error:
        text = _(
            "{address} can't be reached ({reason})",
            address=bot.url,
            reason=str(error) or _("no answer"),
        )
        return CheckResult(f"bot {bot.name}", ok=False, text=text)
    if bot.hook is None:
        text = _("reached, {link}", link=me.link) + f"; {_(BY_POLLING)}"
        return CheckResult(f"bot {bot.name}", ok=True, text=text)
    if webhook == bot.hook:
        text = _("reached, {link}; webhook {hook} is set", link=me.link, hook=bot.hook)
    else:
        text = _(
            "reached, {link}; webhook {hook} isn't set ({other}); `run` sets it",
            link=me.link,
            hook=bot.hook,
            other=webhook or _("none"),
        )
    return CheckResult(f"bot {bot.name}", ok=True, text=text)


def _plan(tx: Connection, bot: ZaloBot) -> CheckResult:
    sent = bot_usage.sent(tx, bot.name, month_of(Clock().now()))
    people = people_at(tx, bot.name)
    most = bot.messages_a_month
    fits = sent < most * NEARLY and people <= bot.people
    text = _(
        "{sent} of {messages} messages of this month, {people} of {most} people",
        sent=sent,
        messages=most,
        people=people,
        most=bot.people,
    )
    return CheckResult(f"plan {bot.name}", ok=fits, text=text)
