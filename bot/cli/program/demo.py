"""`demo`: the whole program without a token."""

import asyncio

import click


@click.command()
@click.option(
    "--port",
    default=8770,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port of the page with the telephones; 0 takes a free one.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; 0.0.0.0 shows the page to everybody in the network.",
)
@click.option("--no-browser", is_flag=True, help="Only print the address (as it always does).")
@click.option("--log-level", default="WARNING", show_default=True, help="How much to log.")
def demo(port: int, host: str, no_browser: bool, log_level: str) -> None:
    """Show everything without a token: telephones in the browser, a sample commune.

    The clock can be moved to make reminders come, and the bot switched off to see what an outage
    does. The data is gone when it ends (Ctrl-C).
    """
    from bot.demo import run_demo
    from bot.operations import logs

    logs.configure(log_level.upper(), "console")
    asyncio.run(run_demo(port, click.echo, host))
