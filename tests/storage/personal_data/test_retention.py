"""A round that closed long ago keeps its figures; its people and their texts are erased."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from criteria.answers import Ratio, YesNo
from criteria.counting import House, Tally
from criteria.sets.set_file import parse_criteria, shipped_text
from storage import history
from storage.column_types import FreeTextType
from storage.conversations import conversations
from storage.difficulties import difficulties
from storage.evidence import evidence
from storage.masking import MASK
from storage.messages import notices
from storage.personal_data import retention, withdrawal
from storage.personal_data.free_texts import TEXTS
from storage.reports import counting, reports
from storage.results import confirmations, current_facts, deadline_results, word_drafts
from storage.rounds import rounds
from storage.tables import history as history_table
from storage.tables import maskings, metadata, mutes, people
from storage.tables import reports as reports_table
from storage.tables import rounds as rounds_table
from tests.storage.sample import CRITERIA, DAY, NOW, open_round, sample

LATER = NOW + 3650 * DAY
SAID = "vì mất sóng ở đầu khu"
CRITERIA_SET = parse_criteria(shipped_text(CRITERIA), "the shipped set")
SWEPT_BY_AGE = {"outbox", "conversations", "written", "evenings"}
MOST = 40  # statements in one transaction


def old_round(tx):
    """A closed round with every action that stores a name or a text."""
    made = sample(tx)
    round_, area, me, officer = made.round, made.areas[0].id, made.person.id, made.other.id
    report = reports.start_report(tx, round_.id, area, NOW)
    ours = {"by": me, "now": NOW}
    for number in range(250):
        answer = Ratio(number, 400)
        reports.put_answer(tx, report, "HT1", answer, way="text", **ours)
    reports.put_answer(tx, report, "CQ3", YesNo(True), way="button", **ours)
    visit = counting.begin_visit(tx, report, "HT1", House("12A"), **ours)
    counting.tap(tx, report, "HT1", Tally(2, 1), visit=visit, update_id=1, **ours)
    counting.take_back(tx, report, "HT1", update_id=2, **ours)
    piece = evidence.add_attachment(
        tx, report, "CQ3", kind="photo", reference="x", name="nhà bà Tư.jpg", media_type=None,
        size=1, **ours,
    )  # fmt: skip
    evidence.fetched(tx, piece, "evidence/aa.jpg", 1)
    evidence.add_link(tx, report, evidence.WHOLE_REPORT, "https://x.test/tu", **ours)
    report = reports.send_report(tx, report, deadline=round_.deadline, **ours)
    conversations.remember_shown(tx, me, "telegram", retention.RECEIPT.format(report.id), "7")
    reports.return_report(tx, report, ["HT1"], SAID, by=officer, now=NOW)
    confirmations.confirm(tx, round_, "CQ3", answer=True, reason=SAID, by=officer, now=NOW)
    raised = difficulties.raise_difficulty(
        tx, commune_id=made.commune.id, round_id=round_.id, unit_id=area, indicator="HT1",
        text=SAID, photo="AgAC", way="button", **ours,
    )  # fmt: skip
    difficulties.answer(
        tx, difficulties.difficulty_by_id(tx, raised), SAID, by=officer, now=NOW, way="button"
    )
    difficulties.raise_difficulty(
        tx, commune_id=made.commune.id, round_id=None, unit_id=area, indicator=None,
        text=SAID, photo=None, way="button", **ours,
    )  # fmt: skip
    for commune_id in (made.commune.id, None):
        notices.write_notice(
            tx, "all", SAID, NOW, by=officer, commune_id=commune_id, unit_id=None, count=1
        )
    deadline_results.store(
        tx, round_, {"met": 3, "confirmed_by_office": {"answer": True, "reason": SAID}}
    )
    word_drafts.store_document(tx, round_.id, SAID)
    tx.execute(sa.insert(mutes).values(person_id=me, round_id=round_.id, at=NOW))
    rounds.reopen_round(tx, round_.id, SAID, NOW + DAY, NOW, unit_id=area, by=officer)
    rounds.close_round(tx, round_.id, NOW, by=officer)
    rounds.reopen_round(tx, round_.id, SAID, NOW + DAY, NOW, by=officer)
    rounds.close_round(tx, round_.id, NOW + DAY)
    return made


def erase_all(tx, before=LATER):
    """Erase as the job does, but in one transaction; give how many statements a part took."""
    parts = [0]

    def count(*_args):
        parts[-1] += 1

    sa.event.listen(tx, "before_cursor_execute", count)
    while due := retention.rounds_past(tx, before):
        parts.append(0)
        retention.erase_some(tx, due[0], LATER)
    while due := retention.communes_past(tx, before):
        parts.append(0)
        retention.erase_some_of_commune(tx, due[0], before, LATER)
    return parts


def of_rounds():
    """Each table whose rows belong to a round, with the condition that finds them."""
    reports_of = sa.select(reports_table.c.id).where(
        reports_table.c.round_id == sa.bindparam("of_round")
    )
    for table in metadata.sorted_tables:
        if table is rounds_table or table.name in SWEPT_BY_AGE:
            continue
        if "round_id" in table.c:
            yield table, table.c.round_id == sa.bindparam("of_round")
        elif "report_id" in table.c:
            yield table, table.c.report_id.in_(reports_of)


def people_in(tx, round_id):
    """The columns that name a person in some row of the round."""
    found = set()
    for table, where in of_rounds():
        named = [
            column for column in table.c
            if any(key.column is people.c.id for key in column.foreign_keys)
        ]  # fmt: skip
        for column in named:
            some = sa.select(sa.func.count()).select_from(table).where(where, column.is_not(None))
            if tx.scalar(some, {"of_round": round_id}):
                found.add(str(column))
    return found


def texts_in(tx):
    """Every text of people, of any round."""
    found = set()
    for one in TEXTS:
        if isinstance(one.column.type, FreeTextType):
            found |= {f"{one.column}: {text}" for text in tx.scalars(sa.select(one.column)) if text}
    for row in tx.execute(sa.select(history_table.c.old, history_table.c.new)):
        for text in filter(None, row):
            kept = json.loads(text)
            found |= {f"history: {kept[name]}" for name in ("note", "reason") if kept.get(name)}
    return {one for one in found if not one.endswith(MASK)}


async def test_people_and_texts_are_erased_and_figures_stay(database):
    made = await database.write(old_round)
    round_id, area = made.round.id, made.areas[0].id

    def figures(tx):
        round_ = rounds.known_round(tx, round_id)
        facts = current_facts.round_facts(tx, round_, CRITERIA_SET)
        kept = deadline_results.stored(tx, round_)
        return facts.counted, facts.expected, (kept or {}).get("met"), round_.deadline

    def changes(tx):
        return [
            (one.id, one.at, one.what, one.way, one.indicator, (one.new or {}).get("numerator"))
            for one in history.history_of_round(tx, round_id)
        ]

    before = await database.read(figures), await database.read(changes)
    assert {"answers.given_by", "history.person_id", "evidence.given_by", "mutes.person_id",
            "confirmations.given_by", "difficulties.raised_by", "count_taps.given_by"} <= (
        await database.read(lambda tx: people_in(tx, round_id))
    )  # fmt: skip
    assert len(await database.read(texts_in)) > 6
    parts = await database.write(erase_all)
    assert len(parts) > 3
    assert max(parts) <= MOST
    assert await database.read(lambda tx: people_in(tx, round_id)) == set()
    assert await database.read(texts_in) == set()
    assert await database.read(figures) == before[0]
    stay = await database.read(changes)
    assert stay[: len(before[1])] == before[1]
    assert {(one[2], one[3]) for one in stay[len(before[1]) :]} == {("evidence", "clock")}

    def rest(tx):
        report = reports.report_of(tx, round_id, area)
        receipt = retention.RECEIPT.format(report.id)
        assert conversations.shown_message(tx, made.person.id, "telegram", receipt) is None
        assert counting.parts_of(tx, report.id, "HT1") == []
        assert [path for _, path in evidence.files_to_delete(tx)] == ["evidence/aa.jpg"]
        assert evidence.evidence_of(tx, report.id) == []
        entries = history.history_of_round(tx, round_id)
        assert {one.name for one in entries} == {None}
        assert {one.erased for one in entries if one.what == "answer"} == {True}
        assert retention.counts(tx, LATER) == (1, 0)
        # A person who is forgotten later does not need the erased rows.
        withdrawal.forget(tx, made.person.id, LATER)

    await database.write(rest)


async def test_only_rounds_closed_before_that_time_lose_their_people(database):
    def work(tx):
        made = sample(tx)
        closed = made.round
        rounds.close_round(tx, closed.id, NOW)
        later = open_round(tx, made.commune.id, "Sau", NOW)  # open
        second = timedelta(seconds=1)
        assert retention.rounds_past(tx, NOW) == []
        assert retention.rounds_past(tx, NOW + second) == [closed.id]
        rounds.reopen_round(tx, closed.id, "xem lại", NOW + DAY, NOW, unit_id=made.areas[0].id)
        assert retention.rounds_past(tx, NOW + DAY) == []
        assert retention.rounds_past(tx, NOW + DAY + second) == [closed.id]
        assert retention.rounds_past(tx, LATER) == [closed.id]
        rounds.cancel_round(tx, later.id, "nhầm", NOW)
        assert retention.counts(tx, LATER) == (0, 2)
        erase_all(tx)
        assert retention.counts(tx, LATER) == (2, 0)
        # After a reopening, later texts are erased in turn.
        rounds.reopen_round(tx, closed.id, "xem lại", LATER + DAY, LATER, by=made.person.id)
        assert retention.rounds_past(tx, LATER + 9 * DAY) == []
        rounds.close_round(tx, closed.id, LATER + DAY)
        erase_all(tx, LATER + 9 * DAY)
        assert people_in(tx, closed.id) == set()

    await database.write(work)


@pytest.mark.parametrize(
    ("noted", "change"),
    [
        (False, {"person_id": None}),
        ("person", {"person_id": None}),
        (True, {"person_id": 2}),
        (True, {"person_id": None, "what": "x"}),
        (True, {"person_id": None, "new": '{"v": 1}'}),
    ],
)
async def test_a_person_is_removed_from_the_history_only_by_a_masking_without_a_person(
    database, noted, change
):
    made = await database.write(old_round)
    answer = sa.select(history_table.c.id).where(history_table.c.what == "answer").limit(1)

    def work(tx):
        number = tx.scalar(answer)
        if noted:
            whose = made.person.id if noted == "person" else None
            tx.execute(sa.insert(maskings).values(history_id=number, person_id=whose, at=LATER))
        tx.execute(sa.update(history_table).where(history_table.c.id == number).values(change))

    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        await database.write(work)
