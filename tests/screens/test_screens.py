"""docs/screens.md is up to date, and every screen on it fits a telephone."""

import asyncio
from math import ceil

import pytest

from tests.screens.making import PAGE, make

# A cheap telephone of 360 × 800 points, letters a little enlarged.
LETTERS = 40  # on a line
LINES = 32  # of a screen, a row of buttons taking two
LINES_OF_OVERVIEW = 50  # /status and what is copied from it: a screen and a flick
BUTTONS = 8
LONGEST_LABEL = {1: 39, 2: 21, 3: 10, 4: 7, 5: 6}  # by how many share a row
# The summary: eight questions to mend, saying how they were counted, and sending.
BUTTONS_OF_SUMMARY = 10  # eight questions, send, undo
SUMMARY = ("Xem lại rồi gửi", "Báo cáo đã gửi", "Check, then send", "Sent: ")
OVERVIEW = ("Hạ tầng số", "Điện thoại thông minh: hiện", "Smartphones: now")


@pytest.fixture(scope="module")
def made():
    """The page as it would be made now, and the screens in it."""
    return asyncio.run(make())


@pytest.fixture(scope="module")
def shots(made):
    """Every screen with what led to it."""
    return [
        (f"{title}, {step.done}", shot)
        for title, steps in made[1]
        for step in steps
        for both in step.shots
        for shot in both
    ]


def test_the_page_is_up_to_date(made):
    assert PAGE.read_text(encoding="utf-8") == made[0], "run `make screens`"


def lines_of(shot):
    text = sum(max(1, ceil(len(line) / LETTERS)) for line in shot.text.split("\n"))
    return text + 2 * len(shot.rows)


def test_no_screen_is_longer_than_a_telephone(shots):
    too_long = [
        (where, lines_of(shot), shot.text)
        for where, shot in shots
        if lines_of(shot) > (LINES_OF_OVERVIEW if is_overview(shot) else LINES)
    ]
    assert not too_long


def is_overview(shot):
    return any(word in shot.text for word in OVERVIEW)


def test_no_screen_has_more_buttons_than_can_be_taken_in(shots):
    assert not [
        (where, shot.rows)
        for where, shot in shots
        if sum(map(len, shot.rows)) > (BUTTONS_OF_SUMMARY if is_summary(shot) else BUTTONS)
    ]


def is_summary(shot):
    return any(line.startswith(SUMMARY) for line in shot.text.split("\n"))


def test_no_button_is_wider_than_its_place(shots):
    assert not {
        label
        for _, shot in shots
        for row in shot.rows
        for label in row
        if len(label) > LONGEST_LABEL[len(row)]
    }
