"""Every action of every role against every other unit: nothing is touched, nothing is shown.

Two communes stand side by side; all that belongs to the second has ids from 1001 on and names
with "Kín", so whatever leaks or changes is seen at once.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from criteria.answers import Ratio
from criteria.set_file import shipped_text
from handlers import entry, stepping
from handlers.channel import Incoming, Sender
from handlers.house import House
from handlers.managing.periods import tag
from handlers.presses import pack
from handlers.reporting import counting, filling, telling_how
from handlers.status import routing as status
from storage import difficulties, invitations, people, places, reports, rounds
from storage.tables import metadata

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
HOUSE = House(ZoneInfo("Asia/Ho_Chi_Minh"), "smart_commune_bot")
SET = "phu-tho-2024"
FOREIGN = 1000
PERSONAL = {"delyes", "lang", "join"}  # they touch only the one who presses
PLACES_OF_TALK = {"conversations", "shown_messages"}
ACTIONS = sorted(
    ({*entry._ACTIONS, *filling.ACTIONS, *stepping.VIEWS, *stepping.DEEDS, *status.SCREENS}
     | {"s.home", "s.own", "s.all", "s.commune", "h.areas", "h.area"}) - PERSONAL
)  # fmt: skip
ROLES = ("reporter", "officer", "leader", "operator")
DAY = NOW.date().toordinal() + 5


def found(tx, code, name, group):
    """A commune with areas, rounds, reports, people and invitations; gives its ids by kind."""
    commune = places.add_commune(tx, code, name, group)
    mark = name.split()[-1]
    areas = [
        places.add_unit(tx, commune.id, f"k{n}", f"Khu {mark} {n}", number=n).id for n in (1, 2)
    ]
    office = places.office_of(tx, commune.id).id
    made = {"commune": [commune.id], "unit": [*areas, office], "round": [], "report": []}
    began = NOW - timedelta(days=40)
    for title, start in (("Kỳ cũ", began), ("Kỳ này", NOW - timedelta(days=3))):
        round_ = rounds.open_round(
            tx, commune.id, f"{title} {mark}", SET, shipped_text(SET), None, start,
            start + timedelta(days=10), start + timedelta(days=15), start,
        )  # fmt: skip
        made["round"].append(round_.id)
        for unit in made["unit"]:
            report = reports.start_report(tx, round_.id, unit, start)
            code = "HT1" if unit != office else "HT2"
            reports.put_answer(tx, report, code, Ratio(3, 4), by=None, way="command", now=start)
            made["report"].append(report.id)
        if title == "Kỳ cũ":
            rounds.close_round(tx, round_.id, NOW - timedelta(days=20))
    made["difficulty"] = [
        difficulties.raise_difficulty(
            tx, commune_id=commune.id, round_id=made["round"][1], unit_id=areas[0],
            text=f"mất sóng {mark}", by=None, now=NOW,
        )
    ]  # fmt: skip
    made["member"], made["person"] = [], []
    for place, role in enumerate(("reporter", "reporter", "officer", "officer", "leader")):
        somebody = people.add_person(
            tx, channel="telegram", address=f"{code}-{mark}-{place}", name=f"Người {mark} {place}",
            handle=None, language="vi", consent_version="1", now=NOW,
        )  # fmt: skip
        where = {"unit_id": areas[place]} if role == "reporter" else {"commune_id": commune.id}
        made["member"].append(people.add_membership(tx, somebody.id, role, now=NOW, **where).id)
        made["person"].append(somebody.id)
    made["invitation"] = [
        invitations.create_invitation(
            tx, "reporter", now=NOW, expires_at=NOW + timedelta(days=9), commune_id=commune.id,
            unit_id=areas[0],
        )[0].id
    ]  # fmt: skip
    return made


@pytest.fixture(scope="module")
def world():
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    metadata.create_all(engine)
    with engine.connect() as tx:
        mine = found(tx, "ta", "Xã Ta", "Nhóm Ta")
        operator = people.add_person(
            tx, channel="telegram", address="operator", name="Sở", handle=None, language="vi",
            consent_version="1", now=NOW,
        )  # fmt: skip
        people.add_membership(tx, operator.id, "operator", now=NOW, group_name="Nhóm Ta")
        with_gap(tx)
        theirs = found(tx, "kin", "Xã Kín", "Nhóm Kín")
        for table in metadata.sorted_tables:
            if "id" in table.c:
                tx.execute(sa.delete(table).where(table.c.id == FOREIGN))
        assert min(number for some in theirs.values() for number in some) > FOREIGN
        tx.commit()
        yield tx, mine, theirs
    engine.dispose()


def with_gap(tx):
    """Have the ids of every table go on from 1001."""
    tx.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
    for table in metadata.sorted_tables:
        if "id" not in table.c:
            continue
        values = {
            c.name: FOREIGN if c.primary_key or c.foreign_keys else filler(c)
            for c in table.c
            if not c.nullable
        }
        tx.execute(sa.insert(table), values)
    tx.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")


def filler(column):
    kind = column.type.python_type if not hasattr(column.type, "impl_instance") else None
    if kind is str:
        return f"x-{column.name}"
    return {"Instant": NOW, "Flag": False}.get(type(column.type).__name__, 1)


def who(mine, role):
    """The address of somebody in this role in the first commune."""
    place = {"reporter": 0, "officer": 2, "leader": 4}.get(role)
    return "operator" if place is None else place


def press(tx, address, action, *arguments):
    incoming = Incoming(Sender("telegram", address, "x"), "press", data=pack(action, *arguments),
                        message="1")  # fmt: skip
    reply = entry.handle(tx, incoming, NOW, HOUSE)
    words = [reply.toast or ""]
    for one in reply.shown:
        words.append(one.screen.text)
        words += [button.label for row in one.screen.rows for button in row]
    return "\n".join(words)


def held(tx, only=lambda row: True):
    """All rows there are, but for where people stand in the conversation."""
    raw = tx.connection.driver_connection
    return {
        table.name: [row for row in raw.execute(f'SELECT * FROM "{table.name}"') if only(row)]
        for table in metadata.sorted_tables
        if table.name not in PLACES_OF_TALK
    }


def address(tx, mine, role):
    place = who(mine, role)
    if isinstance(place, str):
        return place
    return people.person(tx, mine["person"][place]).address


def tails(numbers, units):
    """What may stand behind the first argument of a button."""
    yield ()
    for number in numbers:
        yield (number,)
    for kind in ("v", "t", "r"):
        for unit in units:
            yield (kind, unit, 1, 30)
    yield ("o", 0, 1, 30)
    yield ("HT1", 1)
    yield ("KT3",)
    yield (DAY, DAY + 3, 1)
    yield (0, DAY, 1)
    yield (3,)
    yield (tag(SET), DAY, DAY + 3, 1)


@pytest.mark.parametrize("role", ROLES)
def test_nothing_of_another_commune_is_touched_or_shown(world, role):
    tx, mine, theirs = world
    me = address(tx, mine, role)
    numbers = one_of_each(theirs)
    before = held(tx)
    for action in ACTIONS:
        for first in numbers:
            for tail in tails([theirs["unit"][0], theirs["person"][0]], theirs["unit"][:1]):
                seen = press(tx, me, action, first, *tail)
                assert "Kín" not in seen, (action, first, tail, seen)
        assert held(tx) == before, action
    tx.rollback()


@pytest.mark.parametrize("role", ROLES)
def test_ones_own_button_carrying_anothers_number(world, role):
    tx, mine, theirs = world
    me = address(tx, mine, role)
    foreign = lambda row: any(isinstance(v, int) and FOREIGN < v < 2 * FOREIGN for v in row)  # noqa: E731
    before = held(tx, foreign)
    own = one_of_each(mine)
    for action in ACTIONS:
        for first in dict.fromkeys(own):
            for tail in tails([theirs["unit"][0], theirs["person"][0]], theirs["unit"][:1]):
                if not any(isinstance(one, int) and FOREIGN < one < 2 * FOREIGN for one in tail):
                    continue
                inner = tx.begin_nested()
                seen = press(tx, me, action, first, *tail)
                assert "Kín" not in seen, (action, first, tail, seen)
                inner.rollback()
        assert held(tx, foreign) == before, action
    tx.rollback()


@pytest.mark.parametrize("role", ["reporter", "leader", "operator"])
def test_only_officers_change_anything_of_their_commune(world, role):
    tx, mine, _ = world
    me = address(tx, mine, role)
    place = who(mine, role)
    kept = {kind: list(some) for kind, some in mine.items()}
    if role == "reporter":  # what is one's own may be changed
        own_reports = {reports.report_of(tx, one, mine["unit"][0]).id for one in mine["round"]}
        kept["unit"] = mine["unit"][1:]
        kept["report"] = [one for one in mine["report"] if one not in own_reports]
    if not isinstance(place, str):
        kept["member"] = [one for one in mine["member"] if one != mine["member"][place]]
    before = held(tx)
    of_a_report = {*filling.ACTIONS, *counting.STEPS.deeds, *telling_how.STEPS.deeds}
    takes = {"m.leavey": "member", **dict.fromkeys(of_a_report, "report"), "c.open": "round"}
    for action in ACTIONS:
        if role == "operator" and action == "o.make":
            continue  # the first invitation is theirs to make
        kinds = [takes[action]] if action in takes else list(kept)
        numbers = [number for kind in kinds for number in kept[kind]]
        for first in dict.fromkeys(numbers):
            for tail in tails([kept["unit"][0], kept["person"][-1]], kept["unit"][:1]):
                if action == "pick" and tail[:1] == (mine["unit"][0],):
                    continue
                press(tx, me, action, first, *tail)
        assert held(tx) == before, action
    tx.rollback()


def test_the_same_walk_does_change_things_for_the_officer(world):
    tx, mine, _ = world
    me = address(tx, mine, "officer")
    before = held(tx)
    expected = {
        "m.toy",
        "m.dropy",
        "m.swapy",
        "m.imake",
        "m.irevy",
        "m.rclosey",
        "m.rmovey",
        "d.up",
        "d.done",
    }
    for action in sorted(expected):
        assert any(
            changes(tx, me, before, action, first, *tail)
            for some in mine.values()
            for first in some
            for tail in tails([mine["unit"][1], mine["person"][0]], mine["unit"][1:2])
        ), action
    tx.rollback()


def changes(tx, me, before, action, *arguments):
    """Whether a press changes anything; it is taken back."""
    inner = tx.begin_nested()
    press(tx, me, action, *arguments)
    after = held(tx)
    inner.rollback()
    return after != before


def one_of_each(ids):
    """One id of every kind, and the office's unit."""
    return [*(some[0] for some in ids.values()), ids["unit"][-1]]
