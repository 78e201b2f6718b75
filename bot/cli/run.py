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
    from bot.operations import logs
    from bot.service.clock import Clock
    from bot.service.running import run_program

    chosen = settings()
    _ = chosen.token  # report a missing token before anything is opened
    logs.configure(chosen.log_level, chosen.log_format, chosen.secrets())
    asyncio.run(run_program(chosen, Clock()))
