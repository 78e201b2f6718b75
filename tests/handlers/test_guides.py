"""docs/guides: the buttons and commands on them exist in the bot, and the pictures are there."""

import re
from pathlib import Path

import pytest

from handlers import features  # noqa: F401 - they register their commands
from handlers.flow.commands import COMMANDS
from handlers.texts import plain, texts_of

GUIDES = Path(__file__).parents[2] / "docs" / "guides"
PAGES = sorted(GUIDES.glob("*.md"))
PICTURES = sorted(GUIDES.glob("pictures/*.png"))
MOST_BYTES = 150 * 1024
BOLD = re.compile(r"\*\*(.+?)\*\*|<b>(.+?)</b>")
LABELS = {plain(re.sub(r"\{\w+\}", "", text)) for text in texts_of("vi").entries.values()}
MENU = {one.name for one in COMMANDS.values() if one.menu is not None} | {"neu"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_button_named_in_the_guides_exists(page):
    text = page.read_text(encoding="utf-8")
    named = {one or other for one, other in BOLD.findall(text)}
    buttons = {plain(one) for one in named if not one[0].isalnum() and not one.startswith("@")}
    assert {one for one in buttons if one and one not in LABELS} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_named_in_the_guides_exists(page):
    named = re.findall(r"`/([a-z]+)", page.read_text(encoding="utf-8"))
    assert set(named) <= MENU | {"newbot"}


def test_every_picture_is_used_and_none_is_missing():
    shown = {
        name for page in PAGES for name in re.findall(r"pictures/([\w-]+\.png)", page.read_text())
    }
    assert shown == {picture.name for picture in PICTURES}


def test_the_sheet_for_an_area_is_one_page():
    printed = (GUIDES / "truong-khu.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


@pytest.mark.parametrize("picture", PICTURES, ids=lambda one: one.stem)
def test_each_picture_is_small(picture):
    assert picture.stat().st_size <= MOST_BYTES
