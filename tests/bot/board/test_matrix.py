"""The matrix of rights over HTTP: every registered address, by everybody, as the chat's rights say.

The addresses are those on the pages of Kín, and one of each key of the registries, filled in with
things of Kín by the names of its arguments: a new page or form is tried without a line here.
"""

import re
from dataclasses import replace

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.board.desk.form_actions import FORMS
from bot.board.desk.screen_pages import DESK, OF_REPORT
from bot.board.http.cookies import Cookies, new_cookie
from bot.board.http.response_headers import HEADERS
from bot.board.pages import ACTIONS, PAGES
from handlers.flow.routes import ROUTES, as_text
from handlers.personal_data.forgetting import forget
from storage.difficulties import difficulties
from storage.people import board_sessions, people
from storage.places import places
from storage.reports import reports
from storage.rounds import rounds
from storage.tables import invitations, notices, workbooks
from tests.bot.board.conftest import PUBLIC, first_page, press, token_in
from tests.bot.board.test_desk_rights import TYPED, desk_of, key_of, of_kin, own
from tests.bot.board.test_rights import NAMES
from tests.handlers.test_rights import MATRIX
from tests.handlers.two_communes import INSIDE, NOW

KEYS = sorted(PAGES.keys() | ACTIONS.keys() | FORMS.keys() | DESK | OF_REPORT)
# Whoever reads something comes in; the others could only have a session from another time.
READERS, OTHERS = "OLPWzlq", "RNXEy"
KIN = "OLPW"
# What a page or form of the board alone asks for; everything else has its row in the chat's matrix.
OF_BOARD = {"reader": "OLPW", "officer": "O", "officer or operator": "OPW", "operator": "PW"}


HEADINGS = re.compile("<title>(.*?)</title>.*?<h1>(.*?)</h1>", re.DOTALL)


def may(key):
    """The readers of Kín who get through with an address about Kín."""
    if key in MATRIX:
        return {one for one in MATRIX[key][0] if one in KIN}
    route = PAGES[key].route if key in PAGES else FORMS[key][0]
    return set(OF_BOARD[route.right.name])


def of_oneself(path):
    """Whether it shows or changes only what is of whoever asks."""
    key = key_of(path)
    return (
        own(path)
        or key in {"desk.say", "desk.book", "desk.book.form"}
        or (key in ROUTES and key not in MATRIX)
    )


def route_of(key):
    if key in ROUTES:
        return ROUTES[key]
    return PAGES[key].route if key in PAGES else FORMS[key][0]


async def things_of_kin(house):
    """A value of Kín for each name of an argument."""
    commune, held = house.people["O"][1].commune_id, house.people["R"][1].id

    def look(tx):
        round_ = rounds.open_rounds(tx, commune, NOW)[0].id
        units = [one.id for one in places.units_of(tx, commune)]
        report = next(
            one.id for one in reports.reports_of_round(tx, round_).values() if one.state == "sent"
        )
        day = NOW.date().toordinal() + 9

        def first(table, *where):
            return tx.scalar(sa.select(sa.func.max(table.c.id)).where(*where))

        return {
            "status": round_, "round": round_, "view": report, "report": report,
            "commune": commune, "scope": commune, "target": commune, "criteria": "ejm3c2",
            "unit": units[1], "unit_id": units[1], "into": units[2], "member": held,
            "other": house.people["N"][1].id, "indicator": "CQ3", "question": "HT1", "code": "HT1",
            "difficulty": difficulties.open_difficulties(tx, commune)[0].id, "audience": "all",
            "invitation": first(invitations, invitations.c.commune_id == commune),
            "notice": first(notices, notices.c.commune_id == commune), "workbook": first(workbooks),
            "kind": "adults", "new": 500, "old": 400, "mask": 1, "every": "month", "opens": 1,
            "last": day, "deadline": day, "closes": day, "opening": day, "day": day,
        }  # fmt: skip

    return await house.database.read(look)


async def addresses(house):
    """Pages, and what forms post to, with the fields of the form where there is one."""
    pages, posts = {}, {}
    for letter in "OP":
        seen, filled = await desk_of(await house.enter(letter))
        pages |= {path: one for path, one in seen.items() if one.status_code == 200}
        posts |= filled
    things = await things_of_kin(house)
    tried = dict.fromkeys(pages)
    for key in KEYS:
        names = route_of(key).resolvers
        parts = [as_text(things.get(one, 1)) for one in names]
        tried["/".join([f"/bang/b/{key}", *parts])] = None
    kept, found = {}, []
    for path in tried:  # two of each kind are enough
        kept[key_of(path)] = kept.get(key_of(path), 0) + 1
        if kept[key_of(path)] <= 2 or path in posts:
            found.append(path)
    return found, {path: posts.get(path, {}) for path in dict.fromkeys([*posts, *found])}


