"""Coming in and going out: links, codes, cookies, forms, and what ends a session."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.board.http.cookies import browser_of
from handlers.personal_data.forgetting import forget
from storage.people import board_sessions, people
from storage.tables import board_sessions as sessions_table
from storage.tables import board_tickets, outbox
from tests.bot.board.conftest import PUBLIC, first_page, press, token_in, type_code


async def test_a_link_is_spent_by_its_button_and_not_by_a_preview(house):
    link, _ = await house.ticket("L")
    for _ in range(3):
        assert (await house.browser().get(link)).status_code == 200
    browser = house.browser()
    came = await press(browser, link)
    assert came.headers["Location"] == "/bang/b/start"
    assert "Xã Kín" in (await first_page(browser)).text
    again = await press(house.browser(), link)
    assert again.status_code == 403
    assert "đã dùng rồi" in again.text


async def test_a_code_is_typed_with_or_without_its_space_and_once(house):
    _, code = await house.ticket("O")
    browser = house.browser()
    assert (await type_code(browser, f" {code[:3]} {code[3:]} ")).status_code == 303
    assert "Xã Kín" in (await first_page(browser)).text
    assert (await type_code(house.browser(), code)).status_code == 403


@pytest.mark.parametrize("way", ["link", "code"])
async def test_either_way_spends_both(house, way):
    link, code = await house.ticket("L")
    await (press(house.browser(), link) if way == "link" else type_code(house.browser(), code))
    assert (await press(house.browser(), link)).status_code == 403
    assert (await type_code(house.browser(), code)).status_code == 403


async def test_a_ticket_lives_for_ten_minutes_and_ends_the_one_before(house):
    first, code = await house.ticket("L")
    second, _ = await house.ticket("L")
    assert (await press(house.browser(), first)).status_code == 403
    assert (await type_code(house.browser(), code)).status_code == 403
    house.clock.move_to(house.clock.now() + board_sessions.TICKET_LASTS)
    assert (await press(house.browser(), second)).status_code == 403


async def test_a_form_of_another_site_or_browser_spends_nothing(house):
    link, code = await house.ticket("L")
    page = await house.browser().get(link)
    stranger = house.browser()
    await stranger.get(f"{PUBLIC}/")
    for data in ({}, {"token": ""}, {"token": "0" * 64}, {"token": token_in(page)}):
        assert (await stranger.post(link, data=data)).status_code == 403
        assert (
            await stranger.post(f"{PUBLIC}/code", data={**data, "code": code})
        ).status_code == 403
    other_site = house.browser(**{"Sec-Fetch-Site": "cross-site"})
    assert (await press(other_site, link)).status_code == 403
    assert (await press(house.browser(), link)).status_code == 303


async def test_wrong_codes_are_braked_by_address_and_the_link_still_works(house):
    link, code = await house.ticket("L")
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(5):
        assert (await type_code(house.browser(), wrong)).status_code == 403
    assert (await type_code(house.browser(), code)).status_code == 429
    assert (await type_code(house.browser("2001:db8::1"), wrong)).status_code == 403
    assert (await press(house.browser(), link)).status_code == 303


async def test_wrong_codes_are_braked_in_all(house):
    _, code = await house.ticket("L")
    wrong = "000000" if code != "000000" else "000001"
    for number in range(50):
        assert (await type_code(house.browser(f"198.51.100.{number}"), wrong)).status_code == 403
    assert (await type_code(house.browser("192.0.2.1"), code)).status_code == 429
    house.clock.move_to(house.clock.now() + timedelta(hours=1))
    _, code = await house.ticket("L")
    assert (await type_code(house.browser("192.0.2.1"), code)).status_code == 303


async def test_the_addresses_of_one_network_of_ipv6_count_together(house):
    _, code = await house.ticket("L")
    wrong = "000000" if code != "000000" else "000001"
    for number in range(5):
        await type_code(house.browser(f"2001:db8::{number + 1}"), wrong)
    assert (await type_code(house.browser("2001:db8::99"), code)).status_code == 429


async def test_the_cookie_is_kept_from_scripts_and_from_other_sites(house):
    link, _ = await house.ticket("L")
    given = (await press(house.browser(), link)).headers["Set-Cookie"]
    assert given.startswith("__Host-board=")
    for part in ("HttpOnly", "SameSite=strict", "Secure", "Path=/", "Max-Age=43200"):
        assert part in given
    assert "Domain" not in given


async def test_the_cookie_is_another_one_after_coming_in(house):
    browser = house.browser()
    link, _ = await house.ticket("L")
    await browser.get(link)
    before = browser.cookies["__Host-board"]
    await press(browser, link)
    assert browser.cookies["__Host-board"] != before


async def test_the_database_has_no_secret_in_clear(house):
    link, code = await house.ticket("L")
    browser = await house.enter("O")

    def everything(tx):
        tables = (board_tickets, sessions_table, outbox)
        return str([tuple(row) for table in tables for row in tx.execute(sa.select(table))])

    held = await house.database.read(everything)
    for secret in (link.rpartition("/")[2], code, browser.cookies["__Host-board"]):
        assert secret not in held.replace(str(house.people["L"][0]), "")


async def test_no_page_has_inline_code_or_style(house):
    browser = await house.enter("O")
    page = (await first_page(browser)).text
    assert " style=" not in page
    assert " onclick=" not in page
    assert page.count("<script") == 1


async def test_whoever_comes_in_is_told_and_can_close_it(house):
    browser = await house.enter(
        "L", **{"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"}
    )
    assert house.told

    def payloads(tx):
        rows = sa.select(outbox.c.payload).where(outbox.c.person_id == house.people["L"][0])
        return "".join(tx.scalars(rows))

    told = await house.database.read(payloads)
    assert "Chrome, Windows" in told
    assert "u.end" in told
    assert "Xã Kín" in (await first_page(browser)).text


async def test_a_session_ends_after_twelve_hours(house):
    browser = await house.enter("L")
    house.clock.move_to(house.clock.now() + timedelta(hours=12) - timedelta(seconds=1))
    assert "Xã Kín" in (await first_page(browser)).text
    house.clock.move_to(house.clock.now() + timedelta(seconds=1))
    assert "Mã 6 số" in (await first_page(browser)).text


async def test_a_role_that_ends_ends_the_session_even_if_it_comes_back(house):
    browser = await house.enter("L")
    who, role = house.people["L"]

    def lose(tx):
        people.end_membership(tx, role.id, house.clock.now())

    def gain(tx):
        people.add_membership(tx, who, "leader", now=house.clock.now(), commune_id=role.commune_id)

    link, _ = await house.ticket("L")
    await house.write(lose)
    assert "Xã Kín" not in (await first_page(browser)).text
    await house.write(gain)
    assert "Mã 6 số" in (await first_page(browser)).text
    assert (await press(house.browser(), link)).status_code == 403


async def test_whoever_is_forgotten_is_out_at_once(house):
    browser = await house.enter("L")
    who = house.people["L"][0]
    await house.write(lambda tx: forget(tx, who, house.clock.now(), house.deployment, "button"))
    assert "Mã 6 số" in (await first_page(browser)).text
    assert (
        await house.database.read(
            lambda tx: board_sessions.open_sessions(tx, who, house.clock.now())
        )
        == []
    )


async def test_an_operator_by_setting_comes_in_and_is_forgotten_with_the_session(house):
    browser = await house.enter("W")
    assert "Xã Kín" in (await first_page(browser)).text
    who = house.people["W"][0]
    await house.write(lambda tx: forget(tx, who, house.clock.now(), house.deployment, "button"))
    assert "Mã 6 số" in (await first_page(browser)).text


async def test_closing_ends_this_browser_and_no_other(house):
    one, other = await house.enter("L"), await house.enter("L")
    page = await first_page(one)
    await one.post(f"{PUBLIC}/out", data={"token": "0" * 64})
    stolen = one.cookies.get("__Host-board")
    assert stolen is None or "Xã Kín" in page.text
    two = await house.enter("L")
    taken = two.cookies["__Host-board"]
    await two.post(f"{PUBLIC}/out", data={"token": token_in(await first_page(two))})
    thief = house.browser()
    thief.cookies.set("__Host-board", taken, domain="xa.example.vn")
    assert "Mã 6 số" in (await first_page(thief)).text
    assert "Xã Kín" in (await first_page(other)).text


async def test_a_person_has_five_sessions_at_most(house):
    browsers = [await house.enter("L") for _ in range(6)]
    assert "Mã 6 số" in (await first_page(browsers[0])).text
    for one in browsers[1:]:
        assert "Xã Kín" in (await first_page(one)).text


@pytest.mark.parametrize("letter", ["R", "y"])
async def test_whoever_only_reports_has_no_board(house, letter):
    link, _ = await house.ticket(letter)
    assert (await press(house.browser(), link)).status_code == 403


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140 Safari/537.36 Edg/140",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18 Safari/605", "Safari, Mac"),
        ("curl/8", "—"),
        ("<script>" * 500, "—"),
    ],
)
def test_a_browser_in_a_few_words(agent, said):
    assert browser_of(agent) == said
