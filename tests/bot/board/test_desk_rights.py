"""The desk's pages and forms; test_matrix.py has everybody try them."""

import re
from collections import Counter
from datetime import timedelta

import sqlalchemy as sa

from bot.board.desk.form_actions import FORMS
from bot.board.desk.screen_pages import DESK
from storage.tables import metadata
from tests.bot.board.conftest import PUBLIC, first_page, token_in
from tests.bot.board.test_desk import FORM, HIDDEN, at
from tests.handlers.two_communes import FOREIGN, NOW

HREF = re.compile(r'href="(/bang/b/[^"#]*)')
SHOWN = re.compile(r'name="shown" value="([^"]+)"')
MOST_OF_A_KEY = 3
# Whoever asks sees their own: the same as in the matrix of the chat.
OWN = {
    "v.which",
    "m.home",
    "o.home",
    "o.diff",
    "o.inv",
    "o.same",
    "desk.fill",
    "p.new",
    "start",
    "s.all",
}
TYPED = {
    "text": "vì nhập nhầm nên xin sửa lại",
    "question": "HT1",
    "value": "3/5",
    "reason": "nhầm",
}
# What the board itself keeps of a look or a post of whoever it is.
OF_BOARD = {"board_sessions", "board_tickets"}


def key_of(path):
    return path.split("?")[0].split("/")[3]


def own(path):
    """Whether it is about whoever asks: 0 stands for the communes that one runs."""
    return key_of(path) in OWN or "/0" in path


async def desk_of(browser):
    """The desk's pages that links lead to, and the forms on them; a few of each key."""
    pages, posts, counts = {}, {}, Counter()
    waiting = [str((await first_page(browser)).url.path)]
    while waiting:
        path = waiting.pop(0)
        key = key_of(path)
        if path in pages or counts[key] >= MOST_OF_A_KEY:
            continue
        counts[key] += 1
        pages[path] = answer = await browser.get(at(path), follow_redirects=True)
        text = answer.text.replace("&amp;", "&")
        waiting += HREF.findall(text)
        for to, inside in FORM.findall(text):
            if (
                to.startswith("/bang/b/")
                and Counter(key_of(one) for one in posts)[key_of(to)] < MOST_OF_A_KEY
            ):
                posts[to] = dict(HIDDEN.findall(inside))
    return pages, {to: fields for to, fields in posts.items() if key_of(to) != "lang"}


async def of_kin(house):
    """All that belongs to Kín, its people and their conversations, as it stands in the database."""

    def look(tx):
        return {
            table.name: tx.execute(sa.select(table)).all()
            for table in metadata.sorted_tables
            if table.name not in OF_BOARD
        }

    return await house.database.read(look)


async def test_every_page_of_the_desk_opens(house):
    pages = {}
    for letter in "OP":
        pages |= (await desk_of(await house.enter(letter)))[0]
    assert not [path for path, one in pages.items() if one.status_code != 200]
    there = {key_of(one) for one in pages}
    assert {
        "v.list",
        "v.one",
        "v.tot",
        "v.help",
        "s.files",
        "m.home",
        "m.people",
        "m.mem",
        "m.invs",
        "m.iset",
        "m.areas",
        "m.afig",
        "m.rounds",
        "m.rdl",
        "n.list",
        "o.diff",
    } <= there


async def test_damaged_addresses_of_the_desk_change_nothing(house):
    browser = await house.enter("O")
    token, before = token_in(await first_page(browser)), await of_kin(house)
    for key in sorted(DESK | FORMS.keys()):
        for rest in ("", "/", "/zzzzzz", "/1/zzz", "/%3Cscript%3E", f"/{FOREIGN:x}/~"):
            answer = await browser.post(f"{PUBLIC}/b/{key}{rest}", data={"token": token})
            assert answer.status_code in {200, 303, 404}, (key, rest)
            answer = await browser.get(f"{PUBLIC}/b/{key}{rest}")
            assert answer.status_code in {200, 303, 404}, (key, rest)
            assert "<script>" not in answer.text
    after = await of_kin(house)
    assert after == before


async def test_no_step_changes_by_itself_within_minutes(house):
    browser = await house.enter("O")
    pages, _ = await desk_of(browser)
    marks = {path: SHOWN.findall(one.text) for path, one in pages.items()}
    marks = {path: some for path, some in marks.items() if some}
    assert len(marks) > 20
    house.clock.move_to(NOW + timedelta(minutes=10))
    for path, some in marks.items():
        assert SHOWN.findall((await browser.get(at(path))).text) == some, path
