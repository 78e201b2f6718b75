"""docs/guides: the buttons and commands on them exist in the bot, and the pictures are there."""

import hashlib
import re
from pathlib import Path

import pikepdf
import pytest

from handlers import features  # noqa: F401 - they register their commands
from handlers.exports.wording import without_emoji
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
    with pikepdf.open(GUIDES / "truong-khu.pdf") as pdf:
        assert len(pdf.pages) == 1


def test_the_printed_guide_is_up_to_date_and_has_no_emoji():
    text = (GUIDES / "truong-khu.md").read_bytes()
    with pikepdf.open(GUIDES / "truong-khu.pdf") as pdf:
        assert str(pdf.docinfo["/Keywords"]) == hashlib.sha256(text).hexdigest(), "run make guides"
        fonts = pdf.pages[0].Resources.Font.values()
        letters = "".join(_letters_of(font.ToUnicode.read_bytes().decode()) for font in fonts)
    assert "ư" in letters
    assert without_emoji(letters) == letters


def _letters_of(table):
    """The letters that a font of a PDF draws, by its table."""
    shown = re.findall(r"<[0-9A-F]+>\s+<([0-9A-F]{4,})>", table)
    return "".join(bytes.fromhex(one).decode("utf-16-be") for one in shown)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda one: one.stem)
def test_each_picture_is_small(picture):
    assert picture.stat().st_size <= MOST_BYTES