def with_cookie(house, cookie):
    """A browser that has this cookie."""
    browser = house.browser()
    browser.cookies.set("__Host-board", cookie, domain="xa.example.vn", path="/")
    return browser


async def with_old_session(house, letter):
    """A browser whose session was opened when its person still read something, and its token."""
    cookie, keyed = new_cookie(), house.deployment.short_codes
    who, hashed = house.people[letter][0], keyed.board_hash(cookie)
    await house.write(lambda tx: board_sessions.open_session(tx, who, hashed, "Chrome", NOW))
    return with_cookie(house, cookie), Cookies(PUBLIC, keyed).token(cookie)


def refused(answer):
    """Whether an answer leads nowhere: not there, or back to the page for the code."""
    if answer.status_code == 303:
        return answer.headers["Location"] == "/bang/"
    return answer.status_code in {403, 404}


async def looked_at(browser, letter, found):
    """The keys of the pages that open, and what opens or shows what it should not."""
    opened, wrong = set(), []
    for path in found:
        answer = await browser.get(f"https://xa.example.vn{path}")
        allowed = letter in (READERS if of_oneself(path) else may(key_of(path)))
        if not refused(answer):
            opened.add(key_of(path))
            wrong += [] if allowed else [(letter, path, answer.status_code)]
        for title, first in HEADINGS.findall(answer.text):
            whole = first.count("<b>") == first.count("</b>")
            wrong += [] if whole and not NAMES.search(title) else [(letter, path, title, first)]
        if letter not in INSIDE and "Kín" in answer.text:
            wrong.append((letter, path, "Kín"))
    return opened, wrong


async def posted(browser, letter, posts, token):
    """What is done of all that this person has no right to."""
    wrong = []
    for path, given in posts.items():
        if not of_oneself(path) and letter not in may(key_of(path)):
            data = {**given, "token": token, **TYPED}
            answer = await browser.post(f"https://xa.example.vn{path}", data=data)
            wrong += [] if refused(answer) else [(letter, path, answer.status_code)]
    return wrong


async def test_everybody_gets_only_what_the_chat_s_rights_permit(house):
    found, posts = await addresses(house)
    assert {key_of(one) for one in found} >= set(KEYS)
    browsers = {one: await house.enter(one) for one in READERS}
    people_in = {k: (one, token_in(await first_page(one))) for k, one in browsers.items()}
    people_in |= {one: await with_old_session(house, one) for one in OTHERS}
    before, wrong, opened = await of_kin(house), [], {}
    for letter, (browser, token) in {**people_in, "nobody": (house.browser(), "0" * 64)}.items():
        opened[letter], shown = await looked_at(browser, letter, found)
        wrong += [*shown, *await posted(browser, letter, posts, token)]
    assert wrong == []
    assert await of_kin(house) == before
    for letter in KIN:  # all of theirs opens, but for the few that only follow a typed text
        theirs = {one for one in PAGES if not of_oneself(f"/bang/b/{one}") and letter in may(one)}
        assert len(theirs - opened[letter]) <= len(theirs) / 10, sorted(theirs - opened[letter])


async def test_no_form_does_anything_without_the_token_of_this_session(house):
    _, posts = await addresses(house)
    browser, second = await house.enter("O"), await house.enter("O")
    token = token_in(await first_page(browser))
    of_others = [token_in(await first_page(one)) for one in (second, await house.enter("L"))]
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    tries = [({}, {}), ({"token": ""}, {}), ({"token": token}, elsewhere)]
    tries += [({"token": one}, {}) for one in of_others]
    before, wrong = await of_kin(house), []
    for path, given in posts.items():
        for data, headers in tries:
            answer = await browser.post(
                f"https://xa.example.vn{path}", data={**given, **TYPED, "token": "", **data}, headers=headers
            )  # fmt: skip
            if answer.status_code != 403:
                wrong.append((path, data, answer.status_code))
    assert wrong == []
    for data in ({}, {"token": of_others[0]}):
        file = {"file": ("so.xlsx", b"x")}
        assert (await browser.post(f"{PUBLIC}/workbook", data=data, files=file)).status_code == 403
        await browser.post(f"{PUBLIC}/out", data=data)
        assert "Xã Kín" in (await first_page(browser)).text
    assert await of_kin(house) == before
    right = next(one for one in posts if key_of(one) == "v.ok")
    answer = await browser.post(f"https://xa.example.vn{right}", data={"token": token})
    assert answer.status_code == 303
    assert await of_kin(house) != before


async def test_a_link_that_is_only_looked_at_is_not_spent(house):
    link, _ = await house.ticket("L")
    for _ in range(5):
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = await house.browser().request(method, link)
            assert answer.status_code in {200, 405}
    assert (await press(house.browser(), link)).status_code == 303


