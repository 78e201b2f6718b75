"""docs/screens.md is up to date, and every screen on it fits on a telephone."""

import asyncio
import re
from math import ceil

import matplotlib as mpl
import pytest
from PIL import ImageFont

from handlers.texts import LANGUAGES, texts_of
from tests.screens.making import PAGE, make

# A cheap telephone of 360 × 800 points, letters a little enlarged.
LETTERS = 40  # on a line
LINES = 32  # of a screen, a row of buttons taking two
LINES_OF_OVERVIEW = 50  # /status and what is copied from it: a screen and a flick
BUTTONS = 8
BUTTONS_OF_GRID = 12  # eight small buttons in a grid, by number, and the others
# A row of buttons on a screen of 320 points, letters of 14: how wide it is, what is between two
# buttons, what a button leaves free on both sides together, and an emoji.
ROW, GAP, EDGES, EMOJI = 278, 6, 10, 18
FONT = ImageFont.truetype(f"{mpl.get_data_path()}/fonts/ttf/DejaVuSans.ttf", 14)
OF_ROBOTO = 0.87  # DejaVu, which every machine with matplotlib has, is wider than Roboto
# The summary: eight questions to correct, the counting methods, and sending.
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


def test_no_screen_is_longer_than_a_telephone_screen(shots):
    too_long = [
        (where, lines_of(shot), shot.text)
        for where, shot in shots
        if lines_of(shot) > (LINES_OF_OVERVIEW if is_overview(shot) else LINES)
    ]
    assert not too_long


def is_overview(shot):
    return any(word in shot.text for word in OVERVIEW)


def test_no_screen_has_too_many_buttons(shots):
    assert not [
        (where, shot.rows) for where, shot in shots if sum(map(len, shot.rows)) > most_buttons(shot)
    ]


def most_buttons(shot):
    if any(len(row) == 4 for row in shot.rows):
        return BUTTONS_OF_GRID
    return BUTTONS_OF_SUMMARY if is_summary(shot) else BUTTONS


def is_summary(shot):
    return any(line.startswith(SUMMARY) for line in shot.text.split("\n"))


def test_no_button_is_wider_than_its_row_allows(shots):
    """Telegram for Android cuts a caption to one line."""
    assert not {
        label
        for _, shot in shots
        for row in shot.rows
        for label in row
        if width_of(label) > (ROW - GAP * (len(row) - 1)) / len(row) - EDGES
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_caption_in_the_catalogue_is_wider_than_a_row(language):
    captions = {
        key: re.sub(r"\{\w+\}", "12", text)
        for key, text in texts_of(language).entries.items()
        if re.search(r"(^|[._])button([._]|$)", key) and not key.startswith(("toast.", "doubt."))
    }
    assert len(captions) > 150
    assert not {key: text for key, text in captions.items() if width_of(text) > ROW - EDGES}


def width_of(caption):
    """How wide a caption is on a telephone, in points."""
    signs = [c for c in caption if c not in "\ufe0f\u200d"]
    return sum(EMOJI if is_emoji(c) else FONT.getlength(c) * OF_ROBOTO for c in signs)


def is_emoji(sign):
    return "\u2190" <= sign < "\u2c00" or sign >= "\U0001f000"
