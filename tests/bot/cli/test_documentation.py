"""docs/running.md names every command and every exit code."""

from pathlib import Path

import click
import pytest

from bot.cli import commands
from bot.service import exit_error

PAGE = (Path(__file__).parents[3] / "docs" / "running.md").read_text(encoding="utf-8")


def leaves(command, words=()):
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from leaves(below, (*words, name))
    else:
        yield " ".join(words)


@pytest.mark.parametrize("name", list(leaves(commands)))
def test_every_command_is_on_the_page(name):
    assert f"`{name}" in PAGE


def test_every_exit_code_is_on_the_page():
    codes = [value for name, value in vars(exit_error).items() if name.isupper()]
    section = PAGE.split("## Exit codes")[1].split("##")[0]
    assert all(f"{code} " in section for code in codes)
