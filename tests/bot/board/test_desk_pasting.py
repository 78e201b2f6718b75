"""Figures pasted on the desk: a preview, errors by cell, and nothing of another officer's lost."""

import re

import pytest

from storage.places import places
from tests.bot.board.conftest import PUBLIC
from tests.bot.board.test_desk import NAMED, forms, second_officer, submit

HEADINGS = "Khu\tNgười trưởng thành\tTrong độ tuổi lao động\n"


@pytest.fixture
async def officer(house):
    return await house.enter("O")


def commune_of(house):
    return house.people["O"][1].commune_id


async def figures(house):
    return await house.database.read(lambda tx: places.figures_of_commune(tx, commune_of(house)))


async def paste(house, browser, text):
    """Paste into the field and ask for the preview."""
    page = await browser.get(f"{PUBLIC}/b/m.areas/{commune_of(house):x}")
    link = re.search(r'href="(/bang/b/desk\.figs/[^"]+)"', page.text)[1]
    page = await browser.get(f"https://xa.example.vn{link}")
    return await submit(browser, forms(page, "/desk.paste/")[0], text=text)


async def test_the_preview_shows_what_changes_and_only_then_it_is_written(house, officer):
    before = await figures(house)
    page = await paste(house, officer, HEADINGS + "Khu Kín 1\t1.234\t\n")
    assert await figures(house) == before
    assert "1.234" in page.text
    done = await submit(officer, forms(page, "/b.apply/")[0])
    assert "Đã áp dụng: 1 chỗ" in done.text
    after = await figures(house)
    assert sum(one.get("adults") == 1234 for one in after.values()) == 1
    areas = await officer.get(f"{PUBLIC}/b/m.areas/{commune_of(house):x}")
    assert "1.234" in areas.text


async def test_a_bad_cell_is_marked_and_the_rows_can_be_mended(house, officer):
    before = await figures(house)
    page = await paste(house, officer, HEADINGS + "Khu Kín 1\tnhiều\t5\nKhu Kín 2\t6\t7\n")
    assert "dòng 2, cột “Người trưởng thành”" in page.text
    assert page.text.count('class="bad"') == 1
    assert not forms(page, "/b.apply/")
    assert await figures(house) == before
    again = re.search(r'href="(/bang/b/desk\.figs/[^"]+)"', page.text)[1]
    page = await officer.get(f"https://xa.example.vn{again}")
    assert "Khu Kín 1\tnhiều\t5" in page.text
    unread = await submit(officer, forms(page, "/desk.paste/")[0], text="Khu Kín 1 &\t5")
    assert 'class="noted"' in unread.text
    assert "Khu Kín 1 &amp;\t5</textarea>" in unread.text


async def test_what_another_officer_wrote_meanwhile_is_shown_and_not_overwritten(house, officer):
    other = await second_officer(house)
    mine = await paste(house, officer, HEADINGS + "Khu Kín 1\t500\t\n")
    theirs = await paste(house, other, HEADINGS + "Khu Kín 1\t600\t\n")
    await submit(other, forms(theirs, "/b.apply/")[0])
    page = await submit(officer, forms(mine, "/b.apply/")[0])
    assert "đã có thay đổi" in page.text
    assert re.search(r">600</td>.*>500<", NAMED.sub(lambda m: m[0], page.text), re.DOTALL)
    assert any(one.get("adults") == 600 for one in (await figures(house)).values())
    await submit(officer, forms(page, "/b.apply/")[0])
    assert any(one.get("adults") == 500 for one in (await figures(house)).values())


async def test_nobody_sees_or_applies_what_another_pasted(house, officer):
    other = await second_officer(house)
    mine = await paste(house, officer, HEADINGS + "Khu Kín 1\t500\t\n")
    assert (await other.get(mine.url)).status_code == 404
    link = re.search(r'href="(/bang/b/desk\.figs/[^"]+)"', mine.text)[1]
    assert "500" not in (await other.get(f"https://xa.example.vn{link}")).text
