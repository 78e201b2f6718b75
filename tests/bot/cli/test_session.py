"""What the commands share: dates as people write them, terminals without Vietnamese letters."""

import subprocess
import sys
from datetime import date, datetime
from zoneinfo import ZoneInfo

import click
import pytest

from bot.cli.session import Day, moment

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize("text", ["2026-12-25", "25/12/2026", "25.12.2026", "25-12-2026"])
def test_a_date_means_its_last_second_however_it_is_written(text):
    assert moment(text, ZONE) == datetime(2026, 12, 25, 23, 59, 59, tzinfo=ZONE)


@pytest.mark.parametrize("text", ["2026-12-05T17:00", "5/12/2026 17:00", "05/12/2026T17:00"])
def test_a_date_with_a_time_means_that_minute(text):
    assert moment(text, ZONE) == datetime(2026, 12, 5, 17, tzinfo=ZONE)


@pytest.mark.parametrize("text", ["31/2/2026", "25/12", "12/25/2026", "25/12/20261", "mai"])
def test_a_text_that_is_not_a_date_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - whichever of date's own
        moment(text, ZONE)
    with pytest.raises(click.BadParameter, match="25/11/2026"):
        Day().convert(text, None, None)


def test_a_date_may_begin_with_the_day():
    assert Day().convert("1/7/2026", None, None) == date(2026, 7, 1)


def test_a_terminal_without_vietnamese_letters_stops_no_command(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "bot", "criteria", "list"],
        capture_output=True, check=True,
        env={"PYTHONIOENCODING": "latin-1", "PATH": "", "DATA_DIR": str(tmp_path)},
    )  # fmt: skip
    assert b"phu-tho-2024" in done.stdout
