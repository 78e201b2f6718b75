"""Every page and every action, asked for by everybody: only who reads it in the chat reads it here."""

import re

import pytest

from bot.board.desk.screen_pages import DESK
from bot.board.pages import PAGES
from tests.bot.board.conftest import PUBLIC, first_page, token_in

HREF = re.compile(r'(?:href|src)="(/bang/(?:b|evidence)/[^"#]*)')
READ = "OLPW"  # of Kín
OWN = {"start", "s.all"}  # whoever asks: one's own
NAMES = re.compile(r"Người (?:Kín|Ta)|Người cũ")


def of_desk(path):
    key = path.split("?")[0].split("/")[3]
    return key in DESK or key.startswith("desk.")


async def walked(browser):
    """Every page that can be reached by links, by address."""
    found, waiting = {}, [str((await first_page(browser)).url.path)]
    while waiting:
        path = waiting.pop()
        if path in found or of_desk(path):  # test_desk_rights.py walks these
            continue
        found[path] = answer = await browser.get(
            f"https://xa.example.vn{path}", follow_redirects=True
        )
        if len(found) < 400:
            waiting += [one.replace("&amp;", "&") for one in HREF.findall(answer.text)]
    return found


@pytest.fixture
async def of_kin(house):
    """All pages of Kín that its officer and its leader come to."""
    return house, await walked(await house.enter("O")) | await walked(await house.enter("L"))


async def test_every_page_is_read_by_its_readers_and_by_nobody_else(of_kin):
    house, pages = of_kin
    assert {path.split("/")[3] for path in pages if path.startswith("/bang/b/")} >= {
        one for one in PAGES if not of_desk(f"/bang/b/{one}")
    } - {"s.all", "s.commune"}
    assert not [path for path, answer in pages.items() if answer.status_code != 200]
    about = [one for one in pages if one.split("/")[3] not in OWN]
    for letter in "OLPWzlq":
        browser = await house.enter(letter)
        for path in about:
            answer = await browser.get(f"https://xa.example.vn{path}", follow_redirects=True)
            if letter in "zlq":
                assert answer.status_code == 404, (letter, path)
                assert "Kín" not in answer.text, (letter, path)
            elif letter in "OL" or "/s.area/" not in path:
                assert answer.status_code == 200, (letter, path)


async def test_no_page_names_a_person(of_kin):
    _, pages = of_kin
    for path, answer in pages.items():
        assert not NAMES.search(answer.text), path


async def test_an_operator_reads_no_history_and_no_evidence_as_in_the_chat(house):
    officer, operator = await house.enter("O"), await house.enter("P")
    area = next(
        p for p, a in (await walked(officer)).items() if "/s.area/" in p and "<details" in a.text
    )
    assert "<details" not in (await operator.get(f"https://xa.example.vn{area}")).text


async def test_damaged_addresses_are_pages_that_are_not_there(house):
    browser = await house.enter("L")
    for path in ("", "x", "s.full", "s.full/", "s.full/zz~", "s.full/1/2/3", "s.area/1/zzz", "h.area/1",
                 "meet/1/nothing", "meet/1//purple", "s.if/1/1/HT1/%3Cscript%3E", "v.list/1", "s.why/1/zzz"):  # fmt: skip
        answer = await browser.get(f"{PUBLIC}/b/{path}")
        assert answer.status_code in {200, 404}, path
        assert "<script>" not in answer.text.replace("<script src", "")


async def test_the_language_is_the_person_s_own_in_the_chat_and_here(house):
    browser = await house.enter("L")
    token = token_in(await first_page(browser))
    assert (await browser.post(f"{PUBLIC}/b/lang/en", data={"token": token})).status_code == 303
    assert (
        "Whole commune" in (await first_page(browser)).text
        or 'lang="en"' in (await first_page(browser)).text
    )
    for answer in (await walked(browser)).values():
        assert answer.status_code == 200


async def test_an_action_of_the_chat_that_the_board_does_not_offer_is_not_there(house):
    browser = await house.enter("O")
    token = token_in(await first_page(browser))
    for key in ("y.dely", "y.outy", "u.new", "v.ok/1", "s.full/1"):
        assert (await browser.post(f"{PUBLIC}/b/{key}", data={"token": token})).status_code == 404
