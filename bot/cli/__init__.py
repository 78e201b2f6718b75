"""The command line: one module per group of commands; commands import heavy libraries inside."""

import copy
import errno
import io
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from bot import __version__
from bot.cli.failure import Failure, sentence_of
from bot.cli.people.invite import invite
from bot.cli.people.roster import roster
from bot.cli.program.alarm import alarm
from bot.cli.program.bot import bot
from bot.cli.program.chat import chat
from bot.cli.program.check import check
from bot.cli.program.database import backup, copy_database, migrate, restore
from bot.cli.program.demo import demo
from bot.cli.program.run import run
from bot.cli.results.export import export
from bot.cli.results.history import history
from bot.cli.results.status import status
from bot.cli.rounds.criteria import criteria
from bot.cli.rounds.round import round_
from bot.language import LANGUAGES, in_language, language_of, translated


class _Commands(click.Group):
    """All commands, in the chosen language; it prints an error as one sentence without a trace."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - click's own signature
        """Run a command with its help, messages and errors in one language."""
        words = sys.argv[1:] if args is None else list(args)
        with in_language(self._language(words)):
            return click.Group.main(translated(self), words, *rest, **named)

    def _language(self, words: Sequence[str]) -> str:
        """Return the language of --language, else that of the environment."""
        asked = copy.copy(self).make_context("", list(words), resilient_parsing=True)
        return asked.params.get("language") or language_of(os.environ)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command; turn an unexpected error into a Failure, unless --trace is given."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except BrokenPipeError:
            raise
        except Exception as error:
            if ctx.params["trace"]:
                raise
            raise Failure(*sentence_of(error)) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="smart-commune")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    help="Language of help and messages; Vietnamese if LANG is Vietnamese, else English.",
)
@click.option("--trace", is_flag=True, help="Show a trace when something fails.")
def commands(language: str | None, trace: bool) -> None:
    """Reports of a smart new-rural commune, collected in Telegram.

    `demo` shows everything without a token; `check` says what is set up, reachable and wrong.
    Settings come from the environment and from .env.
    """
    os.umask(0o077)  # databases, backups and rosters contain personal data


for _command in (
    run,
    bot,
    demo,
    chat,
    roster,
    invite,
    round_,
    status,
    export,
    history,
    criteria,
    migrate,
    backup,
    restore,
    copy_database,
    check,
    alarm,
):
    commands.add_command(_command)


def main() -> None:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # "?" for letters that the output's encoding lacks
            stream.reconfigure(errors="replace")
    sys.unraisablehook = _without_full_disks
    commands(prog_name="smart-commune")


def _without_full_disks(unraisable: "sys.UnraisableHookArgs") -> None:
    """Print no trace for a full disk, where zipfile closes an incomplete file a second time."""
    error = unraisable.exc_value
    if not (isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}):
        sys.__unraisablehook__(unraisable)
