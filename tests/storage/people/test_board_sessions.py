"""Tickets that let somebody into the board once, and what they opened."""

from datetime import timedelta

import sqlalchemy as sa

from storage.engine.database import Database
from storage.people import board_sessions, people
from storage.people.board_sessions import MOST_SESSIONS, SESSION_LASTS, TICKET_LASTS
from storage.people.code_expiry import CLOCKS_DIFFER
from storage.tables import board_sessions as sessions
from storage.tables import board_tickets as tickets
from tests.storage.sample import DAY, NOW, person, sample

SECOND = timedelta(seconds=1)


async def test_a_ticket_opens_once_by_link_or_by_code(database: Database) -> None:
    def work(tx) -> None:
        lan, tu = person(tx, "1").id, person(tx, "2").id
        end = NOW + TICKET_LASTS
        assert board_sessions.add_ticket(tx, lan, "link-1", "code-1", NOW)
        assert not board_sessions.add_ticket(tx, tu, "link-2", "code-1", NOW)
        assert board_sessions.add_ticket(tx, tu, "link-2", "code-2", NOW)
        assert board_sessions.redeem_link(tx, "link-9", NOW) is None
        assert board_sessions.redeem_link(tx, "code-1", NOW) is None
        assert board_sessions.redeem_link(tx, "link-1", end - SECOND) == lan
        assert board_sessions.redeem_code(tx, "code-1", NOW) is None
        assert board_sessions.redeem_code(tx, "link-2", NOW) is None
        assert board_sessions.redeem_code(tx, "code-2", end) is None
        assert board_sessions.redeem_code(tx, "code-2", end - SECOND) == tu
        assert board_sessions.redeem_link(tx, "link-2", NOW) is None

    await database.write(work)


async def test_a_new_ticket_ends_the_person_s_earlier_one_and_all_that_are_over(database) -> None:
    def work(tx) -> None:
        lan, tu, mai = (person(tx, one).id for one in "123")
        board_sessions.add_ticket(tx, tu, "link-1", "code-1", NOW)
        board_sessions.add_ticket(tx, lan, "link-2", "code-2", NOW + SECOND)
        later = NOW + TICKET_LASTS
        board_sessions.add_ticket(tx, mai, "link-3", "code-1", later)
        board_sessions.add_ticket(tx, lan, "link-4", "code-4", later)
        left = tx.scalars(sa.select(tickets.c.link_hash).order_by(tickets.c.id)).all()
        assert left == ["link-3", "link-4"]

    await database.write(work)


async def test_a_session_lasts_twelve_hours_and_the_oldest_above_five_ends(database) -> None:
    def work(tx) -> None:
        lan, tu = person(tx, "1").id, person(tx, "2").id
        board_sessions.open_session(tx, tu, "other", "Edge", NOW)
        for number in range(MOST_SESSIONS):
            board_sessions.open_session(tx, lan, f"c{number}", "Chrome", NOW + number * SECOND)
        names = [one.browser for one in board_sessions.open_sessions(tx, lan, NOW)]
        assert names == ["Chrome"] * MOST_SESSIONS
        made = board_sessions.open_session(tx, lan, "c9", "Firefox, Mac", NOW + 9 * SECOND)
        assert board_sessions.session(tx, "c0", NOW + 9 * SECOND) is None
        assert board_sessions.session(tx, "c1", NOW + 9 * SECOND) is not None
        found = board_sessions.session(tx, "c9", NOW + 9 * SECOND)
        assert (found.id, found.person_id, found.browser) == (made, lan, "Firefox, Mac")
        end = found.opened_at + SESSION_LASTS
        assert found.expires_at == end
        assert board_sessions.session(tx, "c9", end - SECOND) == found
        assert board_sessions.session(tx, "c9", end) is None
        assert board_sessions.session(tx, "nobody", NOW) is None
        assert [one.id for one in board_sessions.open_sessions(tx, lan, end - SECOND)] == [made]
        assert board_sessions.open_sessions(tx, lan, end) == []
        assert len(board_sessions.open_sessions(tx, tu, NOW)) == 1

    await database.write(work)


async def test_sessions_end_one_by_one_with_the_person_and_with_the_role(database) -> None:
    def work(tx) -> None:
        s = sample(tx)
        lan, tu = s.person.id, s.other.id
        first, second = (board_sessions.open_session(tx, lan, one, "Edge", NOW) for one in "ab")
        other = board_sessions.open_session(tx, tu, "c", "Edge", NOW)
        board_sessions.end(tx, [])
        board_sessions.end(tx, [first])
        assert [one.id for one in board_sessions.open_sessions(tx, lan, NOW)] == [second]
        board_sessions.add_ticket(tx, lan, "link", "code", NOW)
        board_sessions.add_ticket(tx, tu, "link-2", "code-2", NOW)
        board_sessions.end_all(tx, lan)
        assert board_sessions.open_sessions(tx, lan, NOW) == []
        assert board_sessions.redeem_link(tx, "link", NOW) is None
        role = people.add_membership(tx, lan, "officer", commune_id=s.commune.id, now=NOW)
        board_sessions.open_session(tx, lan, "d", "Edge", NOW)
        board_sessions.add_ticket(tx, lan, "link", "code", NOW)
        board_sessions.end_by_role(tx, role.id)
        assert board_sessions.open_sessions(tx, lan, NOW) == []
        assert board_sessions.redeem_link(tx, "link", NOW) is None
        assert [one.id for one in board_sessions.open_sessions(tx, tu, NOW)] == [other]
        assert board_sessions.redeem_link(tx, "link-2", NOW) == tu

    await database.write(work)


async def test_what_a_clock_that_was_weeks_ahead_made_is_void(database: Database) -> None:
    def work(tx) -> None:
        lan, ahead = person(tx, "1").id, NOW + 45 * DAY
        board_sessions.add_ticket(tx, lan, "link", "code", ahead)
        board_sessions.open_session(tx, lan, "cookie", "Edge", ahead)
        assert board_sessions.session(tx, "cookie", ahead) is not None
        assert board_sessions.session(tx, "cookie", NOW) is None
        assert board_sessions.redeem_code(tx, "code", NOW) is None
        assert board_sessions.redeem_code(tx, "code", ahead - CLOCKS_DIFFER) == lan
        assert board_sessions.session(tx, "cookie", ahead - CLOCKS_DIFFER) is not None
        assert board_sessions.session(tx, "cookie", ahead - CLOCKS_DIFFER - SECOND) is None

    await database.write(work)


async def test_what_is_over_is_deleted_and_nothing_else(database: Database) -> None:
    def work(tx) -> None:
        lan, tu, mai, nam = (person(tx, one).id for one in "1234")
        for who, at in ((lan, NOW - TICKET_LASTS), (tu, NOW), (mai, NOW + 45 * DAY)):
            values = {"person_id": who, "link_hash": f"l{who}", "code_hash": f"c{who}"}
            tx.execute(sa.insert(tickets).values(**values, expires_at=at + TICKET_LASTS))
        for who, at in ((lan, NOW - SESSION_LASTS), (tu, NOW), (nam, NOW + 45 * DAY)):
            board_sessions.open_session(tx, who, f"cookie {who}", "Edge", at)
        board_sessions.drop_expired(tx, NOW)
        assert tx.scalars(sa.select(tickets.c.person_id)).all() == [tu]
        assert tx.scalars(sa.select(sessions.c.person_id)).all() == [tu]

    await database.write(work)
