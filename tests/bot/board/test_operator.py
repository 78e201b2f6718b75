"""The operator's board: the communes as a table, a round for a group, files of many communes."""

import asyncio
import io
import json
import re
import zipfile

import pytest

from bot.board.operator import exports
from storage.difficulties import difficulties
from storage.places import places
from tests.bot.board.conftest import PUBLIC, first_page, token_in

HOST = "https://xa.example.vn"
ROW = re.compile(r'<tr class="\w+"><th scope="row"><a href="[^"]+">([^<]+)</a>')
DIFFICULT = "Xã Vướng"


@pytest.fixture
async def province(house):
    """Beside Ta and Kín some communes of the group of Kín, without a round."""

    def some(tx):
        group = places.find_commune(tx, house.people["L"][1].commune_id).group_name
        for name in ("Xã An", "Xã Bình", DIFFICULT):
            made = places.add_commune(tx, name.lower(), name, group)
        for _ in range(9):
            one = difficulties.raise_difficulty(
                tx, commune_id=made.id, indicator=None, text="xa", by=None, now=house.clock.now()
            )
        difficulties.pass_up(
            tx, difficulties.difficulty_by_id(tx, one), by=None, now=house.clock.now()
        )
        return group

    house.group = await house.write(some)
    return house


def links(answer, inside):
    return [
        one.replace("&amp;", "&") for one in re.findall(r'href="([^"]+)"', answer.text)
        if inside in one
    ]  # fmt: skip


async def test_the_operator_begins_at_the_table_which_sorts_without_a_script(province):
    browser = await province.enter("W")
    page = await first_page(browser)
    assert page.url.path == "/bang/b/o.home"
    by_need = ROW.findall(page.text)
    assert by_need[0] in {"Xã Kín", "Xã Ta"}  # a round is open, and reports are missing
    assert len(by_need) == len(set(by_need)) == 5
    assert links(page, "/b/o.same/-"), "the difficulties that are shared"
    for sort, first in (("commune", "Xã An"), ("difficulties", DIFFICULT)):
        (link,) = (one for one in links(page, f"sort={sort}") if "group" not in one)
        sorted_ = await browser.get(f"{HOST}{link}")
        assert ROW.findall(sorted_.text)[0] == first
        assert len(re.findall(r'aria-sort="\w+ending"', sorted_.text)) == 1
    back = await browser.get(f"{HOST}/bang/b/o.home?sort=-commune")
    assert ROW.findall(back.text) == sorted(ROW.findall(back.text), reverse=True)
    # What has no figure comes last, whichever way round.
    for sort in ("met", "-met", "left", "-left", "reports"):
        found = await browser.get(f"{HOST}/bang/b/o.home?sort={sort}")
        assert set(ROW.findall(found.text)[:2]) == {"Xã Kín", "Xã Ta"}


async def test_a_group_is_shown_alone_and_a_round_opened_for_it(province):
    browser = await province.enter("W")
    page = await first_page(browser)
    (link,) = (
        one for one, caption in re.findall(r'href="([^"]+group=[^"&]+)">([^<]+) <b>', page.text)
        if caption == province.group
    )  # fmt: skip
    alone = await browser.get(f"{HOST}{link}")
    assert set(ROW.findall(alone.text)) < set(ROW.findall(page.text))
    (opening,) = (one for one in links(alone, "/b/p.n") if "/." in one)
    step = await browser.get(f"{HOST}{opening}", follow_redirects=True)
    assert step.status_code == 200
    typed = re.search(r'<form method="post" action="([^"]+)" class="card typed">', step.text)[1]
    token = token_in(step)
    named = await browser.post(f"{HOST}{typed}", data={"token": token, "text": "Đợt thử"})
    assert named.status_code == 200, named.text[:500]
    typed = re.search(r'<form method="post" action="([^"]+)" class="card typed">', named.text)[1]
    said = re.search(r'name="said" value="([^"]+)"', named.text)[1]
    given = {"token": token, "text": "28/12", "said": said}
    preview = await browser.post(f"{HOST}{typed}", data=given)
    assert re.search(rf"“Đợt thử” cho \d xã của nhóm {province.group}", preview.text)
    opens = re.search(r'<form method="post" action="([^"]*/p\.open/[^"]+)"', preview.text)[1]
    said = re.search(r'name="said" value="([^"]+)"', preview.text)[1]
    done = await browser.post(
        f"{HOST}{opens}", data={"token": token, "said": said}, follow_redirects=True
    )
    assert done.status_code == 200
    after = await browser.get(f"{HOST}{link}")
    assert "chưa có kỳ" not in after.text
    others = set(ROW.findall(page.text)) - set(ROW.findall(alone.text))
    assert others


async def test_only_operators_come_to_it_and_each_sees_the_own_communes(province):
    for letter in "OLz":
        browser = await province.enter(letter)
        for path in ("o.home", "o.files/0", "o.group/p", "p.name/0"):
            assert (await browser.get(f"{PUBLIC}/b/{path}")).status_code == 404, (letter, path)
        assert (await browser.get(f"{PUBLIC}/file/many/0/json")).status_code == 404
    assert (await province.browser().get(f"{PUBLIC}/file/many/0/json")).status_code == 404
    names = {}
    for letter in "PWq":
        found = await (await province.enter(letter)).get(f"{PUBLIC}/file/many/0/json")
        names[letter] = {one["name"] for one in json.loads(found.content)["communes"]}
    assert names["P"] | names["q"] <= names["W"]
    assert "Xã Kín" not in names["q"]
    assert "Xã Ta" not in names["P"]


async def test_every_file_of_many_communes_comes_at_once_or_after_showing_how_far(
    province, monkeypatch
):
    browser = await province.enter("W")
    page = await browser.get(f"{PUBLIC}/b/o.files/0")
    found = [await browser.get(f"{HOST}{one}") for one in links(page, "/file/many/0/")]
    assert len(found) == 3
    for one in found:
        assert one.headers["content-disposition"].startswith("attachment")
    assert any(zipfile.is_zipfile(io.BytesIO(one.content)) for one in found)

    monkeypatch.setattr(exports, "_SECONDS", 0.0)
    waiting = await browser.get(f"{PUBLIC}/file/many/0/xlsx")
    assert "<progress" in waiting.text
    assert 'http-equiv="refresh"' in waiting.text
    for _ in range(200):
        again = await browser.get(f"{PUBLIC}/file/many/0/xlsx")
        if "content-disposition" in again.headers:
            break
        await asyncio.sleep(0.05)
    assert zipfile.is_zipfile(io.BytesIO(again.content))
