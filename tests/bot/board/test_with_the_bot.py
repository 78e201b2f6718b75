"""The running program with PUBLIC_URL: the whole way from the chat to the board and back."""

import re

import httpx
import pytest
from starlette.applications import Starlette

from bot.sample import make_sample
from tests.bot.board.conftest import PUBLIC, first_page, press, type_code
from tests.bot.board.test_pages import links_of


@pytest.fixture
async def running(deployment):
    """The sample commune with its board; gives its telephones by key, and a new browser."""
    deployment.settings = deployment.settings.model_copy(
        update={"public_url": PUBLIC, "listen": ("127.0.0.1", 0)}
    )
    async with deployment.running() as program:
        sample = await program.database.write(
            lambda tx: make_sample(tx, deployment.clock.now(), deployment.settings.timezone)
        )
        phones = {one.key: deployment.phone(one.name, user_id=one.id) for one in sample.personas}
        app = Starlette(routes=program.board.routes())
        browsers = []

        def browser():
            transport = httpx.ASGITransport(app=app)
            browsers.append(httpx.AsyncClient(transport=transport, base_url=PUBLIC))
            return browsers[-1]

        yield phones, browser, sample
        for one in browsers:
            await one.aclose()


def link_in(phone):
    return re.search(rf"{PUBLIC}/enter/[\w-]+", phone.screen)[0]


async def test_from_the_button_to_the_page_and_closed_from_the_chat(running):
    phones, browser, _ = running
    chair = phones["chair"]
    await chair.send("/start")
    await chair.press("🖥 Mở trên máy tính")
    assert "xa.example.vn/bang" in chair.screen
    code = re.search(r"Nhập mã: (\d{3} \d{3})", chair.screen)[1]
    computer = browser()
    assert (await type_code(computer, code)).status_code == 303
    assert "Xã Đồi Chè" in (await first_page(computer)).text
    await chair.settled()
    assert "Vừa mở trên máy tính" in chair.screen
    await chair.send("/dulieu")
    assert "Đang mở trên máy tính" in chair.screen
    await chair.press("Đóng:")
    assert "Đã đóng" in chair.screen
    assert "Mã 6 số" in (await first_page(computer)).text


async def test_in_words_and_by_the_link_and_a_stranger_s_opening_is_closed_at_once(running):
    phones, browser, _ = running
    officer = phones["officer"]
    await officer.send("mở trên máy tính")
    stranger = browser()
    assert (await press(stranger, link_in(officer))).status_code == 303
    await officer.settled()
    await officer.press("Đóng lại")
    assert "Mã 6 số" in (await first_page(stranger)).text


async def test_whoever_only_reports_has_no_button_and_no_words_for_it(running):
    phones, _, _ = running
    head = phones["head"]
    await head.send("/start")
    assert not [one for one in head.buttons if "máy tính" in one]
    await head.send("mở trên máy tính")
    assert PUBLIC not in head.screen


async def test_forgetting_oneself_in_the_chat_ends_what_is_open(running):
    phones, browser, _ = running
    chair, computer = phones["chair"], browser()
    await chair.send("mở trên máy tính")
    await press(computer, link_in(chair))
    await chair.send("/xoatoi")
    await chair.press("Xoá hẳn")
    assert "Mã 6 số" in (await first_page(computer)).text


async def test_nobody_s_name_stands_on_the_board_that_the_chat_s_history_has(running):
    phones, browser, sample = running
    chair, computer = phones["chair"], browser()
    await chair.send("/lichsu khu 2")
    assert "Vũ Đình Nam" in chair.screen
    await chair.send("mở trên máy tính")
    await press(computer, link_in(chair))
    names = [one.name for one in (*sample.personas, *sample.others)]
    first = await first_page(computer)
    waiting, seen = [str(first.url.path)], set()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            page = await computer.get(f"https://xa.example.vn{path}", follow_redirects=True)
            assert not [one for one in names if one in page.text], path
            waiting += links_of(page)
    assert len(seen) > 30


async def test_without_a_public_address_there_is_no_board(town):
    assert town.program.board is None
    await town.chair.send("/start")
    assert not [one for one in town.chair.buttons if "máy tính" in one]
    await town.chair.press_data("1|u.new")
    assert "/enter/" not in "".join(town.chair.screens)
