"""The workbook by upload: its errors by cell, what it would change, and that only then it does."""

import re

import pytest

from storage import places
from tests.bot.board.conftest import PUBLIC, token_in
from tests.bot.board.test_desk import forms, submit
from tests.handlers.operator.province import write_roster


async def send(browser, content, token=None):
    """Choose a file in the form and send it."""
    page = await browser.get(f"{PUBLIC}/b/desk.book")
    given = {"token": token if token is not None else token_in(page)}
    files = {"file": ("so-lieu.xlsx", content)}
    answer = await browser.post(f"{PUBLIC}/workbook", data=given, files=files)
    return answer if answer.status_code != 303 else await browser.get(answer.headers["Location"])


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "roster.xlsx"
    write_roster(path)
    return path.read_bytes()


async def communes(house):
    return [one.name for one in await house.database.read(places.communes)]


async def test_what_it_would_change_is_shown_and_then_done_once(house, roster):
    browser, before = await house.enter("W"), await communes(house)
    page = await send(browser, roster)
    assert page.status_code == 200
    assert "<table" in page.text
    assert await communes(house) == before
    done = await submit(browser, forms(page, "/b.apply/")[0])
    assert len(await communes(house)) > len(before)
    assert 'class="noted"' in done.text


async def test_an_officer_reads_the_errors_by_cell_and_nothing_is_changed(house, roster):
    browser, before = await house.enter("O"), await communes(house)
    page = await send(browser, roster)
    assert 'class="wrong"' in page.text
    assert re.search(r"dòng \d|hàng \d|[A-Z]\d", page.text)
    assert not forms(page, "/b.apply/")
    assert await communes(house) == before


async def test_what_is_no_workbook_is_refused_with_a_sentence(house):
    browser = await house.enter("O")
    for content in (b"", b"PK nothing", b"x" * 5_000_000):
        assert 'class="noted"' in (await send(browser, content)).text


async def test_only_who_may_and_only_with_the_token(house, roster):
    assert (await send(await house.enter("O"), roster, token="0" * 64)).status_code == 403
    leader = await house.enter("L")
    token = token_in(await leader.get(f"{PUBLIC}/", follow_redirects=True))
    files = {"file": ("so-lieu.xlsx", roster)}
    answer = await leader.post(f"{PUBLIC}/workbook", data={"token": token}, files=files)
    assert answer.status_code == 404


async def test_a_body_without_end_is_refused_wherever_a_form_is_taken(house):
    browser, read = await house.enter("O"), 0

    async def endless():
        nonlocal read
        while read < 100_000_000:
            read += 65_536
            yield b"x" * 65_536

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for place in ("/", "/out", "/b/v.ok", "/workbook"):
        read = 0
        answer = await browser.post(f"{PUBLIC}{place}", content=endless(), headers=form)
        assert answer.status_code in {303, 404, 405, 413}, place
        assert read < 10_000_000, place
    stranger, read = house.browser(), 0
    answer = await stranger.post(f"{PUBLIC}/workbook", content=endless(), headers=form)
    assert answer.status_code == 404
    assert read <= 65_536
