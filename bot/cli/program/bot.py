"""`bot`: the bots in addition to Telegram's, in DATA_DIR/bots.toml."""

import asyncio
import re
import sys
from typing import TYPE_CHECKING

import click

from bot.cli.failure import Failure
from bot.cli.places import commune_of
from bot.cli.session import print_json, read, settings, table
from bot.language import gettext as _

if TYPE_CHECKING:
    from bot.bots_file import BotEntry

SECONDS = 20


@click.group()
def bot() -> None:
    """The bots beside Telegram's: a Zalo bot for each commune that wants one."""


@bot.command()
@click.option("--messenger", type=click.Choice(["zalo"]), required=True)
@click.option("--commune", required=True, metavar="CODE", help="The commune that it serves.")
@click.option("--name", help="Its name here; else zalo- and the commune's code.")
@click.option("--messages", default=3000, show_default=True, help="Messages a month in its plan.")
@click.option("--people", default=50, show_default=True, help="People in its plan.")
def add(messenger: str, commune: str, name: str | None, messages: int, people: int) -> None:
    """Add a bot; its token is read from standard input.

    Zalo is asked whether the token is right, and who the bot is. A running program uses the bot
    after its next start.
    """
    from pydantic import ValidationError

    from bot.bots_file import FILE, BotEntry, load_bots, save_bots

    chosen = settings()
    code = read(lambda tx: commune_of(tx, commune).code)
    existing = load_bots(chosen.data_dir)
    token = sys.stdin.readline().strip()
    if not token:
        raise Failure(_("No token came on standard input; Zalo Bot Creator shows it."))
    given: dict[str, object] = {
        "name": name or f"{messenger}-{_plain(code)}", "messenger": messenger, "commune": code,
        "token": token, "messages_a_month": messages, "people": people,
    }  # fmt: skip
    try:
        entry = BotEntry.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        message = first["msg"].removeprefix("Value error, ")
        raise Failure(f"{first['loc'][0]}: {_(message)}.") from None
    if any(one.name == entry.name for one in existing):
        raise Failure(
            _(
                "There is a bot {name} already; choose another --name, or remove it.",
                name=entry.name,
            )
        )
    if any(one.token == entry.token for one in existing):
        raise Failure(_("There is a bot with this token already."))
    link = asyncio.run(_link_of(entry))
    save_bots(chosen.data_dir, [*existing, entry])
    click.echo(
        _("{name} is in {file}: {link}", name=entry.name, file=chosen.data_dir / FILE, link=link)
    )
    click.echo(_("Start `run` again, so that it is served. No backup holds this file."))


@bot.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(as_json: bool) -> None:
    """List the bots, without their tokens."""
    from bot.bots_file import load_bots

    chosen = settings()
    rows = [
        {"name": one.name, "messenger": one.messenger, "commune": one.commune,
         "messages_a_month": one.messages_a_month, "people": one.people}
        for one in load_bots(chosen.data_dir)
    ]  # fmt: skip
    if chosen.telegram_bot_token is not None:
        rows.insert(0, {"name": "telegram", "messenger": "telegram"})
    if as_json:
        print_json(rows)
    elif not rows:
        click.echo(_("There is no bot; set TELEGRAM_BOT_TOKEN, or `bot add`."))
    else:
        for line in table([[str(one["name"]), str(one.get("commune", ""))] for one in rows]):
            click.echo(line)


@bot.command()
@click.argument("name")
def remove(name: str) -> None:
    """Remove a bot; its people get nothing more from it until they write elsewhere."""
    from bot.bots_file import load_bots, save_bots

    chosen = settings()
    existing = load_bots(chosen.data_dir)
    remaining = [one for one in existing if one.name != name]
    if len(remaining) == len(existing):
        known = ", ".join(one.name for one in existing) or _("none")
        raise Failure(_("There is no bot {name}; there is: {known}.", name=name, known=known))
    save_bots(chosen.data_dir, remaining)
    click.echo(_("{name} is removed. Start `run` again, so that it ends.", name=name))


def _plain(code: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", code.lower()).strip("-") or "bot"


async def _link_of(entry: "BotEntry") -> str:
    """Ask Zalo for the link to the bot; raise a Failure if it refuses the token."""
    import aiohttp

    from bot.zalo.client import WrongToken, ZaloClient, ZaloError

    try:
        async with asyncio.timeout(SECONDS), aiohttp.ClientSession() as session:
            client = ZaloClient(session, entry.token.get_secret_value(), settings().zalo_api_url)
            return (await client.get_me()).link
    except WrongToken:
        raise Failure(
            _("Zalo refuses this token; Zalo Bot Creator shows the present one.")
        ) from None
    except (ZaloError, TimeoutError) as error:
        reason = str(error) or _("no answer")
        raise Failure(
            _("Zalo can't be reached ({reason}); nothing was added.", reason=reason)
        ) from None
