"""`chat`: the conversation in the terminal, with numbered choices instead of buttons."""

import asyncio

import click

from bot.cli.session import settings


@click.command()
@click.option(
    "--as",
    "person",
    required=True,
    metavar="PERSON",
    help="Who you are: any name; the same name comes back to the same place.",
)
@click.option("--language", default="vi", show_default=True, help="Language of a new person.")
def chat(person: str, language: str) -> None:
    """Talk to the bot here: the same conversation, no Telegram.

    Choices have numbers, typed as /1, /2 … or 1, 2 … where no number is asked. /file PATH sends
    a picture or file; files from the bot are stored in this folder. Ctrl-D leaves.
    """
    from bot.terminal import converse

    asyncio.run(converse(settings(), person, language))
