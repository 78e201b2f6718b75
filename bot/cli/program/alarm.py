"""`alarm`: tells the operators that the bot has ended; systemd runs it."""

import asyncio

import click

from bot.cli.failure import Failure
from bot.cli.session import settings
from bot.language import gettext as _


@click.command()
def alarm() -> None:
    """Tell OPERATOR_IDS by Telegram that the bot has ended by itself.

    The systemd unit runs it after each end. Run by hand, it sends a test message. It uses
    ALARM_BOT_TOKEN, a second bot's token, else the bot's own.
    """
    from bot.operations.alarm import due, ending_of_service, raise_alarm
    from bot.operations.logs import redact

    chosen, ending = settings(), ending_of_service()
    if ending is not None and not due(ending, chosen.data_dir):
        return
    if not chosen.operator_ids:
        raise Failure(_("Nobody is told: OPERATOR_IDS is not set."))
    if chosen.alarm_bot_token is None:
        chosen.token  # noqa: B018 - it raises a SettingsError if the token is missing
    outcome = asyncio.run(raise_alarm(chosen, ending))
    for operator, why in outcome.items():
        result = why or _("told")
        click.echo(redact(f"{operator}: {result}", chosen.secrets()))
    if any(outcome.values()):
        raise Failure(
            _("Not everybody was told. The bot can write only to those who pressed Start in it.")
        )
