"""`run`: the bot itself."""

import asyncio

import click

from bot.cli.session import settings


@click.command()
def run() -> None:
    """Run the bots: Telegram's by long polling, or a webhook when WEBHOOK_URL is set.

    Those of bots.toml by webhook when PUBLIC_URL is set, else by polling, for trying them out.

    Ends cleanly on Ctrl-C and SIGTERM. Exit codes: 1 a setting or the database, 3 the token is
    refused, 4 another program takes this bot's messages.
    """
    from bot.bots_file import usable_bots
    from bot.operations import logs, unknown_settings
    from bot.service.clock import Clock
    from bot.service.running import run_program

    chosen = settings()
    bots, wrong = usable_bots(chosen.data_dir)
    tokens = [one.token.get_secret_value() for one in bots]
    logs.configure(chosen.log_level, chosen.log_format, (*chosen.secrets(), *tokens))
    unknown_settings.warn()
    if not bots and not wrong:
        _ = chosen.token  # it raises a SettingsError for a missing token before anything is opened
    asyncio.run(run_program(chosen, Clock()))