async def test_a_stolen_cookie_is_worth_nothing_after_closing(house):
    browser, other = await house.enter("O"), await house.enter("O")
    thief = with_cookie(house, browser.cookies["__Host-board"])
    page = await first_page(thief)
    assert "Xã Kín" in page.text
    await browser.post(f"{PUBLIC}/out", data={"token": token_in(page)})
    assert "Kín" not in (await first_page(thief)).text
    answer = await thief.post(f"{PUBLIC}/b/lang/en", data={"token": token_in(page)})
    assert answer.headers["Location"] == "/bang/"
    assert "Xã Kín" in (await first_page(other)).text


def role_ends(house):
    role = house.people["O"][1].id
    return lambda tx: people.end_membership(tx, role, NOW)


def forgotten(house):
    who = house.people["O"][0]
    return lambda tx: forget(tx, who, NOW, house.deployment, "button")


def closed_in_the_chat(house):
    who = house.people["O"][0]
    return lambda tx: board_sessions.end_all(tx, who)


def twelve_hours_pass(house):
    house.clock.move_to(NOW + board_sessions.SESSION_LASTS)
    return lambda tx: None


@pytest.mark.parametrize("end", [role_ends, forgotten, closed_in_the_chat, twelve_hours_pass])
async def test_a_form_that_stood_open_when_the_session_ended_does_nothing(house, end):
    browser = await house.enter("O")
    pages, posts = await desk_of(browser)
    token = token_in(await first_page(browser))
    await house.write(end(house))
    before = await of_kin(house)
    for path, given in posts.items():
        data = {**given, **TYPED, "token": token}
        answer = await browser.post(f"https://xa.example.vn{path}", data=data)
        assert answer.headers.get("Location") == "/bang/", path
    for path in list(pages)[:20]:
        assert (await browser.get(f"https://xa.example.vn{path}")).headers["Location"] == "/bang/"
    for path in ("live/1", "evidence/1/1", "file/1/json"):
        assert (await browser.get(f"{PUBLIC}/{path}")).status_code in {403, 404}
    assert (await browser.post(f"{PUBLIC}/workbook", data={"token": token})).status_code == 404
    assert await of_kin(house) == before


async def test_every_answer_carries_the_headers_whatever_it_is(house, monkeypatch):
    def fails(looking, **arguments):
        raise RuntimeError(looking.context.person.name)

    browser, link = await house.enter("O"), (await house.ticket("L"))[0]
    token = token_in(await first_page(browser))
    _, posts = await desk_of(browser)
    file = next(one for one in posts if key_of(one) == "s.make").rpartition("/")[0] + "/json"
    monkeypatch.setitem(PAGES, "m.home", replace(PAGES["m.home"], function=fails))
    post, get = ("POST", {"token": token}), ("GET", None)
    tries = [
        (get, "/", 303), (get, "/nothing", 404), (get, "/b/nothing", 404), (get, "/b/m.home", 500),
        (get, "/b/start", 303), (get, "/live/zz", 403), (get, "/evidence/1/1", 404), (get, "/file/1/x", 404),
        (get, "/static/board.js", 200), (get, "/static/x.js", 404), (("HEAD", None), "/static/board.css", 200),
        (get, "/code", 405), (("PUT", None), "/b/start", 405), (get, link.removeprefix(PUBLIC), 200),
        (post, file.removeprefix("/bang"), 303), (("POST", {}), "/b/v.ok/1", 403), (("POST", {}), "/code", 403),
        (("POST", {"text": "x" * 70_000}), "/b/v.ok/1", 413), (("POST", {}), "/workbook", 403), (get, "/code/", 307),
    ]  # fmt: skip
    with capture_logs() as logs:
        for (method, data), path, status in tries:
            answer = await browser.request(method, f"{PUBLIC}{path}", data=data)
            assert answer.status_code == status, (path, answer.status_code)
            kept = set(HEADERS) - ({"Cache-Control"} if "/static/board" in path else set())
            assert {one: answer.headers.get(one) for one in kept} == {
                k: HEADERS[k] for k in kept
            }, path
            if (
                status in {404, 405, 413, 500}
                and "/static" not in path
                and "text/html" in answer.headers.get("Content-Type", "")
            ):
                assert 'lang="vi"' in answer.text
                assert "Internal" not in answer.text
    made = await browser.get(
        (await browser.post(f"https://xa.example.vn{file}", data={"token": token})).headers[
            "Location"
        ]
    )
    assert made.headers["Cache-Control"] == "no-store"
    assert made.headers["X-Content-Type-Options"] == "nosniff"
    assert [one["event"] for one in logs] == ["board failed"]
    assert "Người Kín" not in str(logs)
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
