"""Any order of taps, visits and undos gives the same sum as a plain list of them."""

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from criteria.counting import House, Tally
from storage.engine.database import Database
from storage.reports import counting, reports
from tests.storage.sample import NOW, sample

HOUSES = st.sampled_from(["1", "2"])
STEPS = st.lists(
    st.tuples(
        st.booleans(),  # which of two members
        st.one_of(
            st.tuples(st.just("tap"), st.integers(0, 2), st.integers(0, 2)),
            st.tuples(st.just("house"), HOUSES),
            st.tuples(st.just("leave")),
            st.tuples(st.just("back")),
        ),
    ),
    max_size=16,
)


def play(tx: Connection, steps: list[tuple]) -> tuple[Tally, Tally]:
    """The sum by the database, and the sum of a list of all valid taps."""
    s = sample(tx, areas=1)
    report = reports.start_report(tx, s.round.id, s.areas[0].id, NOW)
    at: dict[int, counting.Visit | None] = {}
    stands: list[tuple[int, counting.Visit | None, Tally]] = []
    for number, (second, (does, *more)) in enumerate(steps):
        who = (s.other if second else s.person).id
        about = {"by": who, "now": NOW, "update_id": number}
        if does == "tap":
            tally = Tally(*more)
            for _ in range(2):  # the same update twice
                counting.tap(tx, report, "HT1", tally, visit=at.get(who), **about)
            stands.append((who, at.get(who), tally))
        elif does == "house":
            at[who] = counting.begin_visit(tx, report, "HT1", House(*more), by=who, now=NOW)
        elif does == "leave":
            at[who] = None
        else:
            mine = [one for one in stands if one[0] == who]
            back = counting.take_back(tx, report, "HT1", **about)
            assert back == (mine[-1][2] if mine else None)
            if mine:
                stands.reverse()
                stands.remove(mine[-1])
                stands.reverse()
    whole = Tally()
    newest = {
        visit.house: visit.id
        for visit in sorted((v for _, v, _ in stands if v), key=lambda v: v.id)
        if sum(t.total for _, v, t in stands if v == visit)
    }
    for _, visit, tally in stands:
        if visit is None or newest.get(visit.house) == visit.id:
            whole += tally
    return counting.count_of(tx, report.id, "HT1"), whole


async def test_the_sum_counts_only_valid_taps(database: Database) -> None:
    def work(tx: Connection) -> None:
        @settings(max_examples=80, deadline=None)
        @given(STEPS)
        def any_order(steps: list[tuple]) -> None:
            inner = tx.begin_nested()
            counted, expected = play(tx, steps)
            inner.rollback()
            assert counted == expected

        any_order()

    await database.write(work)


async def test_a_visit_belongs_to_its_count(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx, areas=2)
        first, second = (reports.start_report(tx, s.round.id, area.id, NOW) for area in s.areas[:2])
        visit = counting.begin_visit(tx, first, "HT1", House("5"), by=s.person.id, now=NOW)
        assert counting.visit_of(tx, first.id, "HT1", visit.id) == visit
        assert counting.visit_of(tx, second.id, "HT1", visit.id) is None
        assert counting.visit_of(tx, first.id, "KT1", visit.id) is None

    await database.write(work)
