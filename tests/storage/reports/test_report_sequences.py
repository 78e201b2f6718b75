"""Any order of answering, undoing, sending, returning and accepting keeps the invariants."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from criteria.answers import Ratio, Value, YesNo
from storage.engine.schema_upgrade import migrate
from storage.engine.sqlite import core_engine, open_raw
from storage.reports import reports
from storage.results import current_facts
from storage.results.earlier_facts import past_round
from tests.storage.sample import NOW, sample

VALUES = st.one_of(
    st.none(), st.builds(lambda n: Ratio(n, 3), st.integers(0, 3)), st.builds(YesNo, st.booleans())
)
CODES = st.sampled_from(["HT1", "CQ3"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), CODES, VALUES, st.booleans()),
        st.tuples(st.just("office"), CODES, VALUES),
        st.tuples(st.just("undo"), st.booleans()),
        st.tuples(st.just("clear"), CODES),
        st.tuples(st.just("send")),
        st.tuples(st.just("accept")),
        st.tuples(st.just("return"), st.sets(CODES)),
    ),
    max_size=14,
)


def play(tx: Connection, steps: list[tuple]) -> None:  # noqa: C901 - one case for each step
    s = sample(tx, areas=1)
    now = NOW
    draft = reports.start_report(tx, s.round.id, s.areas[0].id, now)
    held: set[str] = set()
    named: set[str] = set()  # by the present return
    sent = False
    for step in steps:
        now += timedelta(minutes=1)
        report = reports.report_by_id(tx, draft.id)
        before = reports.answers_of(tx, draft.id)
        match step:
            case ("put", code, value, other):
                by = s.other.id if other else s.person.id
                changed = reports.put_answer(tx, report, code, value, by=by, way="text", now=now)
                assert changed == (code not in before or before[code].value != value)
                if code not in before and code in named:
                    held.add(code)
                if changed:
                    last = reports.last_change(tx, draft.id, by)
                    assert (last.indicator, last.new) == (code, value)
                    assert last.first == (code not in before)
            case ("office", code, value):
                reports.put_answer(tx, report, code, value, by=s.other.id, way="office", now=now)
                held.discard(code)
            case ("undo", other):
                by = s.other.id if other else s.person.id
                expected = reports.last_change(tx, draft.id, by)
                done = reports.undo(tx, report, by=by, now=now)
                assert done == (None if expected and expected.overtaken else expected)
                if done is not None:
                    after = reports.answers_of(tx, draft.id).get(done.indicator)
                    assert (after is None) == done.first
                    assert after is None or after.value == done.old
                    if done.first:
                        held.discard(done.indicator)
            case ("clear", code):
                reports.clear_answer(tx, report, code, by=s.person.id, way="text", now=now)
                held.discard(code)
            case ("send",):
                reports.send_report(tx, report, by=None, now=now, deadline=s.round.deadline)
                if report.state in {"draft", "returned"}:
                    held, named, sent = set(), set(), True
            case ("accept",):
                reports.accept_report(tx, report, by=None, now=now)
            case ("return", codes):
                reports.return_report(tx, report, sorted(codes), "x", by=None, now=now)
                if report.state in {"sent", "accepted"}:
                    held |= codes & set(before)
                    named = codes
        check(tx, s.round.id, s.areas[0].id, draft.id, held, sent)
        assert past_round(tx, s.round.id, now).counted == current_facts.counted_values(
            tx, s.round.id
        )


def check(
    tx: Connection, round_id: int, unit: int, report: int, held: set[str], sent: bool
) -> None:
    expected: dict[tuple[int, str], Value] = {}
    for code, answer in reports.answers_of(tx, report).items():
        assert answer.held == (code in held)
        assert not answer.returned or answer.held
        if sent and code not in held and answer.value is not None:
            expected[unit, code] = answer.value
    assert current_facts.counted_values(tx, round_id) == expected


@pytest.fixture(scope="module")
def tx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    path = tmp_path_factory.mktemp("sequences") / "smart.db"
    migrate(f"sqlite+aiosqlite:///{path}")
    raw = open_raw(path, ("synchronous=OFF", "foreign_keys=ON"), 5)
    with contextlib.closing(raw), core_engine(raw, "BEGIN IMMEDIATE").connect() as connection:
        yield connection


@settings(max_examples=150, deadline=None)
@given(steps=STEPS)
def test_the_counted_answers_follow_from_the_steps(tx: Connection, steps: list[tuple]) -> None:
    with tx.begin() as begun:
        play(tx, steps)
        begun.rollback()
