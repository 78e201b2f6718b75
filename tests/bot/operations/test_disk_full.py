"""A full disk is reported in one sentence that names it, whichever library raised the error."""

import errno
import os
from pathlib import Path

import pytest
from xlsxwriter.exceptions import FileCreateError

from bot.cli.failure import sentence_of
from bot.operations.disk_full import explain_full_disk, full_disk
from bot.service.exit_error import BUG, WRONG_SET_UP, ExitError
from storage.errors import DiskFull, NotWritable


def no_room(file=None):
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), file)


def wrapped():
    """The error as XlsxWriter raises it."""
    try:
        try:
            raise no_room()
        except OSError as error:
            raise FileCreateError(error)  # noqa: B904 - as it does
    except FileCreateError as error:
        return error


@pytest.mark.parametrize(
    ("error", "named"),
    [
        (no_room(), "/reports"),
        (no_room("/elsewhere/file"), "/elsewhere/file"),
        (wrapped(), "/reports"),
        (DiskFull(place=Path("/bot/bot.db")), "/bot/bot.db"),
        (DiskFull("the server's words"), "the database's server"),
    ],
)
def test_a_full_disk_is_named(error, named):
    with pytest.raises(ExitError) as ended, explain_full_disk(Path("/reports")):
        raise error
    assert ended.value.code == WRONG_SET_UP
    assert str(ended.value) == f"The disk of {named} is full; make room there, then do it again."


@pytest.mark.parametrize("error", [ValueError("a bug"), OSError(errno.EACCES, "no"), NotWritable()])
def test_other_errors_are_not_full_disks(error):
    assert full_disk(error) is None
    with pytest.raises(type(error)), explain_full_disk(Path("/reports")):
        raise error


def test_a_full_disk_in_a_command_is_not_a_bug():
    assert sentence_of(wrapped()) == ("A disk is full; make room there, then do it again.", 1)
    assert sentence_of(ValueError("a bug"))[1] == BUG


def test_an_error_that_is_its_own_cause_is_checked_once():
    error = ValueError("in a circle")
    error.__cause__ = error
    assert full_disk(error) is None


def test_a_circle_of_causes_is_checked_once():
    first, second = ValueError("one"), ValueError("two")
    first.__context__, second.__context__ = second, first
    assert full_disk(first) is None
