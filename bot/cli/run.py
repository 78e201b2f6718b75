"""`run`: the bot itself."""

import asyncio

import click

from bot.cli.session import settings


@click.command()
def run() -> None:
    """Run the bot: long polling, or a webhook when WEBHOOK_URL is set.

    Ends cleanly on Ctrl-C and SIGTERM. Exit codes: 1 a setting or the database, 3 the token is
    refused, 4 another program takes this bot's messages.
    """
    from bot.operations import logs, unknown_settings
    from bot.service.clock import Clock
    from bot.service.running import run_program

    chosen = settings()
    logs.configure(chosen.log_level, chosen.log_format, chosen.secrets())
    unknown_settings.warn()
    _ = chosen.token  # report a missing token before anything is opened
    asyncio.run(run_program(chosen, Clock()))
