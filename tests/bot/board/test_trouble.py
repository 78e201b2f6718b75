"""A full disk, and a bug: one sentence instead of a page, and nothing is done by half."""

import httpx

from bot.board import sign_in
from tests.bot.board.conftest import PUBLIC
from tests.bot.board.test_desk import forms, submit
from tests.bot.board.test_desk_workbook import communes, roster, send
from tests.bot.test_no_room import fill_disk, make_room

__all__ = ["roster"]
SAID = "việc vừa rồi chưa làm được"


async def test_a_roster_that_is_applied_on_a_full_disk_changes_nothing(house, roster, log):
    browser, before = await house.enter("W"), await communes(house)
    page = await send(browser, roster)
    apply = forms(page, "/b.apply/")[0]
    await fill_disk(house.database)
    answer = await submit(browser, apply)
    assert (answer.status_code, SAID in answer.text) == (503, True)
    assert await communes(house) == before
    assert "DiskFull" in log.getvalue()
    await make_room(house.database)
    assert (await submit(browser, apply)).status_code == 200
    assert len(await communes(house)) > len(before)


async def test_a_bug_shows_a_sentence_and_no_trace(house, monkeypatch):
    browser = await house.enter("O")

    def broken(*_):
        raise KeyError("Trần Thị Bưởi")

    monkeypatch.setattr(sign_in, "context_of_person", broken)
    transport = httpx.ASGITransport(app=house.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, cookies=browser.cookies) as same:
        answer = await same.get(f"{PUBLIC}/b/start")
    assert (answer.status_code, SAID in answer.text) == (500, True)
    assert "Bưởi" not in answer.text
